"""Periods as they stand in the county: which one a day belongs to, its phase, and which days are worked."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from domain.calendar import Workdays
from domain.period import DueDates, Phase, days_left, phase, plan_period
from domain.period import Period as Plan
from models.gathered import known
from models.period import CalendarDay, Period

_CORRECTED = select(col(CalendarDay.day), col(CalendarDay.is_working))


@dataclass(frozen=True, slots=True)
class PeriodOnDay:
    """A period as seen on one day; `days_left` counts whole days until its end, 0 on the last one."""

    id: int
    name: str
    plan: Plan
    phase: Phase
    days_left: int


def workdays(session: Session) -> Workdays:
    """The working days, with the single days that an operator has corrected."""
    return known(session, "workdays", lambda: Workdays(dict(session.connection().execute(_CORRECTED).all())))


def period_on(session: Session, day: date, days: Workdays) -> PeriodOnDay | None:
    """The period that `day` lies in, or None in a gap; of a year and its quarter, the quarter."""
    query = (
        select(Period)
        .where(col(Period.starts_on) <= day, col(Period.ends_on) >= day)
        .order_by(col(Period.starts_on).desc(), col(Period.ends_on))
        .limit(1)
    )
    found = session.exec(query).first()
    return _seen(found, day, days) if found else None


def last_period(session: Session, day: date, days: Workdays) -> PeriodOnDay | None:
    """The last period that had ended before `day`, or None."""
    query = select(Period).where(col(Period.ends_on) < day).order_by(col(Period.ends_on).desc()).limit(1)
    found = session.exec(query).first()
    return _seen(found, day, days) if found else None


def next_period(session: Session, day: date, days: Workdays) -> PeriodOnDay | None:
    """The first period that starts after `day`, or None."""
    query = select(Period).where(col(Period.starts_on) > day).order_by(col(Period.starts_on)).limit(1)
    found = session.exec(query).first()
    return _seen(found, day, days) if found else None


def begun_periods(session: Session, day: date) -> list[Period]:
    """The periods that had begun by `day`, the newest first; of a year and its quarter, the quarter."""
    begun = select(Period).where(col(Period.starts_on) <= day)
    return list(session.exec(begun.order_by(col(Period.starts_on).desc(), col(Period.ends_on))))


def period_seen(session: Session, period_id: int, day: date, days: Workdays) -> PeriodOnDay:
    """A stored period as seen on a day, before, in or after it."""
    return _seen(session.get_one(Period, period_id), day, days)


def _seen(period: Period, day: date, days: Workdays) -> PeriodOnDay:
    given = DueDates(period.setting_due_on, period.review_due_on, period.publish_on)
    plan = plan_period(period.code, period.starts_on, period.ends_on, given, days)
    return PeriodOnDay(period.id or 0, period.name, plan, phase(plan, day), days_left(plan, day))
