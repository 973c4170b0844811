"""One door for everything that is done to a ticket: locked, checked against its process, logged, told."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from domain.calendar import local, local_date
from domain.errors import DomainError
from domain.process import Actor, Given, Need, Transition, move
from domain.ticket import TicketAction, read_proof
from models.person import Person
from models.ticket import Ticket, TicketEvent
from services import audit
from services.ticket import effect
from services.ticket.deed import SYSTEM, Deed, Doer, Outcome
from services.ticket.effect import Step
from services.ticket.kind import process_of
from services.ticket.responsible import capacities
from services.ticket.telling import answer, facts_of, tellings_of

LONGEST_WORDS = 1_000
MOST_MEDIA = 20

# What an enterprise says while we wait for it ends the waiting.
_WORDS_THAT_RESUME = (TicketAction.ADD, TicketAction.URGE)
_UNKNOWN = "没找到这件，请看看编号对不对。"


def act(session: Session, ticket_id: int, deed: Deed, *, by: Doer, now: datetime) -> Outcome:
    """Does something to a ticket and says what came of it and who is to be told.

    Refuses what the process refuses; of two people at once the second is told who was first. A ticket that is none of
    theirs does not exist for them.
    """
    ticket = lock(session, ticket_id)
    actors = capacities(session, ticket, by, now=now) if ticket is not None else frozenset()
    if ticket is None or not actors:
        raise DomainError(_UNKNOWN)
    given = _complete(ticket, deed, now)
    moved = _move(session, ticket, deed.action, actors, given)
    owner_before = ticket.owner_id
    effect.apply(Step(session, ticket, given, moved, by, now))
    done = replace(deed, given=given)
    event = log(session, ticket, done, moved, capacity=_capacity(ticket, moved, actors), by=by, now=now)
    event.owner_before_id = owner_before
    session.flush()
    _record(session, ticket, moved, by, now)
    facts = facts_of(session, ticket, by, event, now=now)
    told = tellings_of(session, ticket, event, by, now=now)
    reply = answer(facts, ticket, event)
    if by.is_customer and deed.action in _WORDS_THAT_RESUME and process_of(ticket.kind).states[ticket.state].is_paused:
        told += act(session, ticket_id, Deed(TicketAction.RESUME), by=SYSTEM, now=now).tellings
    return Outcome(ticket, reply, tuple(told))


def lock(session: Session, ticket_id: int) -> Ticket | None:
    """The ticket as it is now, held until the transaction ends."""
    query = select(Ticket).where(Ticket.id == ticket_id)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def log(
    session: Session, ticket: Ticket, deed: Deed, moved: Transition, *, capacity: Actor, by: Doer, now: datetime
) -> TicketEvent:
    """Adds a line to the ticket's log."""
    assert ticket.id is not None
    given = deed.given
    event = TicketEvent(
        ticket_id=ticket.id,
        action=moved.action,
        before=moved.before,
        after=moved.after,
        capacity=capacity,
        person_id=by.person.id if by.person is not None else None,
        customer_id=by.requester_id,
        at=now,
        words="。".join(filter(None, (given.reason.strip(), given.text.strip()))),
        proof=given.proof,
        days=given.days,
        owner_before_id=ticket.owner_id,
        owner_after_id=ticket.owner_id,
        rating=ticket.rating if moved.action == TicketAction.RATE else None,
        is_internal=deed.is_internal and not by.is_customer,
        media=list(deed.media),
    )
    session.add(event)
    return event


def _complete(ticket: Ticket, deed: Deed, now: datetime) -> Given:
    """What came with the deed, with what the process wants to know beside it; refuses what is too much."""
    given = deed.given
    if len(given.text) + len(given.reason) > LONGEST_WORDS or len(deed.media) > MOST_MEDIA:
        raise DomainError(f"一次最多 {LONGEST_WORDS} 个字、{MOST_MEDIA} 份材料，请分开发。")
    doing = process_of(ticket.kind).actions.get(deed.action)
    if doing is not None and Need.PROOF in doing.needs and given.proof.strip():
        proof = read_proof(given.proof)
        if proof is None:
            raise DomainError(f"{doing.word}要写明是电话、上门还是消息，比如“{doing.usage}”。")
        given = replace(given, proof=proof.value)
    days_since = (local_date(now) - local_date(ticket.closed_at)).days if ticket.closed_at is not None else 0
    if deed.media and not given.text.strip() and not given.reason.strip():
        given = replace(given, text=f"发来 {len(deed.media)} 份材料")
    return replace(given, times=ticket.returns, days_since=days_since)


def _move(session: Session, ticket: Ticket, action: str, actors: AbstractSet[Actor], given: Given) -> Transition:
    process = process_of(ticket.kind)
    try:
        return move(process, ticket.state, action, actors, given)
    except DomainError as refusal:
        if process.rule(ticket.state, action) is not None:
            raise
        last = session.exec(
            select(TicketEvent)
            .where(TicketEvent.ticket_id == ticket.id, TicketEvent.before != TicketEvent.after)
            .order_by(col(TicketEvent.id).desc())
            .limit(1)
        ).first()
        if last is None:
            raise
        who = session.get_one(Person, last.person_id).name if last.person_id is not None else last.capacity.label
        first = f"{who} {local(last.at):%H:%M} 已经{process.actions[last.action].word}。"
        raise DomainError(f"{first}{refusal}") from refusal


def _capacity(ticket: Ticket, moved: Transition, actors: AbstractSet[Actor]) -> Actor:
    rule = process_of(ticket.kind).rule(moved.before, moved.action)
    assert rule is not None
    return next(actor for actor in Actor if actor in rule.who & actors)


def _record(session: Session, ticket: Ticket, moved: Transition, by: Doer, now: datetime) -> None:
    states = {"before": moved.before, "after": moved.after, "owner": ticket.owner_id}
    audit.record(session, f"ticket.{moved.action}", f"ticket:{ticket.id}", by=by.account, now=now, **states)
