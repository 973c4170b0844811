"""The rows of the sheets about routing, times, ladders and duty, as export writes them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.routing import DutyLeader, EscalationRung, TicketCategory, TicketRoute, TicketRouteUnit
from services.workbook.sheets import ADDRESSEES, CLOCKS

Record = dict[str, Any]
# Code or account by row id.
Codes = Mapping[int | None, str]


def category_rows(session: Session) -> Iterator[Record]:
    """Categories in their order."""
    for one in session.exec(select(TicketCategory).order_by(col(TicketCategory.position), col(TicketCategory.name))):
        yield {"名称": one.name, "办结工作日": one.resolve_days}


def route_rows(session: Session, grids: Codes, units: Codes, accounts: Codes) -> Iterator[Record]:
    """Routes with the units that assist."""
    assisting: dict[int, list[str]] = {}
    for link in session.exec(select(TicketRouteUnit)):
        assisting.setdefault(link.route_id, []).append(units[link.unit_id])
    for one in session.exec(select(TicketRoute).order_by(col(TicketRoute.id))):
        yield {
            "网格编号": grids.get(one.grid_id),
            "类别": one.category,
            "主办单位编号": units.get(one.lead_unit_id),
            "协办单位编号": "、".join(sorted(assisting.get(one.id or 0, ()))),
            "承办人账号": accounts.get(one.owner_id),
        }


def rung_rows(session: Session) -> Iterator[Record]:
    """The ladders of the clocks that the workbook has, each from its first step."""
    clocks = {which: word for word, which in CLOCKS.items()}
    people = {actor: word for word, actor in ADDRESSEES.items()}
    rungs = session.exec(select(EscalationRung).order_by(col(EscalationRung.which), col(EscalationRung.position)))
    for one in rungs:
        if one.which in clocks and one.addressee in people:
            yield {
                "时限": clocks[one.which],
                "对象": people[one.addressee],
                "工作日": one.days,
                "分钟": one.minutes,
            }


def duty_rows(session: Session, accounts: Codes) -> Iterator[Record]:
    """Leaders on duty, the earliest first."""
    query = select(DutyLeader).order_by(col(DutyLeader.starts_on), col(DutyLeader.ends_on), col(DutyLeader.id))
    for one in session.exec(query):
        yield {"账号": accounts[one.person_id], "开始": one.starts_on, "结束": one.ends_on}
