"""County time: Asia/Shanghai, working days with their 调休, reporting weeks and duty hours."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

# Only its tables: is_workday() raises NotImplementedError outside their years and scans them twice per call.
import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK_CLOSES = "10:00"
QUIET_MINUTES = (0, 30)

_ONE_DAY = timedelta(days=1)
_ONE_MINUTE = timedelta(minutes=1)
_KNOWN_YEARS = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


def local(now: datetime) -> datetime:
    """The same instant on a clock in the county; refuses a naive datetime."""
    if now.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return now.astimezone(SHANGHAI)


def local_date(now: datetime) -> date:
    """The date in the county at this instant."""
    return local(now).date()


def at(day: date, clock: str | time) -> datetime:
    """The instant, in UTC, at which a clock in the county shows `clock` ("15:07") on `day`."""
    wall = time.fromisoformat(clock) if isinstance(clock, str) else clock
    return datetime.combine(day, wall, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked: the State Council's notices, corrected day by day by `overrides` ({day: is working}).

    Outside the years of the notices we have (see `is_known`) Monday to Friday are taken as worked: a guessed
    festival without its make-up days would move deadlines twice.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked; a make-up Saturday is, a festival Monday is not."""
        if isinstance(day, datetime):  # a datetime is a date to the type checker, and never equal to one in the tables
            raise TypeError("a date is needed; take local_date(now)")
        if day in self.overrides:
            return self.overrides[day]
        if day.isoweekday() <= 5:
            return day not in chinese_calendar.holidays
        return day in chinese_calendar.workdays

    def is_known(self, day: date) -> bool:
        """Whether `day` rests on a published notice or an operator's word; otherwise it is only an estimate."""
        return day in self.overrides or day.year in _KNOWN_YEARS

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`."""
        return self.add_working_days(day, -1)

    def working_day_from(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n < 0); `day` need not be worked, and is kept when n is 0."""
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many days after `start`, up to and with `end`, are worked; 0 when `end` is not after `start`."""
        days = (end - start).days
        return sum(self.is_working_day(start + timedelta(days=i)) for i in range(1, days + 1))

    def last_working_day_of_week(self, day: date) -> date | None:
        """The last working day of the ISO week of `day`, a make-up weekend included; None when the week is off."""
        sunday = monday_of(week_of(day)) + 6 * _ONE_DAY
        last = self.previous_working_day(sunday + _ONE_DAY)
        return last if week_of(last) == week_of(day) else None


def week_of(day: date) -> str:
    """The label of the ISO week of `day`, such as 2026-W47; labels sort by time."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def monday_of(week: str) -> date:
    """The Monday a labelled week starts on; refuses what is not a label."""
    return date.fromisoformat(f"{week}-1")


def shift_week(week: str, by: int) -> str:
    """The label `by` weeks later, or earlier when negative."""
    return week_of(monday_of(week) + timedelta(weeks=by))


def week_closes_at(week: str, workdays: Workdays) -> datetime:
    """The instant up to which reports of `week` may be sent and changed.

    Monday 10:00 of the week after; when that Monday is off, 10:00 of the next working day, so that nobody's
    week closes during a festival.
    """
    return at(workdays.working_day_from(monday_of(shift_week(week, 1))), WEEK_CLOSES)


def is_week_open(week: str, now: datetime, workdays: Workdays) -> bool:
    """Whether reports of `week` may still be sent and changed."""
    return now < week_closes_at(week, workdays)


def report_week(now: datetime, workdays: Workdays, *, late: bool = False) -> str:
    """The week a report sent at `now` belongs to: the earliest one still open.

    On Monday before 10:00 that is the week before. With `late` the sender named 上周: the last calendar week in
    which anybody worked, open or not (ask `is_week_open`).
    """
    week = week_of(local_date(now))
    if not late:
        while is_week_open(shift_week(week, -1), now, workdays):
            week = shift_week(week, -1)
        return week
    week = shift_week(week, -1)
    while workdays.last_working_day_of_week(monday_of(week)) is None:
        week = shift_week(week, -1)
    return week


@dataclass(frozen=True, slots=True)
class Duty:
    """Duty hours on working days, [start, end) on the county's clock; refuses less than an hour a day."""

    start: time = time(8, 30)
    end: time = time(17, 30)
    workdays: Workdays = field(default_factory=Workdays)

    def __post_init__(self) -> None:
        day = date.min
        if datetime.combine(day, self.end) - datetime.combine(day, self.start) < timedelta(hours=1):
            raise ValueError("duty hours must last an hour or more within one day")

    def is_on_duty(self, instant: datetime) -> bool:
        """Whether people are on duty at this instant."""
        moment = local(instant)
        return self.start <= moment.time() < self.end and self.workdays.is_working_day(moment.date())

    def next_duty_instant(self, instant: datetime) -> datetime:
        """The first instant from `instant` on, in UTC, that is on duty and outside minutes 0 and 30.

        WeCom asks that scheduled messages avoid the full and the half hour.
        """
        moment = self._on_duty_from(instant)
        while local(moment).minute in QUIET_MINUTES:
            moment = self._on_duty_from(moment.replace(second=0, microsecond=0) + _ONE_MINUTE)
        return moment

    def spread(self, instant: datetime, key: str, minutes: int) -> datetime:
        """One of the first `minutes` allowed minutes from `instant` on, the same for the same key, on one duty day.

        Late in the day the choice shrinks to the minutes left, so that nothing slips to the next day by chance.
        """
        first = self.next_duty_instant(instant)
        following = (first + i * _ONE_MINUTE for i in range(2 * minutes))
        choices = [m for m in following if self.is_on_duty(m) and local(m).minute not in QUIET_MINUTES][:minutes]
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        return choices[int.from_bytes(digest[:8]) % len(choices)]

    def _on_duty_from(self, instant: datetime) -> datetime:
        if self.is_on_duty(instant):
            return instant.astimezone(UTC)
        today = local_date(instant)
        opens = at(today, self.start)
        if instant < opens and self.workdays.is_working_day(today):
            return opens
        return at(self.workdays.next_working_day(today), self.start)
