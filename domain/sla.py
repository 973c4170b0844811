"""Deadlines in working time: duty hours without the lunch break, on working days with their 调休, less what is paused."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from domain.calendar import Duty, Workdays, at, local, local_date
from domain.errors import DomainError

FIRST_DAY, LAST_DAY = date(2004, 1, 1), date(2049, 12, 31)
LUNCH = (time(12, 0), time(13, 30))

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: working minutes, or up to the end of the n-th working day after it began.

    Zero days is the same working day, or the next one when that day is over.
    """

    minutes: int = 0
    days: int | None = None

    def __post_init__(self) -> None:
        if (self.minutes > 0) == (self.days is not None) or self.minutes < 0 or (self.days or 0) < 0:
            raise ValueError("a limit is either a number of working minutes or a number of working days")

    def extended(self, days: int) -> "Limit":
        """This limit with `days` more working days; refuses a limit in minutes, which nobody extends."""
        if self.days is None:
            raise DomainError("按小时算的时限不能延期，只有办结时限可以。")
        return Limit(days=self.days + days)


SAME_DAY = Limit(days=0)
ACCEPT = Limit(minutes=4 * 60)
FIRST_CONTACT = Limit(days=1)
RESOLVE_DAYS = (1, 5, 15)
RESOLVE = Limit(days=5)
CONFIRM = Limit(days=3)


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval in which the clock stands still; one that goes on ends `now` for whoever asks."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Schedule:
    """The working time of a county from 2004 to 2049; `lunch` is None where nobody breaks.

    Building one takes a few milliseconds: keep it while the calendar stands. Refuses a lunch outside duty hours.
    """

    duty: Duty = field(default_factory=Duty)
    lunch: tuple[time, time] | None = LUNCH
    _days: list[int] = field(init=False, repr=False, compare=False)
    _spans: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _openings: tuple[tuple[int, int], ...] = field(
        init=False, repr=False, compare=False
    )  # and the work before, last first
    _day_length: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start, end = _since_midnight(self.duty.start), _since_midnight(self.duty.end)
        spans: tuple[tuple[int, int], ...] = ((start, end),)
        if self.lunch is not None:
            begins, over = _since_midnight(self.lunch[0]), _since_midnight(self.lunch[1])
            if not start < begins < over < end:
                raise ValueError("lunch must lie within duty hours")
            spans = ((start, begins), (over, end))
        lengths = [last - first for first, last in spans]
        openings = [(first, sum(lengths[:i])) for i, (first, _) in enumerate(spans)]
        object.__setattr__(self, "_spans", spans)
        object.__setattr__(self, "_openings", tuple(reversed(openings)))
        object.__setattr__(self, "_day_length", sum(lengths))
        object.__setattr__(self, "_days", _working_days(self.duty.workdays))

    @property
    def working_day(self) -> timedelta:
        """The working time of one working day."""
        return self._day_length * _MICROSECOND

    def worked_at(self, instant: datetime) -> int:
        """The working microseconds from 2004 up to this instant; refuses what the table does not reach."""
        moment = local(instant)
        day = _in_table(moment.toordinal())
        index = bisect_left(self._days, day)
        worked = index * self._day_length
        if index < len(self._days) and self._days[index] == day:
            clock = _since_midnight(moment)
            worked += sum(min(max(clock - first, 0), last - first) for first, last in self._spans)
        return worked

    def instant_of(self, worked: int) -> datetime:
        """The earliest instant, in UTC, at which that many working microseconds have passed."""
        index, rest = divmod(worked - 1, self._day_length)
        if not 0 <= index < len(self._days):
            raise ValueError("the deadline is outside the table of working days")
        first, before = next((first, before) for first, before in self._openings if before <= rest)
        return at(date.fromordinal(self._days[index]), time.min) + (first + rest + 1 - before) * _MICROSECOND

    def budget(self, start: datetime, limit: Limit) -> int:
        """The working microseconds a limit leaves from `start` on."""
        if limit.days is None:
            return limit.minutes * 60_000_000
        worked = self.worked_at(start)
        today = local_date(start).toordinal()
        # Days are counted after the one it began on; a day that is over, or no working day, cannot be the same day.
        counted = bisect_right(self._days, today) if limit.days else worked // self._day_length + 1
        return (counted + limit.days) * self._day_length - worked

    def working_instant(self, instant: datetime) -> datetime:
        """The first instant from `instant` on that is in working time and fit for a message (not at :00 or :30)."""
        moment = self.duty.next_duty_instant(instant)
        if self.lunch is not None and self.lunch[0] <= local(moment).time() < self.lunch[1]:
            return self.duty.next_duty_instant(at(local_date(moment), self.lunch[1]))
        return moment


def due_at(start: datetime, limit: Limit, schedule: Schedule, pauses: Sequence[Pause] = ()) -> datetime:
    """The instant, in UTC, by which what began at `start` must be done.

    Each pause that begins before the due time moves it by the working time it lasts; pauses may overlap. While a
    pause goes on, give it `now` as its end: the answer then is when the time would be up if work resumed now.
    """
    worked = schedule.worked_at(start)
    due = worked + schedule.budget(start, limit)
    for begins, ends in _merged(pauses, worked, schedule):
        if begins >= due:
            break
        due += ends - begins
    return schedule.instant_of(due)


def elapsed_working_time(start: datetime, end: datetime, schedule: Schedule, pauses: Sequence[Pause] = ()) -> timedelta:
    """The working time from `start` to `end` that no pause covers; zero when `end` is not after `start`."""
    first, last = schedule.worked_at(start), schedule.worked_at(end)
    paused = sum(max(min(ends, last) - begins, 0) for begins, ends in _merged(pauses, first, schedule))
    return max(last - first - paused, 0) * _MICROSECOND


def is_overdue(now: datetime, due: datetime) -> bool:
    """Whether the time is up: a thing done at the very due instant is in time."""
    return now > due


def _merged(pauses: Iterable[Pause], from_worked: int, schedule: Schedule) -> list[tuple[int, int]]:
    """The pauses in working microseconds, in order, none overlapping, cut at `from_worked`."""
    merged: list[tuple[int, int]] = []
    reached = from_worked
    for begins, ends in sorted((schedule.worked_at(p.starts_at), schedule.worked_at(p.ends_at)) for p in pauses):
        if ends > reached:
            merged.append((max(begins, reached), ends))
            reached = ends
    return merged


def _working_days(workdays: Workdays) -> list[int]:
    corrected = {day.toordinal() for day in workdays.overrides}
    worked = {day.toordinal() for day, is_worked in workdays.overrides.items() if is_worked}
    return sorted(_published_working_days() - corrected | worked)


@cache
def _published_working_days() -> frozenset[int]:
    workdays, days = Workdays(), range(_FIRST, _LAST + 1)
    return frozenset(day for day in days if workdays.is_working_day(date.fromordinal(day)))


def _in_table(day: int) -> int:
    if not _FIRST <= day <= _LAST:
        raise ValueError(f"{date.fromordinal(day)} is outside the table of working days")
    return day


def _since_midnight(clock: time | datetime) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
