"""Objectives and key results: a person's own in one week, and those of the unit they lead."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Row, Select, bindparam, or_
from sqlmodel import Session, col

from domain.calendar import Workdays, local_date
from domain.errors import DomainError
from domain.okr import weighted_progress
from domain.period import Phase
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person, Role
from services.key_result import KeyResultInWeek
from services.period import last_period, next_period, period_on, period_seen
from services.week import ReportWeek

_Made = Callable[[Row[Any], ReportWeek], KeyResultInWeek]


class NothingToReport(DomainError):
    """The person has no key result that takes a report this week; `may_set` when they can set objectives now."""

    def __init__(self, message: str, *, may_set: bool = False) -> None:
        super().__init__(message)
        self.may_set = may_set


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: a person, and the unit they lead, if any."""

    person_id: int
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class OwnObjective:
    """An objective of a person, or of the unit they lead, with its key results."""

    position: int
    title: str
    weight: Decimal
    state: ObjectiveState
    key_results: tuple[KeyResultInWeek, ...]
    is_units: bool = False

    @property
    def share(self) -> Fraction:
        """How far it is, 0 to 1."""
        return weighted_progress((one.weight, one.share) for one in self.key_results)


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """Everything a person has set for one period, and their unit where they lead it, as it stands in one week."""

    period_id: int
    objectives: tuple[OwnObjective, ...]

    @property
    def key_results(self) -> tuple[KeyResultInWeek, ...]:
        """The approved key results, KR1 first, the unit's after the person's own."""
        approved = (objective for objective in self.objectives if objective.state is ObjectiveState.APPROVED)
        all_ = (one for objective in approved for one in objective.key_results)
        return tuple(sorted(all_, key=lambda one: (one.is_units, one.number)))

    @property
    def own(self) -> tuple[OwnObjective, ...]:
        """The person's own objectives."""
        return tuple(objective for objective in self.objectives if not objective.is_units)


# Built once: building them anew for each report costs more than running them.
_COLUMNS: tuple[Any, ...] = (
    col(Period.id).label("period_id"),
    col(Objective.id).label("objective_id"),
    col(Objective.unit_id),
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
_COUNTS = col(CheckIn.key_result_id) == col(KeyResult.id), col(CheckIn.undone_at).is_(None)
_NEWEST = col(CheckIn.week).desc(), col(CheckIn.id).desc()


def _looked_up(*when: ColumnElement[bool]) -> ColumnElement[Decimal | None]:
    """The newest value from then, where the last report is not older than the week; the others stand as they are."""
    newest = sqlalchemy.select(col(CheckIn.value)).where(*_COUNTS, *when).order_by(*_NEWEST).limit(1)
    return sqlalchemy.case((col(KeyResult.reported_week) >= bindparam("week"), newest.scalar_subquery()))


_IN_WEEK: Select[Any] = (
    sqlalchemy.select(
        *_COLUMNS,
        _looked_up(col(CheckIn.week) < bindparam("week")).label("before"),
        _looked_up(col(CheckIn.week) == bindparam("week")).label("in_week"),
    )
    .join(Objective, col(Objective.period_id) == col(Period.id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
    .where(col(Period.starts_on) <= bindparam("day"), col(Period.ends_on) >= bindparam("week_start"))
    .order_by(col(Period.starts_on).desc(), col(Period.ends_on), col(Objective.position), col(KeyResult.number))
)
_IS_OWN = col(Objective.person_id) == bindparam("person_id")
_OWN = _IN_WEEK.where(_IS_OWN)
_UNITS = _IN_WEEK.where(col(Objective.unit_id) == bindparam("unit_id"))
_OWN_AND_UNITS = _IN_WEEK.where(or_(_IS_OWN, col(Objective.unit_id) == bindparam("unit_id")))
_OWN_OF_PERIOD = (
    sqlalchemy.select(*_COLUMNS)
    .join(Objective, col(Objective.period_id) == col(Period.id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id), isouter=True)
    .where(col(Objective.person_id) == bindparam("person_id"), col(Period.id) == bindparam("period_id"))
    .order_by(col(Objective.position), col(KeyResult.number))
)


def share_of(objectives: Iterable[OwnObjective]) -> Fraction | None:
    """How far objectives are together, as far as they are approved; None when none is."""
    approved = [one for one in objectives if one.state is ObjectiveState.APPROVED and one.key_results]
    return weighted_progress((one.weight, one.share) for one in approved) if approved else None


def reporter(person: Person, roles: frozenset[Role]) -> Reporter:
    """The person as one who reports: a leader's words may be about their unit too."""
    assert person.id is not None
    return Reporter(person.id, person.unit_id if Role.UNIT_LEADER in roles else None)


def own_plan(session: Session, person_id: int, week: ReportWeek) -> OwnPlan | None:
    """A person's objectives of the week's period, in the order they were set; None when there are none.

    Where two periods share the week, the later one, unless only the earlier one has approved objectives.
    """
    return whole_plan(session, Reporter(person_id), week)


def whole_plan(session: Session, reporter: Reporter, week: ReportWeek) -> OwnPlan | None:
    """The same, and then the objectives of the unit that the person leads, in the same single query."""
    given = {"person_id": reporter.person_id, "day": week.day, "week_start": week.starts_on, "week": week.label}
    if reporter.unit_id is None:
        rows = _of_one_period(session.connection().execute(_OWN, given).all())
    else:
        found = session.connection().execute(_OWN_AND_UNITS, {**given, "unit_id": reporter.unit_id}).all()
        rows = _of_one_period([row for row in found if row.unit_id is None])
        rows += _of_one_period([row for row in found if row.unit_id is not None])
    return _plan(rows, _key_result_in_week, week) if rows else None


def unit_plan(session: Session, unit_id: int, week: ReportWeek) -> OwnPlan | None:
    """The objectives of a unit itself in the week's period; None when there are none."""
    given = {"unit_id": unit_id, "day": week.day, "week_start": week.starts_on, "week": week.label}
    rows = _of_one_period(session.connection().execute(_UNITS, given).all())
    return _plan(rows, _key_result_in_week, week) if rows else None


def plan_of_period(session: Session, person_id: int, period_id: int, week: ReportWeek) -> OwnPlan | None:
    """A person's objectives of one period with the values they stand at, whatever the week; None when there are none."""
    found = session.connection().execute(_OWN_OF_PERIOD, {"person_id": person_id, "period_id": period_id}).all()
    return _plan(list(found), _key_result, week) if found else None


def reportable(session: Session, reporter: Reporter, week: ReportWeek, *, now: datetime, days: Workdays) -> OwnPlan:
    """The whole plan when it takes reports for the week; else refuses with `NothingToReport`, saying why."""
    plan = whole_plan(session, reporter, week)
    if plan is None:
        raise nothing_set(session, week, days)
    if not plan.key_results:
        raise nothing_approved(plan)
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


def _of_one_period(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those of the later of the week's periods, unless only the earlier one has approved objectives."""
    periods = [list(group) for _, group in groupby(rows, key=lambda row: row.period_id)]
    approved = (group for group in periods if any(row.state is ObjectiveState.APPROVED for row in group))
    return next(approved, periods[0] if periods else [])


def _plan(rows: list[Row[Any]], made: _Made, week: ReportWeek) -> OwnPlan:
    objectives = groupby(rows, key=lambda row: row.objective_id)
    return OwnPlan(rows[0].period_id, tuple(_objective(list(group), made, week) for _, group in objectives))


def _objective(rows: list[Row[Any]], made: _Made, week: ReportWeek) -> OwnObjective:
    first = rows[0]
    key_results = tuple(made(row, week) for row in rows if row.id is not None)
    return OwnObjective(
        first.position,
        first.objective_title,
        first.objective_weight,
        first.state,
        key_results,
        is_units=first.unit_id is not None,
    )


def _key_result_in_week(row: Row[Any], week: ReportWeek) -> KeyResultInWeek:
    """With the values of the week, where reports of it or of a later one may have changed them."""
    one = _key_result(row, week)
    if row.reported_week < week.label:
        return one
    before = row.start if row.before is None else row.before
    value = before if row.in_week is None else row.in_week
    return replace(one, before=before, value=value, is_reported=row.in_week is not None)


def _key_result(row: Row[Any], week: ReportWeek) -> KeyResultInWeek:
    return KeyResultInWeek(
        id=row.id,
        number=row.number,
        title=row.title,
        start=row.start,
        target=row.target,
        unit=row.unit,
        weight=row.weight,
        before=row.current,
        value=row.current,
        confidence=row.confidence,
        note=row.note,
        is_reported=False,
        is_newest=row.reported_week <= week.label,
        is_units=row.unit_id is not None,
    )


def nothing_approved(plan: OwnPlan) -> NothingToReport:
    """Why none of a person's objectives takes a report yet."""
    states = {objective.state for objective in plan.own or plan.objectives}
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
