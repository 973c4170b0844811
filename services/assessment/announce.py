"""Announces a drafted result, or holds it; and says to each person and leader where they stand and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.period import Period
from models.person import Person
from models.result import Result, ResultRow, ResultState
from services import audit
from services.assessment.stored import newest_result
from services.person import leaders_of
from services.wording_result import Merit, Place, own_result, unit_result


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told of a result; `key` is unique for ever."""

    person: Person
    key: str
    text: str


def announce(session: Session, period: Period, *, by: str, now: datetime) -> Result:
    """Makes the newest version of a period's result the announced one; a second time changes nothing.

    Refuses a period without a result. Who approves says so by announcing; a held one is released by it.
    """
    result = _drafted(session, period)
    if result.state is not ResultState.ANNOUNCED:
        result.state, result.announced_at = ResultState.ANNOUNCED, now
        _note(session, "result.announce", result, period, by, now)
    return result


def hold(session: Session, period: Period, *, by: str, now: datetime) -> Result:
    """Keeps the newest version from being announced by the clock; refuses one that was announced already."""
    result = _drafted(session, period)
    if result.state is ResultState.ANNOUNCED:
        raise DomainError(f"{period.name}的结果已经公布了，收不回来。有错就改数据，再起草一版。")
    if result.state is not ResultState.HELD:
        result.state = ResultState.HELD
        _note(session, "result.hold", result, period, by, now)
    return result


def _drafted(session: Session, period: Period) -> Result:
    result = newest_result(session, period.id or 0)
    if result is None:
        raise DomainError(f"{period.name}还没有起草结果。先运行 flask close {period.code}")
    return result


def _note(session: Session, action: str, result: Result, period: Period, by: str, now: datetime) -> None:
    subject = f"result:{result.id}"
    audit.record(session, action, subject, by=by, now=now, period=period.code, version=result.version, hash=result.hash)
    session.flush()


def private_words(session: Session, period: Period, result: Result) -> Iterator[Told]:
    """Everybody ranked hears their own place and why; leaders hear where their unit stands. Nobody hears of others."""
    rows = session.exec(
        select(ResultRow)
        .where(ResultRow.result_id == result.id, col(ResultRow.place).is_not(None))
        .order_by(col(ResultRow.id))
    ).all()
    sizes = Counter((row.plan_code, row.group_name) for row in rows)
    indicators = {one["code"]: (one["name"], one["full"]) for one in result.rules["indicators"]}
    ids = {row.person_id for row in rows}
    people = {one.id: one for one in session.exec(select(Person).where(col(Person.left_at).is_(None))) if one.id in ids}
    for row in rows:
        place = Place(
            row.group_name, row.place or 0, sizes[row.plan_code, row.group_name], _score(row), row.previous_place
        )
        best, worst = _merits(row, indicators)
        key = f"result:{period.code}:{result.version}:{row.id}"
        if row.person_id in people:
            yield Told(people[row.person_id], key, own_result(period.name, place, best, worst))
        elif row.unit_id is not None:
            text = unit_result(period.name, row.name, place, best, worst)
            for leader in leaders_of(session, row.unit_id):
                yield Told(leader, f"{key}:{leader.id}", text)


def _score(row: ResultRow) -> str:
    return f"{row.score or 0:.2f}"


def _merits(row: ResultRow, indicators: Mapping[str, tuple[str, str]]) -> tuple[Merit | None, Merit | None]:
    """The line with the most and the one with the least of its full marks, the heavier first; none that is full is worst."""
    counted = []
    for code, value, _, _, marks, _, words in row.detail["lines"]:
        name, full = indicators[code]
        if marks is not None and value is not None and Fraction(full) > 0:
            share, lost = Fraction(marks) / Fraction(full), Fraction(full) - Fraction(marks)
            counted.append((share, Fraction(full), lost, Merit(name, marks, full, words)))
    if not counted:
        return None, None
    best = max(counted, key=lambda one: (one[0], one[1]))
    worst = max(counted, key=lambda one: (one[2], one[1]))
    return best[3], (worst[3] if worst[2] > 0 and worst is not best else None)
