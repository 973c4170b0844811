"""The reporting week a message belongs to, how a message names it, and until when it can be changed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import Workdays, is_week_open, local, local_date, monday_of, report_week, week_closes_at
from domain.text import fold_in_place

MONDAY = 1
# 上周 at the head of a message, but not 上周五 nor 上周一样; 第46周 as our own replies and forms write it.
_OPENING = re.compile(
    r"[\s(]*(?P<form>周报|补报|补交|更正)?[\s(]*"
    r"(?:(?P<last>上一?个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7]))|第\s*(?P<number>\d{1,2})\s*周)?"
    r"(?:的?(?:进展|周报))?(?:补报)?[)\s]*(?:[^\n]*?发回来)?[:,;。、\s]*"
)
_THIS_WEEK = re.compile(r"[这本]个?(?:周|星期|礼拜)")


@dataclass(frozen=True, slots=True)
class ReportWeek:
    """A week as seen at one instant; `day` is its last day so far, which decides the period it belongs to."""

    label: str
    starts_on: date
    day: date
    closes_at: datetime
    is_late: bool

    @property
    def number(self) -> int:
        """The ISO number of the week, as people say it (第47周)."""
        return int(self.label[-2:])

    @property
    def closing(self) -> str:
        """Until when its reports can be changed: 周一 10:00, or the date when a holiday moved it."""
        moment = local(self.closes_at)
        day = "周一" if moment.isoweekday() == MONDAY else f"{moment.month}月{moment.day}日"
        return f"{day} {moment:%H:%M}"


def week_of_report(now: datetime, days: Workdays, *, last: bool = False) -> ReportWeek:
    """The week a report sent `now` is for: the earliest still open, or with `last` the week before, open or not."""
    return as_seen(report_week(now, days, late=last), now, days)


def as_seen(label: str, now: datetime, days: Workdays) -> ReportWeek:
    """The week with this label (2026-W47) as it stands `now`; it is late once its reports have closed."""
    monday = monday_of(label)
    day = min(local_date(now), monday + timedelta(days=6))
    return ReportWeek(label, monday, day, week_closes_at(label, days), is_late=not is_week_open(label, now, days))


def read_week(text: str, now: datetime, days: Workdays) -> tuple[ReportWeek, str]:
    """The week that the head of a report names (上周, 第46周, a form's first line), and the words that follow it.

    Without a name, or with that of a week that takes no reports, it is the week that is due, and all the words stay.
    """
    due = week_of_report(now, days)
    opening = _OPENING.match(fold_in_place(text))
    if opening is None or not any(opening.groups()):
        return due, text
    rest = text[opening.end() :]
    before = week_of_report(now, days, last=True)
    if opening["last"]:
        return (due, text) if _THIS_WEEK.search(rest) else (before, rest)
    number = int(opening["number"] or due.number)
    if number not in (due.number, before.number):
        return due, text
    return (due if number == due.number else before), rest
