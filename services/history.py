"""A person's period at leisure: every objective and key result with all that was ever reported about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sqlmodel import Session, col, select

from domain.calendar import local_date
from domain.okr import Confidence, weighted_progress
from models.okr import CheckIn, ObjectiveState
from models.period import Period
from services.key_result import KeyResultInWeek
from services.okr import OwnObjective, OwnPlan, own_plan, plan_of_period
from services.period import PeriodOnDay, period_on, period_seen, workdays
from services.week import ReportWeek, week_of_report


class Standing(StrEnum):
    """Whether a check-in counts."""

    COUNTS = "counts"
    REPLACED = "replaced"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class PastCheckIn:
    """One thing that was reported about a key result."""

    week: str
    value: Decimal
    confidence: Confidence | None
    note: str
    reported_at: datetime
    standing: Standing

    @property
    def week_number(self) -> int:
        """The ISO number of the week it was for."""
        return int(self.week[-2:])


@dataclass(frozen=True, slots=True)
class KeyResultHistory:
    """A key result as it stands, and its check-ins, the newest first."""

    now: KeyResultInWeek
    check_ins: tuple[PastCheckIn, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveHistory:
    """An objective, its progress (None while it is not approved or has no key result), and its key results."""

    objective: OwnObjective
    share: Fraction | None
    key_results: tuple[KeyResultHistory, ...]


@dataclass(frozen=True, slots=True)
class PersonHistory:
    """The person's page: the period (None in a gap without objectives), the week, and the objectives.

    `is_earlier` when the page looks at a period by itself, and not at the week that is open.
    """

    period: PeriodOnDay | None
    week: ReportWeek
    share: Fraction | None
    objectives: tuple[ObjectiveHistory, ...]
    due: int
    is_earlier: bool = False


def person_history(session: Session, person_id: int, *, now: datetime, period: Period | None = None) -> PersonHistory:
    """Everything a person has set and reported in one period, else in that of the week that is open `now`."""
    days = workdays(session)
    week = week_of_report(now, days)
    today = local_date(now)
    if period is None or period.id is None:
        plan = own_plan(session, person_id, week)
    else:
        plan = plan_of_period(session, person_id, period.id, week)
    period_id = plan.period_id if plan else period.id if period else None
    objectives = _objectives(session, plan) if plan else ()
    return PersonHistory(
        period=period_seen(session, period_id, today, days) if period_id else period_on(session, today, days),
        week=week,
        share=_overall(objectives),
        objectives=objectives,
        due=_due(plan) if plan and not period else 0,
        is_earlier=period is not None,
    )


def _objectives(session: Session, plan: OwnPlan) -> tuple[ObjectiveHistory, ...]:
    check_ins = _check_ins(session, [one.id for each in plan.objectives for one in each.key_results])
    return tuple(_objective(each, check_ins) for each in plan.objectives)


def _objective(objective: OwnObjective, check_ins: dict[int, tuple[PastCheckIn, ...]]) -> ObjectiveHistory:
    key_results = tuple(KeyResultHistory(one, check_ins.get(one.id, ())) for one in objective.key_results)
    counts = objective.state is ObjectiveState.APPROVED and objective.key_results
    share = weighted_progress((one.weight, one.share) for one in objective.key_results) if counts else None
    return ObjectiveHistory(objective, share, key_results)


def _overall(objectives: tuple[ObjectiveHistory, ...]) -> Fraction | None:
    parts = [(each.objective.weight, each.share) for each in objectives if each.share is not None]
    return weighted_progress(parts) if parts else None


def _due(plan: OwnPlan) -> int:
    return sum(one.is_due for one in plan.key_results)


def _check_ins(session: Session, key_result_ids: list[int]) -> dict[int, tuple[PastCheckIn, ...]]:
    """All check-ins by key result, the newest first; only the last one of a week that was not undone counts."""
    query = (
        select(
            CheckIn.key_result_id,
            CheckIn.week,
            CheckIn.value,
            CheckIn.confidence,
            CheckIn.note,
            CheckIn.reported_at,
            CheckIn.undone_at,
        )  # type: ignore[call-overload]  # select() is typed for four columns
        .where(col(CheckIn.key_result_id).in_(key_result_ids))
        .order_by(col(CheckIn.key_result_id), col(CheckIn.week).desc(), col(CheckIn.id).desc())
    )
    found: dict[int, list[PastCheckIn]] = defaultdict(list)
    counted: set[tuple[int, str]] = set()
    for id_, week, value, confidence, note, reported_at, undone_at in session.exec(query):
        standing = Standing.UNDONE if undone_at else Standing.REPLACED if (id_, week) in counted else Standing.COUNTS
        if standing is Standing.COUNTS:
            counted.add((id_, week))
        found[id_].append(PastCheckIn(week, value, confidence, note, reported_at, standing))
    return {id_: tuple(check_ins) for id_, check_ins in found.items()}
