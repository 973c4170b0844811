"""Files tickets: a number, an owner, due times with their clocks, and the first line of the log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, select

from domain.calendar import local_date
from domain.errors import DomainError
from domain.process import Actor, Given, Transition
from domain.sla import due_at
from domain.ticket_number import Kind, TicketNumber
from domain.triage_words import OTHER
from models.enterprise import Enterprise
from models.ticket import Clock, Ticket, TicketAssist, TicketClock, TicketSource
from services import audit
from services import wording_ticket as wording
from services.counted import follow_counts
from services.ticket import clock
from services.ticket.act import LONGEST_WORDS, MOST_MEDIA, log
from services.ticket.deed import Deed, Doer, Outcome
from services.ticket.kind import KINDS
from services.ticket.responsible import responsible_for
from services.ticket.roster import Assigned
from services.ticket.telling import facts_of, new_card, telling

FILE = "file"
LONGEST_SUMMARY = 200

_NEXT = text(
    "INSERT INTO ticket_counter (day, last) VALUES (:day, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = ticket_counter.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket to be: `words` is what was said in full, `summary` the few words for it.

    Without an enterprise it is filed in `grid_id` (the link that was opened names it), or for the leader on duty.
    `outside_key` (`system:id`) makes filing twice file once.
    """

    summary: str
    words: str = ""
    category: str = OTHER.name
    is_urgent: bool = False
    media: tuple[str, ...] = ()
    source: TicketSource = TicketSource.CHAT
    kind: Kind = Kind.REQUEST
    enterprise_id: int | None = None
    grid_id: int | None = None
    requester_id: int | None = None
    requester_name: str = ""
    is_unverified: bool = False
    outside_key: str | None = None


def file(session: Session, draft: Draft, *, by: Doer, now: datetime) -> Outcome:
    """Files a ticket with an owner and its due times; the reply is for the requester, the tellings name the owner.

    Refuses one without words or with too many, and when the county has nobody to give it to.
    """
    known = _known(session, draft)
    if known is not None:
        facts = facts_of(session, known, by, now=now)
        return Outcome(known, wording.filed(facts, known.contact_due_at, is_urgent=known.is_urgent))
    _check(draft)
    enterprise = session.get_one(Enterprise, draft.enterprise_id) if draft.enterprise_id is not None else None
    grid_id = enterprise.grid_id if enterprise is not None else draft.grid_id
    found = responsible_for(session, grid_id, draft.category, now=now)
    ticket = _ticket(session, draft, found, grid_id, now)
    ticket.filed_by_id = by.person.id if by.person is not None else None
    clocks = _first_clocks(session, ticket, now)
    session.add(ticket)
    session.flush()
    assert ticket.id is not None
    for one in clocks:
        one.ticket_id = ticket.id
    session.add_all(clocks)
    session.add_all(TicketAssist(ticket_id=ticket.id, unit_id=unit) for unit in set(found.assisting_unit_ids))
    moved = Transition(FILE, ticket.state, ticket.state, is_closed=False, is_reopened=False)
    deed = Deed(FILE, Given(text=draft.words or draft.summary), draft.media)
    event = log(session, ticket, deed, moved, capacity=Actor.REQUESTER, by=by, now=now)
    session.flush()
    details = {"owner": ticket.owner_id, "grid": grid_id, "source": ticket.source.name}
    audit.record(session, "ticket.file", f"ticket:{ticket.id}", by=by.account, now=now, **details)
    if draft.source is TicketSource.VISIT:
        follow_counts(session, [ticket.filed_by_id], now=now)
    facts = facts_of(session, ticket, by, now=now)
    card = telling(ticket, Actor.OWNER, found.owner, new_card(facts, ticket, now=now), f"ticket:{event.id}")
    is_own = by.person is not None and by.person.id == found.owner.id
    reply = wording.filed(facts, ticket.contact_due_at, is_urgent=ticket.is_urgent)
    return Outcome(ticket, reply, () if is_own else (card,), is_new=True)


def _known(session: Session, draft: Draft) -> Ticket | None:
    if draft.outside_key is None:
        return None
    return session.exec(select(Ticket).where(Ticket.outside_key == draft.outside_key)).first()


def _check(draft: Draft) -> None:
    if not draft.summary.strip():
        raise DomainError("请用一句话说说是什么事，比如“厂门口路灯不亮”。")
    if len(draft.summary) > LONGEST_SUMMARY or len(draft.words) > LONGEST_WORDS or len(draft.media) > MOST_MEDIA:
        raise DomainError(f"一次最多 {LONGEST_WORDS} 个字、{MOST_MEDIA} 份材料，请说短一点，细节可以接着补充。")


def _ticket(session: Session, draft: Draft, found: Assigned, grid_id: int | None, now: datetime) -> Ticket:
    number = _next_number(session, draft.kind, now)
    assert found.owner.id is not None
    return Ticket(
        number=str(number),
        kind=number.kind,
        on=number.on,
        serial=number.serial,
        source=draft.source,
        outside_key=draft.outside_key,
        enterprise_id=draft.enterprise_id,
        is_unverified=draft.is_unverified or (draft.enterprise_id is None and draft.kind is Kind.REQUEST),
        requester_id=draft.requester_id,
        requester_name=draft.requester_name[:64],
        category=draft.category,
        is_urgent=draft.is_urgent,
        summary=draft.summary.strip(),
        grid_id=grid_id,
        owner_id=found.owner.id,
        acting_as=found.acting_as,
        lead_unit_id=found.lead_unit_id,
        state=KINDS[draft.kind].process.first,
        opened_at=now,
        accept_due_at=now,
        contact_due_at=now,
        resolve_due_at=now,
    )


def _first_clocks(session: Session, ticket: Ticket, now: datetime) -> list[TicketClock]:
    """The clocks of a ticket just filed, whose due times it gets; in one go, so that each is written once."""
    kind, counting = KINDS[ticket.kind], (clock.ladders(session), clock.schedule_of(session))
    limits = {
        Clock.ACCEPT: kind.accept,
        Clock.CONTACT: kind.contact,
        Clock.RESOLVE: clock.resolve_limit(session, ticket.category),
    }
    clocks = []
    for which, limit in limits.items():
        due = due_at(now, limit, counting[1])
        one = TicketClock(ticket_id=0, which=which, began_at=now, minutes=limit.minutes, days=limit.days, due_at=due)
        steps = clock.climb(one, *counting)
        one.next_at = steps[0].send_at if steps else None
        clocks.append(one)
    ticket.accept_due_at, ticket.contact_due_at, ticket.resolve_due_at = (one.due_at for one in clocks)
    return clocks


def _next_number(session: Session, kind: Kind, now: datetime) -> TicketNumber:
    """The next number of the day: whoever files at the same time waits, and an undone filing leaves no gap."""
    on = local_date(now)
    serial = session.connection().execute(_NEXT, {"day": f"{kind.value}{on:%y%m%d}"}).scalar_one()
    return TicketNumber(kind, on, serial)
