"""The reporting week a message belongs to, and the last day it can speak of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import Workdays, is_week_open, local_date, monday_of, report_week


@dataclass(frozen=True, slots=True)
class ReportWeek:
    """A week as seen at one instant; `day` is its last day so far, which decides the period it belongs to."""

    label: str
    starts_on: date
    day: date
    is_late: bool

    @property
    def number(self) -> int:
        """The ISO number of the week, as people say it (第47周)."""
        return int(self.label[-2:])


def week_of_report(now: datetime, days: Workdays, *, last: bool = False) -> ReportWeek:
    """The week a report sent `now` is for: the earliest still open, or with `last` the week before, open or not."""
    return as_seen(report_week(now, days, late=last), now, days)


def as_seen(label: str, now: datetime, days: Workdays) -> ReportWeek:
    """The week with this label (2026-W47) as it stands `now`; it is late once its reports have closed."""
    monday = monday_of(label)
    day = min(local_date(now), monday + timedelta(days=6))
    return ReportWeek(label, monday, day, is_late=not is_week_open(label, now, days))
