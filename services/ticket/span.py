"""Days over which figures are taken: a stored period or a calendar month."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from domain.calendar import at, local_date
from models.period import Period

MOST_MONTHS = 6

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, with the code and the name people choose them by."""

    code: str
    name: str
    starts_on: date
    ends_on: date

    @property
    def begins_at(self) -> datetime:
        """The first instant."""
        return at(self.starts_on, "00:00")

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return at(self.ends_on + timedelta(days=1), "00:00")

    def until(self, now: datetime) -> datetime:
        """What lies before this instant has happened within the span."""
        return min(self.ends_at, now)


def span_of(session: Session, code: str) -> Span | None:
    """The period with this code, or the month written 2026-11; None for neither."""
    found = session.exec(select(Period).where(Period.code == code)).first()
    if found is not None:
        return _of_period(found)
    month = _MONTH.fullmatch(code)
    return _of_month(date(int(month[1]), int(month[2]), 1)) if month else None


def spans(session: Session, *, now: datetime) -> list[Span]:
    """What one may choose from: this month and the five before it, then the periods that have begun, newest first."""
    begun = select(Period).where(col(Period.starts_on) <= local_date(now))
    periods = session.exec(begun.order_by(col(Period.starts_on).desc(), col(Period.ends_on)))
    return months(now=now) + [_of_period(each) for each in periods]


def months(*, now: datetime) -> list[Span]:
    """This month and the five before it, the newest first."""
    found = [_of_month(local_date(now).replace(day=1))]
    while len(found) < MOST_MONTHS:
        found.append(month_before(found[-1]))
    return found


def months_within(span: Span, *, now: datetime) -> list[Span]:
    """The months that a span touches and that have begun, the newest first."""
    month = _of_month(min(span.ends_on, local_date(now)).replace(day=1))
    found = []
    while month.ends_on >= span.starts_on:
        found.append(month)
        month = month_before(month)
    return found


def month_before(month: Span) -> Span:
    """The month that ended the day before this one began."""
    return _of_month((month.starts_on - timedelta(days=1)).replace(day=1))


def _of_period(period: Period) -> Span:
    return Span(period.code, period.name, period.starts_on, period.ends_on)


def _of_month(first: date) -> Span:
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Span(f"{first:%Y-%m}", f"{first.year}年{first.month}月", first, last)
