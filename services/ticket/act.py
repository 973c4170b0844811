"""One door for everything that is done to a ticket: locked, checked against its process, logged, told."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from domain.calendar import local_date
from domain.errors import DomainError
from domain.process import Actor, Given, Need, Transition, move
from domain.ticket import TicketAction, read_proof
from models.person import Person
from models.ticket import Ticket, TicketEvent
from services import audit, media
from services.counted import follow_counts
from services.outside_news import queue_news
from services.ticket import effect
from services.ticket.deed import SYSTEM, Deed, Doer, Outcome, Telling
from services.ticket.effect import Step
from services.ticket.followers import tellings_of_followers
from services.ticket.kind import process_of
from services.ticket.responsible import capacities
from services.ticket.telling import answer, facts_of, tellings_of
from services.wording_ticket import spoken

LONGEST_WORDS = 1_000
MOST_MEDIA = 20

OWNER_LEFT = "原承办人已离开"

# What an enterprise says while we wait for it ends the waiting.
_WORDS_THAT_RESUME = (TicketAction.ADD, TicketAction.URGE)
# What key results may count.
_COUNTED = (TicketAction.CONTACT, TicketAction.CONFIRM, TicketAction.DENY)
_UNKNOWN = "没找到这件，请看看编号对不对。"


def act(session: Session, ticket_id: int, deed: Deed, *, by: Doer, now: datetime) -> Outcome:
    """Does something to a ticket and says what came of it and who is to be told.

    Refuses what the process refuses; of two people at once the second is told who was first. A ticket that is none of
    theirs does not exist for them.
    """
    ticket = lock(session, ticket_id)
    actors = capacities(session, ticket, by, now=now) if ticket is not None else frozenset()
    if ticket is None or not actors:
        raise DomainError(_gone_from(session, ticket, by, now) if ticket is not None else _UNKNOWN)
    given = _complete(ticket, deed, now)
    process = process_of(ticket.kind)
    try:
        moved = move(process, ticket.state, deed.action, actors, given)
    except DomainError as refusal:
        if process.rule(ticket.state, deed.action) is not None:
            raise
        raise DomainError(f"{_who_was_first(session, ticket, now)}{refusal}") from refusal
    owner_before = ticket.owner_id
    with session.begin_nested():
        effect.apply(Step(session, ticket, given, moved, by, now))
    done = replace(deed, given=given)
    event = log(session, ticket, done, moved, capacity=_capacity(ticket, moved, actors), by=by, now=now)
    event.owner_before_id = owner_before
    session.flush()
    _record(session, ticket, moved, by, now)
    queue_news(session, ticket, event, now=now)
    if deed.action in _COUNTED:
        follow_counts(session, [owner_before, event.person_id], now=now)
    handed_on = _hand_on(session, ticket, now) if deed.action == TicketAction.DENY else ()
    facts = facts_of(session, ticket, by, event, now=now)
    told = tellings_of(session, ticket, event, by, now=now)
    told += tellings_of_followers(session, ticket, event, by, now=now)
    reply = answer(facts, ticket, event)
    if by.is_customer and deed.action in _WORDS_THAT_RESUME and process.states[ticket.state].is_paused:
        told += act(session, ticket_id, Deed(TicketAction.RESUME), by=SYSTEM, now=now).tellings
    return Outcome(ticket, reply, (*told, *handed_on))


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
    media.attach(session, deed.media, ticket.id)
    return event


def _hand_on(session: Session, ticket: Ticket, now: datetime) -> tuple[Telling, ...]:
    """What comes back to somebody who has left since goes to whoever is responsible now; a later look tries again."""
    assert ticket.id is not None
    if session.get_one(Person, ticket.owner_id).left_at is None:
        return ()
    deed = Deed(TicketAction.HAND_OVER, Given(target="接手的人", reason=OWNER_LEFT))
    try:
        return act(session, ticket.id, deed, by=SYSTEM, now=now).tellings
    except DomainError:
        return ()


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
    if deed.action == TicketAction.GRANT_EXTENSION:
        given = replace(given, days=ticket.asked_days)
    days_since = (local_date(now) - local_date(ticket.closed_at)).days if ticket.closed_at is not None else 0
    if deed.action == TicketAction.GRANT_EXTENSION:
        given = replace(given, days=ticket.asked_days)
    if deed.media and not given.text.strip() and not given.reason.strip():
        given = replace(given, text=f"发来 {len(deed.media)} 份材料")
    return replace(given, times=ticket.returns, days_since=days_since)


def _who_was_first(session: Session, ticket: Ticket, now: datetime) -> str:
    """Who changed the state last, for whoever came too late: 联三 今天 15:07 已经接单。"""
    changed = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.before != TicketEvent.after)
    last = session.exec(changed.order_by(col(TicketEvent.id).desc()).limit(1)).first()
    if last is None:
        return ""
    who = session.get_one(Person, last.person_id).name if last.person_id is not None else last.capacity.label
    word = process_of(ticket.kind).actions[last.action].word
    return f"{who} {spoken(last.at, now)} {word if word.startswith('已') else f'已经{word}'}。"


def _gone_from(session: Session, ticket: Ticket, by: Doer, now: datetime) -> str:
    """To whoever owned it a moment ago: who gave it to whom. To everybody else there is no such ticket."""
    me = by.person.id if by.person is not None else None
    given = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.owner_before_id != TicketEvent.owner_after_id
    )
    last = session.exec(given.order_by(col(TicketEvent.id).desc()).limit(1)).first()
    if last is None or me is None or last.owner_before_id != me:
        return _UNKNOWN
    who = session.get_one(Person, last.person_id).name if last.person_id is not None else last.capacity.label
    word = process_of(ticket.kind).actions[last.action].word
    return f"{who} {spoken(last.at, now)} 已经{word}，现在由 {session.get_one(Person, ticket.owner_id).name} 来办。"


def _capacity(ticket: Ticket, moved: Transition, actors: frozenset[Actor]) -> Actor:
    rule = process_of(ticket.kind).rule(moved.before, moved.action)
    assert rule is not None
    return next(actor for actor in Actor if actor in rule.who & actors)


def _record(session: Session, ticket: Ticket, moved: Transition, by: Doer, now: datetime) -> None:
    states = {"before": moved.before, "after": moved.after, "owner": ticket.owner_id}
    audit.record(session, f"ticket.{moved.action}", f"ticket:{ticket.id}", by=by.account, now=now, **states)
