"""The end of tickets: closed when nobody answers, and a rating asked for once and once more."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from domain.errors import DomainError
from domain.process import Actor
from domain.ticket import RATING_DAYS, Rating, TicketAction
from models.ticket import Clock, Ticket, TicketClock
from services import wording_ticket as wording
from services.ticket.act import act
from services.ticket.deed import SYSTEM, Deed, Telling
from services.ticket.kind import process_of
from services.ticket.telling import facts_of, telling

# A rating is asked for when the ticket ends, and once more after this.
ASK_AGAIN_AFTER = timedelta(days=2)
MOST_ASKS = 2


def lapse(session: Session, *, now: datetime) -> list[Telling]:
    """Closes what the requester has not answered for three working days; they may still say it is not solved."""
    query = select(TicketClock.ticket_id).where(TicketClock.which == Clock.CONFIRM, col(TicketClock.due_at) < now)
    told: list[Telling] = []
    for ticket_id in session.exec(query.order_by(col(TicketClock.due_at))).all():
        with suppress(DomainError):  # they answered at this very moment
            told += act(session, ticket_id, Deed(TicketAction.LAPSE), by=SYSTEM, now=now).tellings
    return told


def ask_ratings(session: Session, *, now: datetime) -> list[Telling]:
    """Asks requesters who may rate and have not: once, and once more two days later, while it is still possible."""
    query = (
        select(Ticket)
        .where(col(Ticket.closed_at) > now - timedelta(days=RATING_DAYS), col(Ticket.rating).is_(None))
        .where(col(Ticket.requester_id).is_not(None), col(Ticket.is_unverified).is_(False))
        .where(Ticket.rating_asks < MOST_ASKS)
        .order_by(col(Ticket.id))
    )
    told: list[Telling] = []
    for ticket in session.exec(query).all():
        if process_of(ticket.kind).rule(ticket.state, TicketAction.RATE) is None:
            continue
        last = ticket.rating_asked_at
        if last is not None and now - last < ASK_AGAIN_AFTER:
            continue
        text = wording.rating_wanted(facts_of(session, ticket, SYSTEM, now=now), again=ticket.rating_asks > 0)
        ticket.rating_asks, ticket.rating_asked_at = ticket.rating_asks + 1, now
        key = f"ticket:{ticket.id}:rate:{ticket.reopens}:{ticket.rating_asks}"
        asked = telling(ticket, Actor.REQUESTER, None, text, key)
        told.append(replace(asked, buttons=tuple((one.value, f"评价 {one.value} {ticket.number}") for one in Rating)))
    session.flush()
    return told
