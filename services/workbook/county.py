"""Brings in units, people with their roles, periods and absences."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, tuple_
from sqlmodel import Session, col

from models.period import Period
from models.person import Absence, AbsenceSource, Person, PersonRole, Role
from models.unit import Unit
from services.workbook.read import Row, Workbook
from services.workbook.upsert import Outcome, TableLoad, ids_by


def by_level(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of a tree in layers: a row comes after the one it hangs under, when both are in the workbook."""
    waiting = {row["编号"]: row for row in rows}
    levels: list[list[Row]] = []
    while waiting:
        level = [row for row in waiting.values() if row["上级编号"] not in waiting]
        levels.append(level)
        for row in level:
            del waiting[row["编号"]]
    return levels


def load_units(session: Session, book: Workbook) -> Outcome:
    """Units, those above first."""
    outcome = Outcome()
    for level in by_level(book.of("单位")):
        ids = ids_by(session, Unit, "code")
        rows = [
            {
                "code": row["编号"],
                "name": row["名称"],
                "category": row["类别"],
                "parent_id": ids.get(row["上级编号"]),
                "chat_id": row["群聊ID"],
            }
            for row in level
        ]
        outcome.add(TableLoad(session, Unit, ["code"]).bring_in(rows))
    return outcome


def load_people(session: Session, book: Workbook) -> tuple[Outcome, Mapping[str, tuple[list[str], list[str]]]]:
    """People and their roles; also, by lower-cased account, the roles before and after of those whose roles changed."""
    listed = book.of("人员")
    units = ids_by(session, Unit, "code")
    rows = [
        {
            "account": row["账号"],
            "account_key": row["账号"].lower(),
            "name": row["姓名"],
            "unit_id": units[row["单位编号"]],
            "rank": row["职级"],
            "track": row["跑道"],
        }
        for row in listed
    ]
    outcome = TableLoad(session, Person, ["account_key"]).bring_in(rows)
    wanted = {row["账号"].lower(): {Role(word) for word in row["角色"]} - {Role.MEMBER} for row in listed}
    roles = _replace_roles(session, wanted)
    for account in roles:
        if (account,) in outcome.unchanged:
            outcome.count_as_changed((account,))
    return outcome, roles


def _replace_roles(session: Session, wanted: Mapping[str, set[Role]]) -> dict[str, tuple[list[str], list[str]]]:
    """Everybody is a member without being told, so 成员 is not stored."""
    query = select(col(Person.account_key), col(PersonRole.role)).join(
        PersonRole, col(PersonRole.person_id) == col(Person.id)
    )
    held: dict[str, set[Role]] = {}
    for account, role in session.execute(query):
        held.setdefault(account, set()).add(role)
    ids = ids_by(session, Person, "account_key")
    gone, added = [], []
    changes: dict[str, tuple[list[str], list[str]]] = {}
    for account, roles in wanted.items():
        before = held.get(account, set()) - {Role.MEMBER}
        if before != roles:
            gone += [(ids[account], role) for role in before - roles]
            added += [{"person_id": ids[account], "role": role} for role in roles - before]
            changes[account] = (sorted(before), sorted(roles))
    if gone:
        session.execute(delete(PersonRole).where(tuple_(col(PersonRole.person_id), col(PersonRole.role)).in_(gone)))
    if added:
        session.execute(insert(PersonRole), added)
    return changes


def load_periods(session: Session, book: Workbook) -> Outcome:
    """Periods; a due date left empty takes its default when it is needed."""
    rows = [
        {
            "code": row["编号"],
            "name": row["名称"],
            "starts_on": row["开始"],
            "ends_on": row["结束"],
            "setting_due_on": row["制定截止"],
            "review_due_on": row["复盘截止"],
            "publish_on": row["公布日"],
        }
        for row in book.of("周期")
    ]
    return TableLoad(session, Period, ["code"]).bring_in(rows)


def load_absences(session: Session, book: Workbook) -> Outcome:
    """Absences not yet known; one that was called off stays called off."""
    people = ids_by(session, Person, "account_key")
    rows: list[dict[str, Any]] = [
        {
            "person_id": people[row["账号"].lower()],
            "starts_on": row["开始"],
            "ends_on": row["结束"],
            "source": AbsenceSource.WORKBOOK,
            "cancelled_at": None,
        }
        for row in book.of("假勤")
    ]
    table = TableLoad(session, Absence, ["person_id", "starts_on", "ends_on"])
    return table.bring_in(rows, only_new=["source", "cancelled_at"])
