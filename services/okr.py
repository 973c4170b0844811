"""Objectives and key results: a person's own in one week, and who still has something to report."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Row, and_, bindparam, or_
from sqlmodel import Session, col, exists

from domain.calendar import Workdays, local_date
from domain.errors import DomainError
from domain.okr import weighted_progress
from domain.period import Phase
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from services.key_result import KeyResultInWeek
from services.period import last_period, next_period, period_on, period_seen
from services.week import ReportWeek

# By key result id: the value before the week, the latest value up to its end, and whether it was reported in it.
Values = dict[int, tuple[Decimal, Decimal, bool]]


class NothingToReport(DomainError):
    """The person has no key result that takes a report this week; `may_set` when they can set objectives now."""

    def __init__(self, message: str, *, may_set: bool = False) -> None:
        super().__init__(message)
        self.may_set = may_set


@dataclass(frozen=True, slots=True)
class OwnObjective:
    """An objective of a person with its key results."""

    position: int
    title: str
    weight: Decimal
    state: ObjectiveState
    key_results: tuple[KeyResultInWeek, ...]

    @property
    def share(self) -> Fraction:
        """How far it is, 0 to 1."""
        return weighted_progress((one.weight, one.share) for one in self.key_results)


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """Everything a person has set for one period, as it stands in one week."""

    period_id: int
    objectives: tuple[OwnObjective, ...]

    @property
    def key_results(self) -> tuple[KeyResultInWeek, ...]:
        """The approved key results, KR1 first."""
        approved = (objective for objective in self.objectives if objective.state is ObjectiveState.APPROVED)
        return tuple(
            sorted((one for objective in approved for one in objective.key_results), key=lambda one: one.number)
        )


class OpenKeyResult(NamedTuple):
    """A key result that somebody has still to report this week."""

    person_id: int
    number: int
    title: str
    start: Decimal
    target: Decimal
    unit: str

    @property
    def is_milestone(self) -> bool:
        """Whether it is either done or not."""
        return self.start == 0 and self.target == 1 and not self.unit


# Built once: building them anew for each report costs more than running them.
_COLUMNS: tuple[Any, ...] = (
    col(Period.id).label("period_id"),
    col(Objective.id).label("objective_id"),
    col(Objective.position),
    col(Objective.title).label("objective_title"),
    col(Objective.weight).label("objective_weight"),
    col(Objective.state),
    col(KeyResult.id),
    col(KeyResult.number),
    col(KeyResult.title),
    col(KeyResult.start),
    col(KeyResult.target),
    col(KeyResult.unit),
    col(KeyResult.weight),
    col(KeyResult.current),
    col(KeyResult.confidence),
    col(KeyResult.note),
    col(KeyResult.reported_week),
)
_OWN = (
    sqlalchemy.select(*_COLUMNS)
    .join(Objective, col(Objective.period_id) == col(Period.id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
    .where(
        col(Objective.person_id) == bindparam("person_id"),
        col(Period.starts_on) <= bindparam("day"),
        col(Period.ends_on) >= bindparam("week_start"),
    )
    .order_by(col(Period.starts_on).desc(), col(Period.ends_on), col(Objective.position), col(KeyResult.number))
)
_OWN_OF_PERIOD = (
    sqlalchemy.select(*_COLUMNS)
    .join(Objective, col(Objective.period_id) == col(Period.id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
    .where(col(Objective.person_id) == bindparam("person_id"), col(Period.id) == bindparam("period_id"))
    .order_by(col(Objective.position), col(KeyResult.number))
)
_HISTORY = (
    sqlalchemy.select(col(CheckIn.key_result_id), col(CheckIn.week), col(CheckIn.value))
    .where(
        col(CheckIn.key_result_id).in_(bindparam("ids", expanding=True)),
        col(CheckIn.week) <= bindparam("week"),
        col(CheckIn.undone_at).is_(None),
    )
    .order_by(col(CheckIn.week), col(CheckIn.id))
)


def own_plan(session: Session, person_id: int, week: ReportWeek) -> OwnPlan | None:
    """A person's objectives of the week's period, in the order they were set; None when there are none.

    Where two periods share the week, the later one, unless only the earlier one has approved objectives.
    """
    given = {"person_id": person_id, "day": week.day, "week_start": week.starts_on}
    found = session.connection().execute(_OWN, given).all()
    periods = [list(rows) for _, rows in groupby(found, key=lambda row: row.period_id)]
    if not periods:
        return None
    rows = next((rows for rows in periods if any(row.state is ObjectiveState.APPROVED for row in rows)), periods[0])
    return _plan(rows, _values_in_week(session, rows, week), week)


def plan_of_period(session: Session, person_id: int, period_id: int, week: ReportWeek) -> OwnPlan | None:
    """A person's objectives of one period with the values they stand at, whatever the week; None when there are none."""
    found = session.connection().execute(_OWN_OF_PERIOD, {"person_id": person_id, "period_id": period_id}).all()
    return _plan(list(found), {}, week) if found else None


def reportable(session: Session, person_id: int, week: ReportWeek, *, now: datetime, days: Workdays) -> OwnPlan:
    """The person's plan when it takes reports for the week; else refuses with `NothingToReport`, saying why."""
    plan = own_plan(session, person_id, week)
    if plan is None:
        raise nothing_set(session, week, days)
    if not plan.key_results:
        raise _nothing_approved(plan)
    if week.is_late:
        _refuse_published(session, plan, now=now, days=days)
    return plan


def nothing_set(session: Session, week: ReportWeek, days: Workdays) -> NothingToReport:
    """Why someone without objectives has nothing to report in the week: no period, not yet, no longer, or none set."""
    period = period_on(session, week.day, days)
    if period:
        return NothingToReport(f"{period.name}你还没有目标。回“目标”，几分钟就能定好，确认后就能报进展。", may_set=True)
    coming, gone = next_period(session, week.day, days), last_period(session, week.day, days)
    if coming:
        return NothingToReport(f"{coming.name} {_month_day(coming.plan.starts_on)}才开始，开始以后再报进展。")
    if gone:
        return NothingToReport(f"{gone.name} {_month_day(gone.plan.ends_on)}已经结束，新周期还没开始，先不用报。")
    return NothingToReport("现在没有进行中的周期，先不用报。绩效管理员设好周期后就能定目标。")


def open_key_results(session: Session, person: Person, week: ReportWeek) -> list[OpenKeyResult]:
    """What the person has still to report this week: approved, of the running period, not reported, not complete."""
    return _still_open(session, week, col(Objective.person_id) == person.id)


def open_key_results_in(
    session: Session, unit_ids: Collection[int], week: ReportWeek
) -> dict[int, list[OpenKeyResult]]:
    """The same for everybody in some units, by person id, in one query; whoever owes nothing is not in it."""
    found = _still_open(session, week, col(Person.unit_id).in_(unit_ids))
    return {person_id: list(rows) for person_id, rows in groupby(found, key=lambda row: row.person_id)}


def _still_open(session: Session, week: ReportWeek, whose: ColumnElement[bool]) -> list[OpenKeyResult]:
    reported = exists().where(
        col(CheckIn.key_result_id) == col(KeyResult.id),
        col(CheckIn.week) == week.label,
        col(CheckIn.undone_at).is_(None),
    )
    # The same as a progress below 1, said so that the database can tell.
    short_of_target = or_(
        and_(col(KeyResult.target) > col(KeyResult.start), col(KeyResult.current) < col(KeyResult.target)),
        and_(col(KeyResult.target) < col(KeyResult.start), col(KeyResult.current) > col(KeyResult.target)),
    )
    query = (
        sqlalchemy.select(
            col(Person.id),
            col(KeyResult.number),
            col(KeyResult.title),
            col(KeyResult.start),
            col(KeyResult.target),
            col(KeyResult.unit),
        )
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(Period, col(Period.id) == col(Objective.period_id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(whose, col(Person.left_at).is_(None), col(Objective.state) == ObjectiveState.APPROVED)
        .where(col(Period.starts_on) <= week.day, col(Period.ends_on) >= week.day, short_of_target, ~reported)
        .order_by(col(Person.id), col(KeyResult.number))
    )
    return [OpenKeyResult(row[0] or 0, *row[1:]) for row in session.connection().execute(query)]


def _plan(rows: list[Row[Any]], values: Values, week: ReportWeek) -> OwnPlan:
    objectives = groupby(rows, key=lambda row: row.objective_id)
    return OwnPlan(rows[0].period_id, tuple(_objective(list(group), values, week) for _, group in objectives))


def _objective(rows: list[Row[Any]], values: Values, week: ReportWeek) -> OwnObjective:
    first = rows[0]
    key_results = tuple(_key_result(row, values, week) for row in rows if row.id is not None)
    return OwnObjective(first.position, first.objective_title, first.objective_weight, first.state, key_results)


def _key_result(row: Row[Any], values: Values, week: ReportWeek) -> KeyResultInWeek:
    before, value, is_reported = values.get(row.id, (row.current, row.current, False))
    return KeyResultInWeek(
        id=row.id,
        number=row.number,
        title=row.title,
        start=row.start,
        target=row.target,
        unit=row.unit,
        weight=row.weight,
        before=before,
        value=value,
        confidence=row.confidence,
        note=row.note,
        is_reported=is_reported,
        is_newest=row.reported_week <= week.label,
    )


def _values_in_week(session: Session, rows: list[Row[Any]], week: ReportWeek) -> Values:
    """The values of those key results whose last report is not older than the week; the others stand as they are."""
    values = {row.id: (row.start, row.start, False) for row in rows if row.id and row.reported_week >= week.label}
    if values:
        history = session.connection().execute(_HISTORY, {"ids": list(values), "week": week.label})
        for id_, in_week, value in history:
            is_reported = in_week == week.label
            values[id_] = (values[id_][0] if is_reported else value, value, is_reported)
    return values


def _nothing_approved(plan: OwnPlan) -> NothingToReport:
    states = {objective.state for objective in plan.objectives}
    if ObjectiveState.PROPOSED in states:
        return NothingToReport("你的目标还在等负责人确认，确认后就能报进展。")
    if ObjectiveState.RETURNED in states:
        return NothingToReport("你的目标被退回来了，改好、确认后就能报进展。回“目标”来改。", may_set=True)
    return NothingToReport("你的目标下面还没有关键结果。回“目标”补上就能报进展。", may_set=True)


def _refuse_published(session: Session, plan: OwnPlan, *, now: datetime, days: Workdays) -> None:
    """A published result stays as it was published."""
    period = period_seen(session, plan.period_id, local_date(now), days)
    if period.phase is Phase.PUBLISHED:
        raise NothingToReport(f"{period.name}的结果已经公布，不能再报了。新的进展报在现在的周期里。")


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
