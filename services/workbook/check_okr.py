"""Checks the sheet of objectives: whose they are, that they can be measured, and that nobody has too many."""

from collections import defaultdict
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from domain.okr import MAX_KEY_RESULTS, MAX_OBJECTIVES
from models.okr import KeyResult, Objective
from models.period import Period
from models.person import Person
from models.unit import Unit
from services.workbook.fault import Faults
from services.workbook.read import Row, Workbook
from services.workbook.sheets import ONE_OF_TWO

SHEET = "目标"
OWNER_TITLES = ("账号", "单位编号")
NO_OWNERS = "缺账号和单位编号这两列，看不出是谁的目标；请在第一行加上，个人的填账号，单位的填单位编号"
# Period code, lower-cased account, unit code: one of the last two is empty.
Owner = tuple[str, str, str]


def owner_of(row: Row) -> Owner:
    """Whose row it is, and in which period."""
    return row["周期"], row["账号"].lower(), row["单位编号"]


def check_okr(session: Session, book: Workbook, faults: Faults) -> None:
    """Adds what is wrong with the objectives and key results, counting those already in the database."""
    listed = book.of(SHEET)
    if listed and not book.titles[SHEET].intersection(OWNER_TITLES):
        faults.add(SHEET, 1, "", "", NO_OWNERS)
        return
    rows = [row for row in listed if _has_owner(row, faults)]
    objectives: defaultdict[Hashable, set[int]] = defaultdict(set)
    key_results: defaultdict[Hashable, set[int]] = defaultdict(set)
    for owner, objective, key_result in _stored(session, {row["周期"] for row in rows}):
        objectives[owner].add(objective)
        if key_result is not None:
            key_results[owner, objective].add(key_result)
    first: dict[Hashable, Row] = {}
    for row in rows:
        _check_measure(row, faults)
        owner, objective, key_result = owner_of(row), row["目标序号"], row["关键结果序号"]
        if objective is None or key_result is None:
            continue
        _check_same(row, first.setdefault((owner, objective), row), faults)
        _check_room(row, "目标序号", objectives[owner], f"一个周期最多{MAX_OBJECTIVES}个目标，请合并或删掉几个", faults)
        cure = f"一个目标最多{MAX_KEY_RESULTS}条关键结果，请合并或删掉几条"
        _check_room(row, "关键结果序号", key_results[owner, objective], cure, faults)


def _has_owner(row: Row, faults: Faults) -> bool:
    if bool(row["账号"]) == bool(row["单位编号"]):
        faults.add(SHEET, row.number, "账号", row["账号"], ONE_OF_TWO)
        return False
    return bool(row["周期"])


def _check_measure(row: Row, faults: Faults) -> None:
    start = row["起始值"] if row["起始值"] is not None else Decimal(0)
    if row["目标值"] is not None and start == row["目标值"]:
        faults.add(SHEET, row.number, "目标值", row["目标值"], "和起始值一样，算不出进度，请改其中一个")


def _check_same(row: Row, first: Row, faults: Faults) -> None:
    for title in ("目标", "目标权重"):
        if row[title] and first[title] and row[title] != first[title]:
            cure = f"和第{first.number}行同一个目标写得不一样，请改成一样的，或换一个目标序号"
            faults.add(SHEET, row.number, title, row[title], cure)


def _check_room(row: Row, title: str, taken: set[int], cure: str, faults: Faults) -> None:
    limit = MAX_OBJECTIVES if title == "目标序号" else MAX_KEY_RESULTS
    if row[title] in taken:
        return
    if len(taken) >= limit:
        faults.add(SHEET, row.number, title, row[title], cure)
        return
    taken.add(row[title])


def _stored(session: Session, periods: set[str]) -> list[tuple[Owner, int, int | None]]:
    # More columns than the typed form of select takes.
    columns: list[Any] = [Period.code, Person.account_key, Unit.code, Objective.position, KeyResult.position]
    query = (
        select(*columns)
        .select_from(Objective)
        .join(Period, col(Period.id) == col(Objective.period_id))
        .join(Person, col(Person.id) == col(Objective.person_id), isouter=True)
        .join(Unit, col(Unit.id) == col(Objective.unit_id), isouter=True)
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
        .where(col(Period.code).in_(periods))
    )
    return [
        ((period, account or "", unit or ""), objective, key_result)
        for period, account, unit, objective, key_result in session.execute(query)
    ]
