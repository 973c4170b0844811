"""Finds tickets and enterprises: one's own, those of an enterprise, and the one that is meant by a number or a tail."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from domain.errors import DomainError
from domain.name_match import Match, Named, NameIndex
from domain.process import allowed
from domain.ticket_number import Kind, TicketNumber, find_number, numbers_meant, read_number
from models.enterprise import Enterprise
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket, TicketAssist, TicketEvent
from services.ticket.deed import Doer
from services.ticket.kind import KINDS, process_of
from services.ticket.responsible import capacities, duty_leader

# How long a closed ticket is still meant by its tail.
CLOSED_LATELY = timedelta(days=30)
MOST = 200

_CLOSED = sorted({code for kind in KINDS.values() for code, state in kind.process.states.items() if not state.is_open})
IS_OPEN = col(Ticket.state).not_in(_CLOSED)


def own_tickets(session: Session, person: Person, *, kind: Kind | None = None) -> list[Ticket]:
    """The open tickets a person owns, the one due first at the head; at most 200."""
    query = select(Ticket).where(Ticket.owner_id == person.id, IS_OPEN)
    if kind is not None:
        query = query.where(Ticket.kind == kind)
    return list(session.exec(query.order_by(col(Ticket.resolve_due_at), col(Ticket.id)).limit(MOST)))


def tickets_of_customer(session: Session, by: Doer, *, is_open: bool = True) -> list[Ticket]:
    """The tickets a customer raised, and those of the enterprises they are bound to; the newest first."""
    query = select(Ticket).where(or_(_of_customer(by), _of_colleagues(by)))
    if is_open:
        query = query.where(IS_OPEN)
    return list(session.exec(query.order_by(col(Ticket.id).desc()).limit(MOST)))


def tickets_of_enterprise(session: Session, enterprise_id: int, *, is_open: bool = True) -> list[Ticket]:
    """The tickets of an enterprise, the newest first."""
    query = select(Ticket).where(Ticket.enterprise_id == enterprise_id)
    if is_open:
        query = query.where(IS_OPEN)
    return list(session.exec(query.order_by(col(Ticket.id).desc()).limit(MOST)))


def tickets_in_grids(session: Session, grid_ids: Collection[int]) -> list[Ticket]:
    """The open tickets of these grids, the one due first at the head; at most 200."""
    query = select(Ticket).where(col(Ticket.grid_id).in_(grid_ids), IS_OPEN)
    return list(session.exec(query.order_by(col(Ticket.resolve_due_at), col(Ticket.id)).limit(MOST)))


def grids_led(session: Session, person: Person) -> list[int]:
    """The grids a person leads, with all below them."""
    below = select(Grid.id).where(Grid.supervisor_id == person.id).cte("below", recursive=True)
    below = below.union(select(Grid.id).where(col(Grid.parent_id) == below.c.id))
    return [id_ for id_ in session.exec(select(below.c.id)) if id_ is not None]


def tickets_to_act_on(session: Session, person: Person, action: str, *, now: datetime) -> list[Ticket]:
    """The open tickets to which somebody may do something: their own, else those of the grids they lead; due first."""
    by = Doer(person=person)

    def takes(ticket: Ticket) -> bool:
        return action in allowed(process_of(ticket.kind), ticket.state, capacities(session, ticket, by, now=now))

    own = [ticket for ticket in own_tickets(session, person) if takes(ticket)]
    return own or [ticket for ticket in tickets_in_grids(session, grids_led(session, person)) if takes(ticket)]


def find_ticket(session: Session, said: str, *, by: Doer, now: datetime) -> Ticket:
    """The ticket meant by a whole number or a tail, among those somebody has to do with; others do not exist for them.

    A tail is looked for among what one owns or raised, then what one assists in or leads. Refuses what is not found
    and a tail that several share.
    """
    whole = read_number(said)
    if whole is not None:
        ticket = session.exec(select(Ticket).where(Ticket.number == str(whole))).first()
        if ticket is not None and may_see(session, ticket, by=by, now=now):
            return ticket
        if ticket is not None and _was_theirs(session, ticket, by):
            owner = session.get_one(Person, ticket.owner_id)
            raise DomainError(f"{ticket.number} 已经改由 {owner.name} 来办，你不用管了。")
        return _refused(said)
    for tickets in _layers(session, by, now):
        numbers = {TicketNumber(one.kind, one.on, one.serial): one for one in tickets}
        if numbers_meant(said, numbers):
            return numbers[find_number(said, numbers)]
    return _refused(said)


def may_see(session: Session, ticket: Ticket, *, by: Doer, now: datetime) -> bool:
    """Whether somebody has to do with a ticket: in any capacity, or because they filed it."""
    filed = by.person is not None and ticket.filed_by_id == by.person.id
    return filed or bool(capacities(session, ticket, by, now=now))


def deals_with_tickets(session: Session, person: Person, *, now: datetime) -> bool:
    """Whether somebody stands for a grid, is the leader on duty, or ever owned or filed a ticket."""
    posts = (Grid.contact_id, Grid.deputy_id, Grid.supervisor_id)
    if session.exec(select(Grid.id).where(or_(*(col(post) == person.id for post in posts))).limit(1)).first():
        return True
    own = or_(col(Ticket.owner_id) == person.id, col(Ticket.filed_by_id) == person.id)
    if session.exec(select(Ticket.id).where(own).limit(1)).first():
        return True
    top = duty_leader(session, now=now)
    return top is not None and top.id == person.id


def log_of(session: Session, ticket: Ticket, *, is_internal: bool) -> Sequence[TicketEvent]:
    """The ticket's log, the oldest line first; what only staff may read is left out unless `is_internal`."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    if not is_internal:
        query = query.where(col(TicketEvent.is_internal).is_(False))
    return session.exec(query.order_by(col(TicketEvent.id))).all()


def find_enterprise(session: Session, said: str) -> Match:
    """The enterprise that a name people type may mean; `key` is its id as text. Never one of several."""
    rows = session.exec(select(Enterprise.id, Enterprise.name, Enterprise.aliases).order_by(col(Enterprise.id))).all()
    return _index(tuple((id_ or 0, name, aliases) for id_, name, aliases in rows)).find(said)


@lru_cache(maxsize=2)
def _index(rows: tuple[tuple[int, str, str], ...]) -> NameIndex:
    """Built once for as long as no name changes: reading the names is quick, preparing them is not."""
    return NameIndex(Named(str(id_), name, tuple(filter(None, aliases.split("、")))) for id_, name, aliases in rows)


def _layers(session: Session, by: Doer, now: datetime) -> Iterator[list[Ticket]]:
    is_recent = or_(IS_OPEN, col(Ticket.closed_at) >= now - CLOSED_LATELY)
    if by.is_customer:
        yield _newest(session, _of_customer(by), is_recent)
        yield _newest(session, _of_colleagues(by), is_recent)
        return
    if by.person is None:
        return
    me = by.person
    yield _newest(session, col(Ticket.owner_id) == me.id, is_recent)
    assisted = select(TicketAssist.ticket_id).where(TicketAssist.unit_id == me.unit_id)
    assists = or_(
        col(Ticket.filed_by_id) == me.id, col(Ticket.lead_unit_id) == me.unit_id, col(Ticket.id).in_(assisted)
    )
    led = or_(assists, col(Ticket.grid_id).in_(grids_led(session, me)))
    yield _newest(session, led, is_recent)
    top = duty_leader(session, now=now)
    if top is not None and top.id == me.id:
        yield _newest(session, IS_OPEN)


def _of_customer(by: Doer) -> ColumnElement[bool]:
    for_them = col(Ticket.requester_id).is_(None) & col(Ticket.enterprise_id).in_(by.enterprise_ids)
    return (col(Ticket.requester_id) == by.requester_id) | for_them


def _of_colleagues(by: Doer) -> ColumnElement[bool]:
    return col(Ticket.enterprise_id).in_(by.enterprise_ids) & col(Ticket.is_unverified).is_(False)


def _newest(session: Session, *where: ColumnElement[bool]) -> list[Ticket]:
    return list(session.exec(select(Ticket).where(*where).order_by(col(Ticket.id).desc()).limit(5 * MOST)))


def _was_theirs(session: Session, ticket: Ticket, by: Doer) -> bool:
    """Whether somebody owned a ticket before; they may be told whose it is, and no more."""
    if by.person is None:
        return False
    query = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.owner_before_id == by.person.id
    )
    return session.exec(query.limit(1)).first() is not None


def _refused(said: str) -> Ticket:
    raise DomainError(f"没找到“{said.strip()[:20]}”这件，请看看编号对不对。")
