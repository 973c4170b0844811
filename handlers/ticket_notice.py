"""What services want said about tickets, as notices that another person's act carries, with the buttons of a card."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.context import Context
from bot.message import Button, Notice, Purpose, Reply
from domain.calendar import Duty
from models.person import Person
from models.ticket import Ticket
from services.period import workdays
from services.ticket.deed import Doer, Outcome, Telling
from services.ticket.responsible import capacities
from services.ticket.telling import buttons_for, reachable


def notices_of(session: Session, tellings: Iterable[Telling]) -> list[Notice]:
    """A notice for each telling whose addressee can be reached, at any hour."""
    return [
        Notice(to, one.key, Reply(one.text, tuple(Button(*button) for button in one.buttons)), Purpose.CARRIED)
        for to, one in reachable(session, tellings)
    ]


def notices_in_duty_hours(context: Context, outcome: Outcome) -> list[Notice]:
    """What a customer did, for staff when they are on duty; at once what is urgent, and what other customers hear."""
    notices = notices_of(context.session, outcome.tellings)
    duty = Duty(workdays=workdays(context.session))
    if outcome.ticket.is_urgent or duty.is_on_duty(context.now):
        return notices
    later = duty.next_duty_instant(context.now)
    return [replace(one, at=later) if isinstance(one.to, Person) else one for one in notices]


def buttons_of(session: Session, ticket: Ticket, person: Person, *, now: datetime) -> tuple[Button, ...]:
    """The buttons that somebody's card of a ticket has now."""
    actors = capacities(session, ticket, Doer(person), now=now)
    return tuple(Button(label, says) for label, says in buttons_for(ticket, actors))
