"""The burden guard: how often, when and to whom we may write."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.burden import Decision, Kind, may_prompt, send_at
from domain.calendar import Duty, at, local

DUTY = Duty()
FRIDAY = date(2026, 11, 20)
MINUTES_OF_2026 = st.integers(0, 365 * 24 * 60 - 1).map(lambda n: at(date(2026, 1, 1), "00:00") + timedelta(minutes=n))


@pytest.mark.parametrize(
    ("kind", "sent_this_week", "absent", "on_duty", "decision"),
    [
        (Kind.REPORTING, 0, False, True, Decision.ALLOWED),
        (Kind.REPORTING, 1, False, True, Decision.ALLOWED),
        (Kind.REPORTING, 2, False, True, Decision.ENOUGH_THIS_WEEK),
        (Kind.REPORTING, 7, False, False, Decision.ENOUGH_THIS_WEEK),
        (Kind.REPORTING, 1, False, False, Decision.OFF_DUTY),
        (Kind.REPORTING, 0, True, True, Decision.ON_LEAVE),
        (Kind.WORK, 9, False, True, Decision.ALLOWED),
        (Kind.WORK, 0, False, False, Decision.OFF_DUTY),
        (Kind.WORK, 0, True, True, Decision.ON_LEAVE),
        (Kind.URGENT, 9, False, False, Decision.ALLOWED),
        (Kind.URGENT, 0, True, False, Decision.ON_LEAVE),
    ],
)
def test_who_may_be_written_to(
    kind: Kind, sent_this_week: int, absent: bool, on_duty: bool, decision: Decision
) -> None:
    assert may_prompt(kind, sent_this_week=sent_this_week, absent=absent, on_duty=on_duty) is decision
    assert decision.allowed is (decision is Decision.ALLOWED)


@pytest.mark.parametrize("kind", [Kind.REPORTING, Kind.WORK])
@given(instant=MINUTES_OF_2026, account=st.text(min_size=1, max_size=20))
def test_what_can_wait_goes_in_duty_hours_and_off_the_quiet_minutes(
    kind: Kind, instant: datetime, account: str
) -> None:
    moment = send_at(kind, instant, account, DUTY)

    assert moment >= instant
    assert DUTY.is_on_duty(moment)
    assert local(moment).minute not in (0, 30)


def test_what_is_wanted_at_night_goes_the_next_morning() -> None:
    moment = send_at(Kind.REPORTING, at(FRIDAY, "22:40"), "lihua", DUTY)

    assert at(date(2026, 11, 23), "08:31") <= moment <= at(date(2026, 11, 23), "08:38")


def test_people_are_not_all_written_to_at_once() -> None:
    moments = {send_at(Kind.REPORTING, at(FRIDAY, "15:07"), f"police{n}", DUTY) for n in range(200)}

    assert len(moments) == 8


def test_an_urgent_message_keeps_its_instant() -> None:
    assert send_at(Kind.URGENT, at(FRIDAY, "22:40"), "lihua", DUTY) == at(FRIDAY, "22:40")
