"""County time: working days and reporting weeks."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    Workdays,
    at,
    is_week_open,
    local,
    local_date,
    monday_of,
    report_week,
    shift_week,
    week_closes_at,
    week_of,
)

DAY = timedelta(days=1)
WORKDAYS = Workdays()
KNOWN_DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def works(day: date) -> bool:
    """The oracle: the library's own answer within its years."""
    return bool(chinese_calendar.is_workday(day))


def test_the_county_is_eight_hours_ahead_of_utc() -> None:
    now = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)

    assert local(now).isoformat() == "2026-11-21T00:30:00+08:00"
    assert local_date(now) == date(2026, 11, 21)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        local(datetime(2026, 11, 20, 8, 0))  # noqa: DTZ001 - the naive datetime is the case


@pytest.mark.parametrize("clock", ["15:07", time(15, 7)])
def test_a_clock_on_the_wall_becomes_an_instant_in_utc(clock: str | time) -> None:
    instant = at(date(2026, 11, 20), clock)

    assert instant == datetime(2026, 11, 20, 7, 7, tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    "day",
    ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
)
def test_a_make_up_weekend_is_worked(day: str) -> None:
    assert WORKDAYS.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
        "2026-02-16",
        "2026-02-23",
        "2026-04-06",
        "2026-05-05",
        "2026-06-19",
        "2026-09-25",
        "2026-10-07",
        "2026-11-21",
    ],
)
def test_festivals_and_weekends_are_off(day: str) -> None:
    assert not WORKDAYS.is_working_day(date.fromisoformat(day))


@given(KNOWN_DAYS)
def test_every_known_day_agrees_with_the_notices(day: date) -> None:
    assert WORKDAYS.is_working_day(day) == works(day)
    assert WORKDAYS.is_known(day)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2027-01-01", True),  # a Friday: weekdays only, until the notice is there
        ("2027-01-02", False),
        ("2027-02-08", True),
        ("2003-12-31", True),
        ("2003-12-28", False),
        ("9999-12-31", True),
    ],
)
def test_outside_the_notices_weekdays_are_worked_and_said_to_be_an_estimate(day: str, worked: bool) -> None:
    assert WORKDAYS.is_working_day(date.fromisoformat(day)) is worked
    assert not WORKDAYS.is_known(date.fromisoformat(day))


def test_an_operator_corrects_single_days() -> None:
    corrected = Workdays({date(2027, 1, 1): False, date(2026, 11, 21): True, date(2026, 11, 20): False})

    assert not corrected.is_working_day(date(2027, 1, 1))
    assert corrected.is_known(date(2027, 1, 1))
    assert corrected.is_working_day(date(2026, 11, 21))
    assert corrected.next_working_day(date(2026, 11, 19)) == date(2026, 11, 21)


def test_corrections_are_a_copy() -> None:
    table = {date(2026, 11, 20): False}
    corrected = Workdays(table)

    table[date(2026, 11, 20)] = True

    assert not corrected.is_working_day(date(2026, 11, 20))


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError, match="local_date"):
        WORKDAYS.is_working_day(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "following", "before"),
    [
        ("2026-11-20", "2026-11-23", "2026-11-19"),  # Friday
        ("2026-11-21", "2026-11-23", "2026-11-20"),  # Saturday
        ("2026-02-14", "2026-02-24", "2026-02-13"),  # the make-up Saturday before Spring Festival
        ("2026-02-20", "2026-02-24", "2026-02-14"),
        ("2026-09-30", "2026-10-08", "2026-09-29"),
        ("2026-10-09", "2026-10-10", "2026-10-08"),
        ("2026-12-31", "2027-01-01", "2026-12-30"),  # over the end of the notices
        ("2025-12-31", "2026-01-04", "2025-12-30"),
    ],
)
def test_the_working_days_next_to_a_day(day: str, following: str, before: str) -> None:
    assert WORKDAYS.next_working_day(date.fromisoformat(day)) == date.fromisoformat(following)
    assert WORKDAYS.previous_working_day(date.fromisoformat(day)) == date.fromisoformat(before)


def test_a_day_is_kept_when_worked_and_moved_on_when_off() -> None:
    assert WORKDAYS.working_day_from(date(2026, 11, 20)) == date(2026, 11, 20)
    assert WORKDAYS.working_day_from(date(2026, 11, 21)) == date(2026, 11, 23)


@given(st.dates(date(2005, 1, 1), date(2025, 12, 31)), st.integers(1, 120))
def test_adding_working_days_is_a_day_by_day_count(day: date, n: int) -> None:
    after = [d for d in (day + i * DAY for i in range(1, 300)) if works(d)][n - 1]
    before = [d for d in (day - i * DAY for i in range(1, 300)) if works(d)][n - 1]

    assert WORKDAYS.add_working_days(day, n) == after
    assert WORKDAYS.add_working_days(day, -n) == before


def test_adding_no_working_days_keeps_the_day() -> None:
    assert WORKDAYS.add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)


@given(KNOWN_DAYS, st.integers(-30, 300))
def test_the_days_between_are_a_day_by_day_count_without_the_first(start: date, length: int) -> None:
    end = min(start + length * DAY, date(2026, 12, 31))
    expected, day = 0, start
    while day < end:
        day += DAY
        expected += works(day)

    assert WORKDAYS.working_days_between(start, end) == expected


@given(st.dates(date(2005, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_counting_undoes_adding(day: date, n: int) -> None:
    assert WORKDAYS.working_days_between(day, WORKDAYS.add_working_days(day, n)) == n


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026-11-18", "2026-11-20"),
        ("2026-11-22", "2026-11-20"),
        ("2026-02-10", "2026-02-14"),  # make-up Saturday
        ("2026-09-16", "2026-09-20"),  # make-up Sunday
        ("2026-10-05", "2026-10-10"),
        ("2026-09-30", "2026-09-30"),  # Thursday is the national day
        ("2026-02-18", None),  # Spring Festival, the whole week
        ("2022-02-03", None),
        ("2019-02-04", None),
        ("2026-12-31", "2027-01-01"),
    ],
)
def test_the_last_working_day_of_a_week(day: str, last: str | None) -> None:
    assert WORKDAYS.last_working_day_of_week(date.fromisoformat(day)) == (date.fromisoformat(last) if last else None)


@given(st.dates(date(2004, 1, 5), date(2026, 12, 20)))
def test_the_last_working_day_agrees_with_looking_at_all_seven(day: date) -> None:
    monday = day - day.weekday() * DAY
    worked = [d for d in (monday + i * DAY for i in range(7)) if works(d)]

    assert WORKDAYS.last_working_day_of_week(day) == (worked[-1] if worked else None)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-11-20", "2026-W47"),
        ("2026-11-22", "2026-W47"),
        ("2026-11-23", "2026-W48"),
        ("2026-01-01", "2026-W01"),
        ("2025-12-29", "2026-W01"),
        ("2027-01-01", "2026-W53"),
        ("2027-01-04", "2027-W01"),
    ],
)
def test_weeks_are_labelled_by_iso(day: str, week: str) -> None:
    assert week_of(date.fromisoformat(day)) == week
    assert monday_of(week) <= date.fromisoformat(day) <= monday_of(week) + 6 * DAY


def test_weeks_follow_each_other_over_the_year_end() -> None:
    assert shift_week("2026-W53", 1) == "2027-W01"
    assert shift_week("2026-W01", -1) == "2025-W52"


@pytest.mark.parametrize("label", ["2026-W54", "2026-W4", "2026W47", "2026-11", ""])
def test_what_is_no_week_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        monday_of(label)


@pytest.mark.parametrize(
    ("week", "closes"),
    [
        ("2026-W46", "2026-11-16T10:00"),
        ("2026-W40", "2026-10-08T10:00"),  # Monday 5 October is off
        ("2026-W18", "2026-05-06T10:00"),
        ("2026-W07", "2026-02-24T10:00"),  # a whole week off between
        ("2026-W08", "2026-02-24T10:00"),
        ("2026-W53", "2027-01-04T10:00"),
    ],
)
def test_a_week_closes_on_the_first_working_day_from_monday(week: str, closes: str) -> None:
    day, clock = closes.split("T")

    assert week_closes_at(week, WORKDAYS) == at(date.fromisoformat(day), clock)


@pytest.mark.parametrize(
    ("day", "clock", "week", "named_last"),
    [
        ("2026-11-20", "15:07", "2026-W47", "2026-W46"),
        ("2026-11-22", "23:59", "2026-W47", "2026-W46"),
        ("2026-11-23", "00:01", "2026-W47", "2026-W47"),  # 上周 is the one still open
        ("2026-11-23", "09:59", "2026-W47", "2026-W47"),
        ("2026-11-23", "10:00", "2026-W48", "2026-W47"),
        ("2026-10-07", "12:00", "2026-W40", "2026-W40"),
        ("2026-10-08", "10:00", "2026-W41", "2026-W40"),
        ("2026-02-20", "12:00", "2026-W07", "2026-W07"),  # in the week off
        ("2026-02-24", "09:59", "2026-W07", "2026-W07"),
        ("2026-02-24", "10:00", "2026-W09", "2026-W07"),  # 上周 skips the week off
        ("2027-01-01", "12:00", "2026-W53", "2026-W52"),
    ],
)
def test_the_week_a_report_belongs_to(day: str, clock: str, week: str, named_last: str) -> None:
    now = at(date.fromisoformat(day), clock)

    assert report_week(now, WORKDAYS) == week
    assert report_week(now, WORKDAYS, late=True) == named_last


@given(st.datetimes(datetime(2005, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive by the strategy's rule
def test_a_report_belongs_to_the_earliest_open_week_and_somebody_works_in_it(now: datetime) -> None:
    week = report_week(now, WORKDAYS)

    assert is_week_open(week, now, WORKDAYS)
    assert not is_week_open(shift_week(week, -1), now, WORKDAYS)
    assert WORKDAYS.last_working_day_of_week(monday_of(week)) is not None
