"""When jobs are due: working days with their make-up weekends, and never on the full or the half hour."""

from datetime import date, timedelta

import pytest

from bot.schedule import (
    Schedule,
    every_day,
    every_minutes,
    every_month,
    every_week,
    every_working_day,
    first_working_day_of_week,
    last_working_day_of_week,
)
from domain.calendar import Workdays, local
from tests.times import at

WORKDAYS = Workdays()
ALL_KINDS = [
    every_day("6:43"),
    every_working_day("9:07"),
    every_week("mon", "8:47"),
    first_working_day_of_week("8:52"),
    last_working_day_of_week("15:07"),
    every_month(day=1, at="9:17"),
    every_minutes(5),
    every_minutes(1),
]


@pytest.mark.parametrize(
    ("schedule", "after", "until", "due"),
    [
        (every_day("6:43"), "2026-11-20 06:42", "2026-11-22 06:43", ["11-20 06:43", "11-21 06:43", "11-22 06:43"]),
        (every_day("6:43"), "2026-11-20 06:43", "2026-11-21 06:42", []),
        # The National Day holiday of 2026 is 1 to 7 October; 20 September and 10 October (a Saturday) are worked.
        (every_working_day("9:07"), "2026-09-30 12:00", "2026-10-10 12:00", ["10-08 09:07", "10-09 09:07", "10-10 09:07"]),
        (last_working_day_of_week("15:07"), "2026-11-16 00:00", "2026-11-30 00:00", ["11-20 15:07", "11-27 15:07"]),
        (last_working_day_of_week("15:07"), "2026-09-28 00:00", "2026-10-12 00:00", ["09-30 15:07", "10-10 15:07"]),
        (first_working_day_of_week("8:47"), "2026-09-28 12:00", "2026-10-12 12:00", ["10-08 08:47", "10-12 08:47"]),
        (every_week("mon", "8:47"), "2026-09-29 00:00", "2026-10-06 00:00", ["10-05 08:47"]),
        (every_month(day=1, at="9:17"), "2026-10-01 09:18", "2026-12-31 00:00", ["11-01 09:17", "12-01 09:17"]),
        (every_minutes(15), "2026-11-20 15:00", "2026-11-20 16:00", ["11-20 15:07", "11-20 15:22", "11-20 15:37", "11-20 15:52"]),
    ],
)  # fmt: skip
def test_due_times_follow_the_county_s_calendar(schedule: Schedule, after: str, until: str, due: list[str]) -> None:
    times = schedule.between(at(after), at(until), WORKDAYS)

    assert times == [at(f"2026-{text}") for text in due]


def test_a_week_wholly_off_has_no_due_time() -> None:
    days_off = {date(2026, 11, 16) + timedelta(days=n): False for n in range(7)}

    times = last_working_day_of_week("15:07").between(
        at("2026-11-16 00:00"), at("2026-11-28 00:00"), Workdays(days_off)
    )

    assert times == [at("2026-11-27 15:07")]


@pytest.mark.parametrize("schedule", ALL_KINDS, ids=lambda schedule: schedule.text)
def test_no_due_time_falls_on_the_full_or_half_hour(schedule: Schedule) -> None:
    until = at("2026-11-02 12:00") if "分钟" in schedule.text else at("2026-12-02 00:00")
    times = schedule.between(at("2026-11-01 00:00"), until, WORKDAYS)

    assert times
    assert not [time for time in times if local(time).minute in (0, 30)]


@pytest.mark.parametrize("clock", ["9:00", "15:30"])
def test_a_schedule_on_the_full_or_half_hour_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match="full or half hour"):
        every_day(clock)


@pytest.mark.parametrize("minutes", [0, 7, 90])
def test_minutes_that_do_not_divide_the_hour_are_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="divisor"):
        every_minutes(minutes)


def test_a_day_that_february_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="every month"):
        every_month(day=29, at="9:17")


@pytest.mark.parametrize("schedule", ALL_KINDS, ids=lambda schedule: schedule.text)
@pytest.mark.parametrize("now", ["2026-02-20 12:00", "2026-10-01 06:43", "2026-11-20 15:07", "2026-12-31 23:59"])
def test_latest_and_next_are_the_neighbours_of_now(schedule: Schedule, now: str) -> None:
    reach = timedelta(hours=2) if "分钟" in schedule.text else timedelta(days=45)
    times = schedule.between(at(now) - reach, at(now) + reach, WORKDAYS)

    assert schedule.latest(at(now), WORKDAYS) == max(time for time in times if time <= at(now))
    assert schedule.next(at(now), WORKDAYS) == min(time for time in times if time > at(now))
