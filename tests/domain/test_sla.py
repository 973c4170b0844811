"""Deadlines in working time, held to a slow count of every minute from 2024 to 2026."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import SHANGHAI, Duty, Workdays, at
from domain.errors import DomainError
from domain.sla import (
    ACCEPT,
    CONFIRM,
    FIRST_CONTACT,
    RESOLVE,
    SAME_DAY,
    Limit,
    Pause,
    Schedule,
    due_at,
    elapsed_working_time,
    is_overdue,
)

SCHEDULE = Schedule()
FIRST = datetime(2024, 1, 1, tzinfo=SHANGHAI)
DAYS = (date(2027, 1, 1) - date(2024, 1, 1)).days
MINUTES_A_DAY = 24 * 60
WORKED_CLOCK = bytes(8 * 60 + 30 <= m < 12 * 60 or 13 * 60 + 30 <= m < 17 * 60 + 30 for m in range(MINUTES_A_DAY))


def works(day: int) -> bool:
    return bool(chinese_calendar.is_workday(FIRST.date() + timedelta(days=day)))


# One byte for every minute of three years: 1 when it is worked.
EVERY_MINUTE = b"".join(WORKED_CLOCK if works(day) else bytes(MINUTES_A_DAY) for day in range(DAYS))


def minute(index: int) -> datetime:
    return (FIRST + timedelta(minutes=index)).astimezone(UTC)


def instant(text: str) -> datetime:
    day, clock = text.split()
    return at(date.fromisoformat(day), clock)


def without(pauses: list[tuple[int, int]]) -> bytearray:
    minutes = bytearray(EVERY_MINUTE)
    for begins, ends in pauses:
        minutes[begins:ends] = bytes(ends - begins)
    return minutes


def count_to(minutes: bytearray, start: int, wanted: int) -> int:
    """The slow way: minute after minute until enough are worked."""
    index = start
    while wanted:
        wanted -= minutes[index]
        index += 1
    return index


def end_of_working_day(start: int, days: int) -> int:
    """The slow way: day after day until enough are worked, then 17:30."""
    day = start // MINUTES_A_DAY
    while days:
        day += 1
        days -= works(day)
    return day * MINUTES_A_DAY + 17 * 60 + 30


starts = st.integers(0, (DAYS - 120) * MINUTES_A_DAY)
pause_plans = st.lists(st.tuples(st.integers(-3000, 20_000), st.integers(0, 15_000)), max_size=4)


def pauses_from(start: int, plan: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(max(start + offset, 0), max(start + offset, 0) + length) for offset, length in plan]


def as_pauses(pauses: list[tuple[int, int]]) -> list[Pause]:
    return [Pause(minute(begins), minute(ends)) for begins, ends in pauses]


@settings(deadline=None, max_examples=300)
@given(start=starts, minutes=st.integers(1, 5000), plan=pause_plans)
def test_a_limit_in_minutes_ends_where_the_slow_count_ends(
    start: int, minutes: int, plan: list[tuple[int, int]]
) -> None:
    pauses = pauses_from(start, plan)

    due = due_at(minute(start), Limit(minutes=minutes), SCHEDULE, as_pauses(pauses))

    assert due == minute(count_to(without(pauses), start, minutes))


@settings(deadline=None, max_examples=300)
@given(start=starts, days=st.integers(1, 20), plan=pause_plans)
def test_a_limit_in_days_ends_where_the_slow_count_ends(start: int, days: int, plan: list[tuple[int, int]]) -> None:
    pauses = pauses_from(start, plan)
    budget = EVERY_MINUTE[start : end_of_working_day(start, days)].count(1)

    due = due_at(minute(start), Limit(days=days), SCHEDULE, as_pauses(pauses))

    assert due == minute(count_to(without(pauses), start, budget))


@settings(deadline=None, max_examples=300)
@given(start=starts, length=st.integers(-2000, 60_000), plan=pause_plans)
def test_elapsed_time_is_what_the_slow_count_finds(start: int, length: int, plan: list[tuple[int, int]]) -> None:
    pauses = pauses_from(start, plan)
    end = max(start + length, 0)

    elapsed = elapsed_working_time(minute(start), minute(end), SCHEDULE, as_pauses(pauses))

    assert elapsed == timedelta(minutes=without(pauses)[start:end].count(1))


@settings(deadline=None)
@given(microseconds=st.integers(0, 800 * 24 * 3600 * 10**6), minutes=st.integers(1, 9000))
def test_no_microsecond_is_lost(microseconds: int, minutes: int) -> None:
    start = minute(0) + timedelta(microseconds=microseconds)

    due = due_at(start, Limit(minutes=minutes), SCHEDULE)

    assert elapsed_working_time(start, due, SCHEDULE) == timedelta(minutes=minutes)
    assert elapsed_working_time(start, due - timedelta(microseconds=1), SCHEDULE) < timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("filed", "limit", "due"),
    [
        # The enterprise of the handbook, on Friday morning.
        ("2026-11-20 10:50", ACCEPT, "2026-11-20 16:20"),
        ("2026-11-20 10:50", FIRST_CONTACT, "2026-11-23 17:30"),
        ("2026-11-20 10:50", RESOLVE, "2026-11-27 17:30"),
        ("2026-11-20 10:50", Limit(days=1), "2026-11-23 17:30"),
        ("2026-11-20 10:50", Limit(days=15), "2026-12-11 17:30"),
        ("2026-11-20 10:50", CONFIRM, "2026-11-25 17:30"),
        # At night, at lunch, at the edges of duty.
        ("2026-11-20 22:40", ACCEPT, "2026-11-23 14:00"),
        ("2026-11-20 12:10", ACCEPT, "2026-11-20 17:30"),
        ("2026-11-20 13:30", ACCEPT, "2026-11-20 17:30"),
        ("2026-11-20 17:30", ACCEPT, "2026-11-23 14:00"),
        ("2026-11-20 08:30", Limit(minutes=210), "2026-11-20 12:00"),
        ("2026-11-20 08:30", Limit(minutes=211), "2026-11-20 13:31"),
        # A weekend, a make-up Saturday, National Day.
        ("2026-11-21 09:00", FIRST_CONTACT, "2026-11-23 17:30"),
        ("2026-10-09 16:30", ACCEPT, "2026-10-10 11:30"),
        ("2026-09-30 16:30", ACCEPT, "2026-10-08 11:30"),
        ("2026-09-30 16:30", FIRST_CONTACT, "2026-10-08 17:30"),
        # The same day, while there is still some of it.
        ("2026-11-20 10:50", SAME_DAY, "2026-11-20 17:30"),
        ("2026-11-20 07:00", SAME_DAY, "2026-11-20 17:30"),
        ("2026-11-20 17:30", SAME_DAY, "2026-11-23 17:30"),
        ("2026-11-21 10:00", SAME_DAY, "2026-11-23 17:30"),
    ],
)
def test_due_times_people_expect(filed: str, limit: Limit, due: str) -> None:
    assert due_at(instant(filed), limit, SCHEDULE) == instant(due)


def test_a_due_time_is_an_instant_in_utc() -> None:
    assert due_at(instant("2026-11-20 10:50"), ACCEPT, SCHEDULE).tzinfo is UTC


def test_a_pause_of_a_working_day_moves_the_end_by_a_working_day() -> None:
    pause = Pause(instant("2026-11-23 10:00"), instant("2026-11-24 10:00"))

    assert due_at(instant("2026-11-20 10:50"), RESOLVE, SCHEDULE, [pause]) == instant("2026-11-30 17:30")


def test_a_pause_over_the_weekend_moves_nothing() -> None:
    pause = Pause(instant("2026-11-20 17:30"), instant("2026-11-23 08:30"))

    assert due_at(instant("2026-11-20 10:50"), RESOLVE, SCHEDULE, [pause]) == instant("2026-11-27 17:30")


def test_a_pause_that_goes_on_never_lets_time_run_out() -> None:
    filed, paused = instant("2026-11-20 10:50"), instant("2026-11-27 17:29")

    for now in (instant("2026-11-27 17:30"), instant("2026-12-20 10:00"), instant("2027-03-01 10:00")):
        due = due_at(filed, RESOLVE, SCHEDULE, [Pause(paused, now)])
        assert not is_overdue(now, due)


def test_a_pause_that_begins_when_time_is_up_changes_nothing() -> None:
    pause = Pause(instant("2026-11-27 17:30"), instant("2026-12-02 10:00"))

    assert due_at(instant("2026-11-20 10:50"), RESOLVE, SCHEDULE, [pause]) == instant("2026-11-27 17:30")


def test_an_extension_counts_in_working_days() -> None:
    assert due_at(instant("2026-11-20 10:50"), RESOLVE.extended(3), SCHEDULE) == instant("2026-12-02 17:30")


def test_hours_are_not_extended() -> None:
    with pytest.raises(DomainError, match="不能延期"):
        ACCEPT.extended(1)


def test_what_is_done_at_the_due_instant_is_in_time() -> None:
    due = instant("2026-11-27 17:30")

    assert not is_overdue(due, due)
    assert is_overdue(due + timedelta(microseconds=1), due)


@pytest.mark.parametrize(("minutes", "days"), [(0, None), (-5, None), (10, 1), (0, -1), (-5, 1)])
def test_a_limit_is_minutes_or_days(minutes: int, days: int | None) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit(minutes=minutes, days=days)


def test_a_county_without_lunch_works_through() -> None:
    schedule = Schedule(lunch=None)

    assert due_at(instant("2026-11-20 10:50"), ACCEPT, schedule) == instant("2026-11-20 14:50")
    assert schedule.working_day == timedelta(hours=9)
    assert schedule.working_instant(instant("2026-11-20 12:10")) == instant("2026-11-20 12:10")


@pytest.mark.parametrize("lunch", [(time(8, 30), time(9)), (time(13), time(12)), (time(12), time(17, 30))])
def test_lunch_lies_within_duty_hours(lunch: tuple[time, time]) -> None:
    with pytest.raises(ValueError, match="lunch"):
        Schedule(lunch=lunch)


def test_corrected_days_move_deadlines() -> None:
    monday_off = {date(2026, 11, 23): False, date(2026, 11, 22): True}
    schedule = Schedule(Duty(workdays=Workdays(monday_off)))

    assert due_at(instant("2026-11-20 10:50"), Limit(days=2), schedule) == instant("2026-11-24 17:30")
    assert due_at(instant("2026-11-20 16:30"), ACCEPT, schedule) == instant("2026-11-22 11:30")


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("2026-11-20 10:10", "2026-11-20 10:10"),
        ("2026-11-20 12:00", "2026-11-20 13:31"),
        ("2026-11-20 17:30", "2026-11-23 08:31"),
        ("2026-11-20 03:00", "2026-11-20 08:31"),
    ],
)
def test_messages_wait_for_working_time(wanted: str, sent: str) -> None:
    assert SCHEDULE.working_instant(instant(wanted)) == instant(sent)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2050, 1, 1)])
def test_the_table_says_where_it_ends(day: date) -> None:
    with pytest.raises(ValueError, match="outside the table"):
        due_at(at(day, "10:00"), ACCEPT, SCHEDULE)


def test_a_deadline_beyond_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the table"):
        due_at(at(date(2049, 12, 31), "17:40"), ACCEPT, SCHEDULE)


def test_later_filing_is_never_due_earlier() -> None:
    filed = [minute(i * 97) for i in range(10_000)]
    due = [due_at(start, RESOLVE, SCHEDULE) for start in filed]

    assert all(earlier <= later for earlier, later in pairwise(due))
