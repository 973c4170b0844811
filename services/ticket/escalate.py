"""Tells whom a due time concerns when it is their turn: the owner before it, a leader at it, the next one a day later."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from domain.escalation import Notice
from domain.process import Actor
from domain.sla import is_overdue
from models.enterprise import Enterprise
from models.ticket import Ticket, TicketClock
from services import wording_ticket as wording
from services.ticket.clock import climb, ladders, schedule_of
from services.ticket.deed import SYSTEM, Telling
from services.ticket.responsible import roster_for
from services.ticket.roster import Roster
from services.ticket.telling import facts_of, telling

MOST_AT_ONCE = 2_000


def due_notices(session: Session, *, now: datetime) -> list[Telling]:
    """What is to be said now, each step of each due time once; nothing outside duty hours.

    The ladder moves on with it, so a later call says only what came due since. Whoever is away is not told, but
    whoever stands in for them; at most 2 000 due times in one call, the longest due first.
    """
    schedule = schedule_of(session)
    if not schedule.duty.is_on_duty(now):
        return []
    of = ladders(session)
    query = (
        select(TicketClock, Ticket)
        .join(Ticket, col(Ticket.id) == col(TicketClock.ticket_id))
        .where(col(TicketClock.next_at) <= now)
        .order_by(col(TicketClock.next_at))
        .limit(MOST_AT_ONCE)
        # Whoever acts on a ticket at this moment may be ending its clock: then the next call sees.
        .with_for_update(skip_locked=True, of=TicketClock)
    )
    due = session.exec(query).all()
    tickets = [ticket for _, ticket in due]
    roster = roster_for(session, tickets, now=now)
    # Held here, so that naming them asks the database no more.
    askers = select(Enterprise).where(col(Enterprise.id).in_({ticket.enterprise_id for ticket in tickets} - {None}))
    _held = session.exec(askers).all()
    told: list[Telling] = []
    for clock, ticket in due:
        steps = climb(clock, of, schedule)
        reached = [step for step in steps[clock.rung :] if step.send_at <= now]
        told += [one for step in reached for one in _tell(session, roster, (clock, ticket), step, now)]
        clock.rung += len(reached)
        left = steps[clock.rung :]
        clock.next_at = left[0].send_at if left else None
    session.flush()
    return told


def _tell(
    session: Session, roster: Roster, case: tuple[TicketClock, Ticket], step: Notice, now: datetime
) -> list[Telling]:
    clock, ticket = case
    is_late = is_overdue(now, clock.due_at)
    if step.addressee is Actor.OWNER and is_late:
        return []  # the nudge came too late to be one; the leader's turn is due as well
    is_owner = step.addressee is Actor.OWNER
    person = roster.owner_of(ticket) if is_owner else roster.leader_of(ticket, step.addressee)
    if person is None:
        return []
    facts, due = facts_of(session, ticket, SYSTEM, now=now), wording.spoken(clock.due_at, now)
    if is_owner:
        text = wording.running_out(facts, clock.which, due)
    else:
        text = wording.run_out(facts, clock.which, due, step.addressee)
    key = f"ticket:{ticket.id}:{clock.which.value}:{clock.due_at:%y%m%d%H%M%S}:{step.send_at:%m%d%H%M}:{step.addressee.value}"
    one = telling(ticket, step.addressee, person, text, key)
    return [replace(one, is_urged=True)]
