"""A unit in one week as its leaders see it: who has reported, who is away, what is stuck; and many units at a glance.

Reports that are missing are counted and not listed by name: a missed week is its owner's business first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, case, func, or_
from sqlmodel import Session, col, select

from domain.okr import Confidence, progress, weighted_progress
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Absence, Person
from models.unit import Unit
from services.key_result import figure
from services.period import workdays
from services.reminder import away_at_end
from services.week import ReportWeek, week_of_report

LOW = (Confidence.UNLIKELY, Confidence.AT_RISK)


@dataclass(frozen=True, slots=True)
class KeyResultOnBoard:
    """A key result of somebody in the unit, with its latest values."""

    number: int
    title: str
    share: Fraction
    measure: str
    confidence: Confidence | None
    note: str
    is_reported: bool
    week: str

    @property
    def is_stuck(self) -> bool:
        """Whether its owner sees no way, or says what holds it up."""
        return self.confidence is Confidence.UNLIKELY or (self.confidence is Confidence.AT_RISK and bool(self.note))

    @property
    def week_number(self) -> int:
        """The ISO number of the week in which it was last reported."""
        return int(self.week[-2:])


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the unit: how far they are (None without approved key results), and how the week stands."""

    account: str
    name: str
    rank: str
    share: Fraction | None
    key_results: tuple[KeyResultOnBoard, ...]
    is_away: bool

    @property
    def is_due(self) -> bool:
        """Whether there is anything to report about."""
        return bool(self.key_results)

    @property
    def has_reported(self) -> bool:
        """Whether something came this week, or every key result is complete."""
        is_complete = all(one.share == 1 for one in self.key_results)
        return self.is_due and (is_complete or any(one.is_reported for one in self.key_results))


@dataclass(frozen=True, slots=True)
class Worry:
    """A key result that needs a leader's eye, and whose it is."""

    member: Member
    key_result: KeyResultOnBoard


@dataclass(frozen=True, slots=True)
class Board:
    """The unit's week; with `period`, that period by itself, of which only the progress is told."""

    unit: Unit
    week: ReportWeek
    members: tuple[Member, ...]
    period: Period | None = None

    @property
    def due(self) -> int:
        """How many people have something to report about."""
        return sum(member.is_due for member in self.members)

    @property
    def reported(self) -> int:
        """How many of them have reported."""
        return sum(member.has_reported for member in self.members)

    @property
    def away(self) -> int:
        """How many of them are on leave and have not reported."""
        return sum(member.is_due and member.is_away and not member.has_reported for member in self.members)

    @property
    def missing(self) -> int:
        """How many of them neither reported nor are away."""
        return self.due - self.reported - self.away

    @property
    def stuck(self) -> list[Worry]:
        """What is held up, the hopeless first."""
        return [worry for worry in self._worries() if worry.key_result.is_stuck]

    @property
    def doubtful(self) -> list[Worry]:
        """What its owners doubt without saying why."""
        return [worry for worry in self._worries() if not worry.key_result.is_stuck]

    def _worries(self) -> list[Worry]:
        found = [Worry(member, one) for member in self.members for one in member.key_results if one.confidence in LOW]
        return sorted(found, key=lambda worry: worry.key_result.confidence is not Confidence.UNLIKELY)


@dataclass(frozen=True, slots=True)
class UnitAtGlance:
    """A unit's week in figures, counted as on its board; `worries` is what is stuck or doubtful."""

    unit: Unit
    due: int
    reported: int
    away: int
    worries: int

    @property
    def missing(self) -> int:
        """How many people neither reported nor are away."""
        return self.due - self.reported - self.away


def unit_board(session: Session, unit: Unit, *, now: datetime, period: Period | None = None) -> Board:
    """The board of one unit for the week that is open `now`, or for a period: its present people and how far they got."""
    days = workdays(session)
    week = week_of_report(now, days)
    periods = [period.id] if period else periods_of(week)
    rows = session.execute(_members_query(periods).where(col(Person.unit_id) == unit.id)).all()
    away = frozenset() if period else away_at_end(session, {row.id for row in rows}, week, days)
    people = groupby(rows, key=lambda row: row.id)
    members = tuple(_member(list(rows), week, is_away=id_ in away) for id_, rows in people)
    return Board(unit, week, members, period)


def glance(session: Session, units: Sequence[Unit], *, now: datetime) -> tuple[ReportWeek, list[UnitAtGlance]]:
    """The week's figures of several units, in their order, in a fixed number of queries."""
    days = workdays(session)
    week = week_of_report(now, days)
    last = days.last_working_day_of_week(week.starts_on)
    on = min(last, week.day) if last else week.day
    ids = [unit.id for unit in units if unit.id is not None]
    is_away = (
        select(Absence.id)
        .where(
            Absence.person_id == Person.id,
            col(Absence.starts_on) <= on,
            col(Absence.ends_on) >= on,
            col(Absence.cancelled_at).is_(None),
        )
        .exists()
    )
    state = _person_states(week)
    has_reported = or_(state.c.reported > 0, state.c.missing == 0)
    query = (
        select(
            col(Person.unit_id),
            func.count(),
            func.sum(case((has_reported, 1), else_=0)),
            func.sum(case((and_(~has_reported, is_away), 1), else_=0)),
            func.sum(state.c.worries),
        )  # type: ignore[call-overload]  # select() is typed for four columns
        .select_from(Person)
        .join(state, state.c.person_id == Person.id)
        .where(col(Person.unit_id).in_(ids), col(Person.left_at).is_(None))
        .group_by(col(Person.unit_id))
    )
    figures = {row[0]: tuple(int(value) for value in row[1:]) for row in session.exec(query)}
    return week, [UnitAtGlance(unit, *figures.get(unit.id, (0, 0, 0, 0))) for unit in units]


def _person_states(week: ReportWeek) -> Any:
    """Per person with approved key results: how many are reported this week, still missing, and worrying."""
    is_reported = col(KeyResult.reported_week) == week.label
    return (
        select(
            col(Objective.person_id).label("person_id"),
            func.sum(case((is_reported, 1), else_=0)).label("reported"),
            func.sum(case((and_(~is_reported, _short_of_target()), 1), else_=0)).label("missing"),
            func.sum(case((col(KeyResult.confidence).in_(LOW), 1), else_=0)).label("worries"),
        )
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(Period, col(Period.id) == col(Objective.period_id))
        .where(*_running(week), col(Objective.person_id).is_not(None))
        .group_by(col(Objective.person_id))
        .subquery()
    )


def _members_query(periods: Any) -> Any:
    """Everybody active, each with their approved key results of the periods, or once without."""
    return (
        select(
            col(Person.id),
            col(Person.account),
            col(Person.name),
            col(Person.rank),
            col(Objective.id).label("objective_id"),
            col(Objective.weight).label("objective_weight"),
            col(KeyResult.number),
            col(KeyResult.title),
            col(KeyResult.start),
            col(KeyResult.target),
            col(KeyResult.current),
            col(KeyResult.unit),
            col(KeyResult.weight),
            col(KeyResult.confidence),
            col(KeyResult.note),
            col(KeyResult.reported_week),
        )  # type: ignore[call-overload]  # select() is typed for four columns
        .select_from(Person)
        .join(
            Objective,
            and_(col(Objective.person_id) == col(Person.id), col(Objective.period_id).in_(periods), _approved()),
            isouter=True,
        )
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
        .where(col(Person.left_at).is_(None))
        .order_by(col(Person.account_key), col(Objective.id), col(KeyResult.number))
    )


def periods_of(week: ReportWeek) -> Any:
    """The ids of the periods that a week lies in."""
    return select(Period.id).where(col(Period.starts_on) <= week.day, col(Period.ends_on) >= week.day)


def _running(week: ReportWeek) -> tuple[Any, ...]:
    return col(Period.starts_on) <= week.day, col(Period.ends_on) >= week.day, _approved()


def _approved() -> Any:
    return col(Objective.state) == ObjectiveState.APPROVED


def _short_of_target() -> Any:
    """A progress below 1, said so that the database can tell."""
    return or_(
        and_(col(KeyResult.target) > col(KeyResult.start), col(KeyResult.current) < col(KeyResult.target)),
        and_(col(KeyResult.target) < col(KeyResult.start), col(KeyResult.current) > col(KeyResult.target)),
    )


def _member(rows: list[Row[Any]], week: ReportWeek, *, is_away: bool) -> Member:
    first = rows[0]
    set_ = [row for row in rows if row.number is not None]
    key_results = tuple(sorted((on_board(row, week) for row in set_), key=lambda one: one.number))
    return Member(first.account, first.name, first.rank, _share(set_), key_results, is_away)


def on_board(row: Row[Any], week: ReportWeek) -> KeyResultOnBoard:
    """A key result as boards show it, from a row with its columns."""
    gap = "" if row.unit in ("", "%") else " "
    return KeyResultOnBoard(
        number=row.number,
        title=row.title,
        share=progress(start=row.start, target=row.target, current=row.current),
        measure=f"{figure(row.current)}/{figure(row.target)}{gap}{row.unit}",
        confidence=row.confidence,
        note=row.note,
        is_reported=row.reported_week == week.label,
        week=row.reported_week,
    )


def _share(rows: list[Row[Any]]) -> Fraction | None:
    objectives: list[tuple[Decimal, Fraction]] = []
    for _, group in groupby(rows, key=lambda row: row.objective_id):
        lines = list(group)
        parts = [(row.weight, progress(start=row.start, target=row.target, current=row.current)) for row in lines]
        objectives.append((lines[0].objective_weight, weighted_progress(parts)))
    return weighted_progress(objectives) if objectives else None
