"""Whom a due time concerns, and when: the owner before it, the grid leader at it, the duty leader a working day later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.process import Actor
from domain.sla import Schedule

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: who hears, and how much working time after the due time (before it when negative)."""

    addressee: Actor
    minutes: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is to hear of a due time, and from when on they may be told."""

    addressee: Actor
    send_at: datetime


LEADERS = (Rung(Actor.GRID_LEADER), Rung(Actor.DUTY_LEADER, days=1))
ACCEPT_LADDER = (Rung(Actor.OWNER, minutes=-60), *LEADERS)
CONTACT_LADDER = (Rung(Actor.OWNER, minutes=-150), *LEADERS)
RESOLVE_LADDER = (Rung(Actor.OWNER, days=-1), *LEADERS)


def notices(began_at: datetime, due: datetime, ladder: tuple[Rung, ...], schedule: Schedule) -> list[Notice]:
    """The notices of one due time, in the ladder's order, each at an instant fit for a message in working time.

    A rung at or before `began_at` is left out: there is nothing to be reminded of yet. Ask at `send_at` who stands in
    for the addressee: people on leave are not told, whoever acts for them is.
    """
    began, up = schedule.worked_at(began_at), schedule.worked_at(due)
    told = []
    for rung in ladder:
        wanted = (
            up + timedelta(minutes=rung.minutes) // _MICROSECOND + rung.days * (schedule.working_day // _MICROSECOND)
        )
        if wanted > began:
            told.append(Notice(rung.addressee, schedule.working_instant(schedule.instant_of(wanted))))
    return told
