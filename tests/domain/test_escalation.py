"""Who hears of a due time, and when."""

from datetime import date, datetime

import pytest

from domain.calendar import at
from domain.escalation import ACCEPT_LADDER, CONTACT_LADDER, RESOLVE_LADDER, Notice, Rung, notices
from domain.process import Actor
from domain.sla import ACCEPT, FIRST_CONTACT, RESOLVE, Limit, Schedule, due_at

SCHEDULE = Schedule()


def instant(text: str) -> datetime:
    day, clock = text.split()
    return at(date.fromisoformat(day), clock)


@pytest.mark.parametrize(
    ("ladder", "limit", "nudge", "grid_leader", "duty_leader"),
    [
        (ACCEPT_LADDER, ACCEPT, "2026-11-20 15:20", "2026-11-20 16:20", "2026-11-23 16:20"),
        (CONTACT_LADDER, FIRST_CONTACT, "2026-11-23 15:01", "2026-11-24 08:31", "2026-11-25 08:31"),
        (RESOLVE_LADDER, RESOLVE, "2026-11-27 08:31", "2026-11-30 08:31", "2026-12-01 08:31"),
    ],
)
def test_the_owner_hears_first_then_the_leaders_a_working_day_apart(
    ladder: tuple[Rung, ...], limit: Limit, nudge: str, grid_leader: str, duty_leader: str
) -> None:
    filed = instant("2026-11-20 10:50")

    told = notices(filed, due_at(filed, limit, SCHEDULE), ladder, SCHEDULE)

    assert told == [
        Notice(Actor.OWNER, instant(nudge)),
        Notice(Actor.GRID_LEADER, instant(grid_leader)),
        Notice(Actor.DUTY_LEADER, instant(duty_leader)),
    ]


def test_nobody_is_reminded_of_what_has_only_begun() -> None:
    filed = instant("2026-11-20 10:50")

    told = notices(filed, instant("2026-11-20 11:20"), ACCEPT_LADDER, SCHEDULE)

    assert [notice.addressee for notice in told] == [Actor.GRID_LEADER, Actor.DUTY_LEADER]
