"""When a job is due: cron times in the county, narrowed to working days, and never on the full or the half hour."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from domain.calendar import QUIET_MINUTES, SHANGHAI, Workdays, local_date, week_of

# No schedule pauses longer than this: a month, or the longest festival between two weeks' working days.
LONGEST_PAUSE = timedelta(days=62)

_INSTANT = timedelta(microseconds=1)
_FIRST_LOOK = timedelta(minutes=5)
_WEEKDAYS = {"mon": "一", "tue": "二", "wed": "三", "thu": "四", "fri": "五", "sat": "六", "sun": "日"}

DayRule = Callable[[date, Workdays], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Due times of a job. `text` is how people read it; `counts` says which of the cron's days are meant."""

    text: str
    cron: CronTrigger
    counts: DayRule

    def between(self, after: datetime, until: datetime, workdays: Workdays) -> list[datetime]:
        """The due times after `after`, up to and with `until`, in UTC, oldest first."""
        return list(self._times(after, until, workdays))

    def latest(self, now: datetime, workdays: Workdays) -> datetime | None:
        """The last due time that is not after `now`; None when there was none within two months."""
        look = _FIRST_LOOK
        while True:
            times = self.between(now - look, now, workdays)
            if times or look >= LONGEST_PAUSE:
                return times[-1] if times else None
            look = min(look * 2, LONGEST_PAUSE)

    def next(self, now: datetime, workdays: Workdays) -> datetime | None:
        """The first due time after `now`; None when there is none within two months."""
        return next(self._times(now, now + LONGEST_PAUSE, workdays), None)

    def _times(self, after: datetime, until: datetime, workdays: Workdays) -> Iterator[datetime]:
        moment = self._fires_after(after)
        while moment is not None and moment <= until:
            if self.counts(local_date(moment), workdays):
                yield moment
            moment = self._fires_after(moment)

    def _fires_after(self, instant: datetime) -> datetime | None:
        fires: datetime | None = self.cron.get_next_fire_time(None, instant + _INSTANT)
        return fires and fires.astimezone(UTC)


def every_day(at: str) -> Schedule:
    """Due every day at `at` ("9:07")."""
    return Schedule(f"每天 {at}", _daily(at), _any_day)


def every_working_day(at: str) -> Schedule:
    """Due on every working day at `at`."""
    return Schedule(f"每个工作日 {at}", _daily(at), _working_day)


def every_week(day: str, at: str) -> Schedule:
    """Due on one day of the week ("mon"), worked or not, at `at`."""
    # By name only: in APScheduler 0 is Monday, in cron it is Sunday.
    return Schedule(f"每周{_WEEKDAYS[day]} {at}", _daily(at, day_of_week=day), _any_day)


def first_working_day_of_week(at: str) -> Schedule:
    """Due on the first working day of each ISO week at `at`; a week without one has no due time."""
    return Schedule(f"每周第一个工作日 {at}", _daily(at), _first_of_week)


def last_working_day_of_week(at: str) -> Schedule:
    """Due on the last working day of each ISO week, a make-up weekend included, at `at`."""
    return Schedule(f"每周最后一个工作日 {at}", _daily(at), _last_of_week)


def every_month(*, day: int, at: str) -> Schedule:
    """Due on one day of each month at `at`; refuses a day that some months lack."""
    if not 1 <= day <= 28:
        raise ValueError("a day that every month has is needed")
    return Schedule(f"每月 {day} 日 {at}", _daily(at, day=day), _any_day)


def every_minutes(minutes: int) -> Schedule:
    """Due every so many minutes round the clock, a divisor of 60; minutes 0 and 30 are left out."""
    if minutes < 1 or 60 % minutes:
        raise ValueError("a divisor of 60 is needed")
    chosen = (minute for minute in range(minutes // 2, 60, minutes) if minute not in QUIET_MINUTES)
    text = "每分钟" if minutes == 1 else f"每 {minutes} 分钟"
    return Schedule(text, CronTrigger(minute=",".join(map(str, chosen)), timezone=SHANGHAI), _any_day)


def _daily(at: str, **days: str | int) -> CronTrigger:
    hour, minute = (int(part) for part in at.split(":"))
    time(hour, minute)
    if minute in QUIET_MINUTES:
        raise ValueError(f"{at} is a full or half hour: WeCom asks that scheduled messages avoid them")
    return CronTrigger(hour=hour, minute=minute, timezone=SHANGHAI, **days)


def _any_day(_day: date, _workdays: Workdays) -> bool:
    return True


def _working_day(day: date, workdays: Workdays) -> bool:
    return workdays.is_working_day(day)


def _first_of_week(day: date, workdays: Workdays) -> bool:
    return workdays.is_working_day(day) and week_of(workdays.previous_working_day(day)) != week_of(day)


def _last_of_week(day: date, workdays: Workdays) -> bool:
    return workdays.last_working_day_of_week(day) == day
