"""Tickets as staff read them: a list with what is due first, and one with its log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.sla import is_overdue
from models.enterprise import Enterprise
from models.person import Person
from models.ticket import Clock, Ticket, TicketClock, TicketEvent
from services import audit
from services.ticket.filing import FILE
from services.ticket.find import log_of
from services.ticket.kind import process_of
from services.ticket.telling import UNBOUND, title_of
from services.wording_ticket import spoken

MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Due:
    """A ticket with whose it is and the due time that runs out first; without one it waits for somebody else."""

    ticket: Ticket
    asker: str
    owner: str
    state: str
    which: Clock | None
    due_at: datetime | None
    is_late: bool

    def line(self, now: datetime) -> str:
        """1120-7 固电电子｜招普工 30 人｜接单 今天 16:20."""
        head = f"{self.ticket.on:%m%d}-{self.ticket.serial} {self.asker}｜{self.ticket.summary}"
        if self.which is None or self.due_at is None:
            return f"{head}｜{self.state}"
        late = "（已超时）" if self.is_late else ""
        return f"{head}｜{self.which.label} {spoken(self.due_at, now)}{late}"


def by_due_time(session: Session, tickets: Sequence[Ticket], *, now: datetime) -> list[Due]:
    """The tickets by what runs out first, so that the overdue lead; those that stand still come last."""
    ids = [ticket.id for ticket in tickets]
    clocks: dict[int, TicketClock] = {}
    query = select(TicketClock).where(col(TicketClock.ticket_id).in_(ids)).order_by(col(TicketClock.due_at).desc())
    clocks.update((clock.ticket_id, clock) for clock in session.exec(query))
    names = _names(session, tickets)
    owners = select(Person.id, Person.name).where(col(Person.id).in_({one.owner_id for one in tickets}))
    owned_by = dict(session.exec(owners).all())
    found = []
    for ticket in tickets:
        state = process_of(ticket.kind).states[ticket.state]
        clock = None if state.is_paused else clocks.get(ticket.id or 0)
        asker = names.get(ticket.enterprise_id or 0) or ticket.requester_name or UNBOUND
        which, due_at = (clock.which, clock.due_at) if clock is not None else (None, None)
        is_late = due_at is not None and is_overdue(now, due_at)
        found.append(Due(ticket, asker, owned_by[ticket.owner_id], state.label, which, due_at, is_late))
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or now, one.ticket.id or 0))


def detail(session: Session, ticket: Ticket, *, by: Person, now: datetime) -> str:
    """One ticket with its due times and the end of its log, for staff; the look is noted in the audit log."""
    audit.record(session, "ticket.look", f"ticket:{ticket.id}", by=by.account, now=now)
    owner = session.get_one(Person, ticket.owner_id)
    state = process_of(ticket.kind).states[ticket.state]
    urgent = "｜急" if ticket.is_urgent else ""
    unverified = "｜未绑定，请核实身份" if ticket.is_unverified else ""
    lines = [
        title_of(session, ticket),
        f"{ticket.category}{urgent}｜{state.label}｜{owner.name}（{ticket.acting_as}）",
        f"来自{ticket.source}{f' {ticket.requester_name}' if ticket.requester_name else ''}{unverified}",
    ]
    lines += filter(None, [_due_times(session, ticket, now)])
    events = log_of(session, ticket, is_internal=True)
    if len(events) > MOST_LINES:
        lines.append(f"前面还有 {len(events) - MOST_LINES} 条记录")
    return "\n".join([*lines, *(_event_line(session, ticket, event, now) for event in events[-MOST_LINES:])])


def _due_times(session: Session, ticket: Ticket, now: datetime) -> str:
    if process_of(ticket.kind).states[ticket.state].is_paused:
        return "时限停着，等对方回话"
    query = select(TicketClock).where(TicketClock.ticket_id == ticket.id).order_by(col(TicketClock.due_at))
    return "｜".join(
        f"{clock.which.label} {spoken(clock.due_at, now)}{'（已超时）' if is_overdue(now, clock.due_at) else ''}"
        for clock in session.exec(query)
    )


def _event_line(session: Session, ticket: Ticket, event: TicketEvent, now: datetime) -> str:
    who = session.get_one(Person, event.person_id).name if event.person_id is not None else event.capacity.label
    actions = process_of(ticket.kind).actions
    word = "提出" if event.action == FILE else actions[event.action].word
    days = f" {event.days} 天" if event.days else ""
    given_to = ""
    if event.owner_after_id != event.owner_before_id:
        given_to = f"，交给 {session.get_one(Person, event.owner_after_id).name}"
    words = f"：{event.words}" if event.words else ""
    media = f"（{len(event.media)} 份材料）" if event.media else ""
    internal = "（内部）" if event.is_internal else ""
    proof = f"（{event.proof}）" if event.proof else ""
    return f"{spoken(event.at, now)} {who} {word}{internal}{proof}{days}{given_to}{words}{media}"


def _names(session: Session, tickets: Sequence[Ticket]) -> dict[int, str]:
    ids = {ticket.enterprise_id for ticket in tickets if ticket.enterprise_id is not None}
    rows = session.exec(select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_(ids)))
    return {id_: name for id_, name in rows if id_ is not None}
