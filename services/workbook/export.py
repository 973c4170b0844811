"""Writes the whole county back out, so that loading the file again changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from models.enterprise import Enterprise
from models.estate import Estate
from models.grid import Grid
from models.group import CustomerGroup
from models.indicator import Indicator, IndicatorValue
from models.kf import KfAccount
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Absence, Person, PersonRole, Role
from models.plan import Plan, PlanPart
from models.unit import Unit
from services.workbook.export_ticket import category_rows, duty_rows, route_rows, rung_rows
from services.workbook.write import CountyWriter

Record = dict[str, Any]
BATCH = 5_000


def export_county(session: Session, path: Path) -> None:
    """Writes every sheet of the county to `path`, with what is approved and not called off."""
    county = _County(session)
    with CountyWriter(path) as book:
        book.fill("单位", county.units())
        book.fill("人员", county.people())
        book.fill("周期", county.periods())
        book.fill("目标", county.key_results())
        book.fill("指标", county.indicators())
        book.fill("网格", county.grids())
        book.fill("企业", county.enterprises())
        book.fill("小区", county.estates())
        book.fill("客服账号", county.kf_accounts())
        book.fill("客户群", county.groups())
        book.fill("假勤", county.absences())
        book.fill("考核方案", county.plan_parts())
        book.fill("指标数据", county.values())
        book.fill("诉求类别", category_rows(session))
        book.fill("派单规则", county.routes())
        book.fill("催办阶梯", rung_rows(session))
        book.fill("值班领导", county.duty())


class _County:
    """The rows of each sheet, in a fixed order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._units = self._names(Unit, "code")
        self._accounts = self._names(Person, "account")
        self._grids = self._names(Grid, "code")

    def _names(self, model: type[SQLModel], column: str) -> dict[int | None, str]:
        table = SQLModel.metadata.tables[str(model.__tablename__)]
        return {row[0]: row[1] for row in self._session.execute(select(table.c.id, table.c[column]))}

    def _rows(self, query: Any) -> Iterator[Any]:
        yield from self._session.execute(query.execution_options(yield_per=BATCH))

    def units(self) -> Iterator[Record]:
        for (unit,) in self._rows(select(Unit).order_by(col(Unit.code))):
            yield {
                "编号": unit.code,
                "名称": unit.name,
                "上级编号": self._units.get(unit.parent_id),
                "类别": unit.category,
                "群聊ID": unit.chat_id,
            }

    def people(self) -> Iterator[Record]:
        roles: dict[int, set[Role]] = {}
        for (held,) in self._rows(select(PersonRole)):
            roles.setdefault(held.person_id, set()).add(held.role)
        for (person,) in self._rows(select(Person).order_by(col(Person.account_key))):
            yield {
                "账号": person.account,
                "姓名": person.name,
                "单位编号": self._units[person.unit_id],
                "职级": person.rank,
                "跑道": person.track,
                "角色": [role.value for role in Role if role in roles.get(person.id, {Role.MEMBER})],
            }

    def periods(self) -> Iterator[Record]:
        for (period,) in self._rows(select(Period).order_by(col(Period.starts_on), col(Period.code))):
            yield {
                "编号": period.code,
                "名称": period.name,
                "开始": period.starts_on,
                "结束": period.ends_on,
                "制定截止": period.setting_due_on,
                "复盘截止": period.review_due_on,
                "公布日": period.publish_on,
            }

    def key_results(self) -> Iterator[Record]:
        """By owner and number: read again in this order, the numbers come out the same."""
        query = (
            select(KeyResult, Objective, Period)
            .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
            .join(Period, col(Period.id) == col(Objective.period_id))
            .where(col(Objective.state) == ObjectiveState.APPROVED)
            .order_by(
                col(Period.starts_on),
                col(Period.code),
                col(Objective.unit_id),
                col(Objective.person_id),
                col(KeyResult.number),
            )
        )
        for key_result, objective, period in self._rows(query):
            yield {
                "周期": period.code,
                "账号": self._accounts.get(objective.person_id),
                "单位编号": self._units.get(objective.unit_id),
                "目标序号": objective.position,
                "目标": objective.title,
                "目标权重": objective.weight,
                "关键结果序号": key_result.position,
                "关键结果": key_result.title,
                "起始值": key_result.start,
                "目标值": key_result.target,
                "计量单位": key_result.unit,
                "权重": key_result.weight,
                "来源": key_result.source,
            }

    def indicators(self) -> Iterator[Record]:
        for (indicator,) in self._rows(select(Indicator).order_by(col(Indicator.code))):
            yield {
                "编号": indicator.code,
                "名称": indicator.name,
                "类型": indicator.kind,
                "分类": indicator.category,
                "满分": indicator.full_marks,
                "目标值": indicator.target,
                "公式": indicator.formula,
                "参数": indicator.parameters,
                "来源": indicator.source,
                "责任人账号": self._accounts.get(indicator.owner_id),
                "适用": indicator.applies_to,
            }

    def grids(self) -> Iterator[Record]:
        for (grid,) in self._rows(select(Grid).order_by(col(Grid.code))):
            yield {
                "编号": grid.code,
                "名称": grid.name,
                "上级编号": self._grids.get(grid.parent_id),
                "类型": grid.kind,
                "联系人账号": self._accounts.get(grid.contact_id),
                "副联系人账号": self._accounts.get(grid.deputy_id),
                "负责人账号": self._accounts.get(grid.supervisor_id),
            }

    def enterprises(self) -> Iterator[Record]:
        for (enterprise,) in self._rows(select(Enterprise).order_by(col(Enterprise.code))):
            yield {
                "编号": enterprise.code,
                "名称": enterprise.name,
                "别名": enterprise.aliases,
                "网格编号": self._grids[enterprise.grid_id],
                "规上": enterprise.is_above_scale,
                "重点": enterprise.is_key,
                "绑定码": enterprise.binding_code,
            }

    def estates(self) -> Iterator[Record]:
        for (estate,) in self._rows(select(Estate).order_by(col(Estate.name))):
            yield {
                "名称": estate.name,
                "别名": estate.aliases,
                "网格编号": self._grids[estate.grid_id],
                "户数": estate.households,
            }

    def kf_accounts(self) -> Iterator[Record]:
        for (account,) in self._rows(select(KfAccount).order_by(col(KfAccount.open_kfid))):
            yield {"客服ID": account.open_kfid, "名称": account.name, "服务对象": account.audience}

    def groups(self) -> Iterator[Record]:
        for (group,) in self._rows(select(CustomerGroup).order_by(col(CustomerGroup.chat_id))):
            yield {
                "群ID": group.chat_id,
                "名称": group.name,
                "网格编号": self._grids.get(group.grid_id),
                "项目": group.project,
            }

    def absences(self) -> Iterator[Record]:
        """Days said twice are written once."""
        columns = (col(Absence.person_id), col(Absence.starts_on), col(Absence.ends_on))
        query = select(*columns).where(col(Absence.cancelled_at).is_(None)).distinct().order_by(*columns)
        for person_id, starts_on, ends_on in self._rows(query):
            yield {"账号": self._accounts[person_id], "开始": starts_on, "结束": ends_on}

    def plan_parts(self) -> Iterator[Record]:
        query = (
            select(Plan, PlanPart, Period)
            .join(PlanPart, col(PlanPart.plan_id) == col(Plan.id))
            .join(Period, col(Period.id) == col(Plan.period_id))
            .order_by(col(Plan.code), col(PlanPart.part))
        )
        for plan, part, period in self._rows(query):
            yield {
                "编号": plan.code,
                "名称": plan.name,
                "周期": period.code,
                "对象": plan.subject,
                "适用": plan.applies_to,
                "组成": part.part,
                "权重": part.weight,
                "分组": plan.grouping,
                "并列规则": plan.ties,
            }

    def routes(self) -> Iterator[Record]:
        return route_rows(self._session, self._grids, self._units, self._accounts)

    def duty(self) -> Iterator[Record]:
        return duty_rows(self._session, self._accounts)

    def values(self) -> Iterator[Record]:
        query = (
            select(IndicatorValue, Period, Indicator)
            .join(Period, col(IndicatorValue.period_id) == col(Period.id))
            .join(Indicator, col(IndicatorValue.indicator_id) == col(Indicator.id))
            .order_by(col(Period.code), col(Indicator.code), col(IndicatorValue.unit_id), col(IndicatorValue.person_id))
        )
        for value, period, indicator in self._rows(query):
            yield {
                "周期": period.code,
                "指标编号": indicator.code,
                "对象": self._accounts.get(value.person_id) or self._units.get(value.unit_id),
                "数值": value.value,
                "依据": value.basis,
            }
