"""County time: duty hours, and instants spread within them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Duty, at, local, local_date

DUTY = Duty()
MINUTES_OF_2026 = st.integers(0, 365 * 24 * 60 - 1).map(lambda n: at(date(2026, 1, 1), "00:00") + timedelta(minutes=n))


@pytest.mark.parametrize(
    ("day", "clock", "on_duty"),
    [
        ("2026-11-20", "08:29", False),
        ("2026-11-20", "08:30", True),
        ("2026-11-20", "17:29", True),
        ("2026-11-20", "17:30", False),
        ("2026-11-21", "10:00", False),
        ("2026-10-10", "10:00", True),  # make-up Saturday
        ("2026-10-05", "10:00", False),
    ],
)
def test_duty_hours(day: str, clock: str, on_duty: bool) -> None:
    assert DUTY.is_on_duty(at(date.fromisoformat(day), clock)) is on_duty


@pytest.mark.parametrize(
    ("wanted", "given_instant"),
    [
        ("2026-11-20T10:07:05", "2026-11-20T10:07:05"),
        ("2026-11-20T10:00:15", "2026-11-20T10:01:00"),
        ("2026-11-20T10:30:00", "2026-11-20T10:31:00"),
        ("2026-11-20T06:00:00", "2026-11-20T08:31:00"),
        ("2026-11-20T17:30:00", "2026-11-23T08:31:00"),
        ("2026-11-21T12:00:00", "2026-11-23T08:31:00"),
        ("2026-11-21T06:00:00", "2026-11-23T08:31:00"),
        ("2026-02-14T18:00:00", "2026-02-24T08:31:00"),
    ],
)
def test_the_next_instant_on_duty_avoids_the_full_and_the_half_hour(wanted: str, given_instant: str) -> None:
    day, clock = wanted.split("T")

    assert local(DUTY.next_duty_instant(at(date.fromisoformat(day), clock))).isoformat() == f"{given_instant}+08:00"


def test_duty_that_ends_within_a_quiet_minute_moves_to_the_next_day() -> None:
    short = Duty(start=time(9, 0), end=time(17, 0, 40))

    assert short.next_duty_instant(at(date(2026, 11, 19), "17:00:20")) == at(date(2026, 11, 20), "09:01")


@given(MINUTES_OF_2026, st.text(max_size=20), st.integers(1, 90))
def test_a_spread_stays_on_duty_on_the_same_day_and_off_the_quiet_minutes(
    instant: datetime, key: str, minutes: int
) -> None:
    first = DUTY.next_duty_instant(instant)
    spread = DUTY.spread(instant, key, minutes)

    assert spread == DUTY.spread(instant, key, minutes)
    assert DUTY.is_on_duty(spread)
    assert local(spread).minute not in (0, 30)
    assert local_date(spread) == local_date(first)
    assert first <= spread < first + timedelta(minutes=minutes + 4)


def test_a_spread_uses_each_of_its_minutes() -> None:
    spreads = {DUTY.spread(at(date(2026, 11, 20), "10:28"), f"police{n}", 4) for n in range(200)}

    assert spreads == {at(date(2026, 11, 20), clock) for clock in ("10:28", "10:29", "10:31", "10:32")}


def test_a_spread_shrinks_at_the_end_of_the_day() -> None:
    spreads = {DUTY.spread(at(date(2026, 11, 20), "17:28"), f"police{n}", 8) for n in range(50)}

    assert spreads == {at(date(2026, 11, 20), "17:28"), at(date(2026, 11, 20), "17:29")}


def test_duty_hours_of_less_than_an_hour_are_refused() -> None:
    with pytest.raises(ValueError, match="hour"):
        Duty(start=time(17, 30), end=time(8, 30))
