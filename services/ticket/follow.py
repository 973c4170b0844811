"""How somebody's tickets stand, in one message."""

from datetime import datetime

from sqlmodel import Session, col, select

from domain.process import Actor
from domain.ticket import TicketAction, TicketState
from models.person import Person
from models.ticket import Ticket
from services.ticket.deed import Doer
from services.ticket.find import tickets_of_customer
from services.ticket.kind import process_of
from services.wording_ticket import spoken

MOST_SHOWN = 8


def progress(session: Session, by: Doer, *, now: datetime) -> str:
    """The open tickets of a customer and of their enterprises with state, owner and what is due next; empty when there are none."""
    tickets = tickets_of_customer(session, by)
    owners = select(Person).where(col(Person.id).in_({one.owner_id for one in tickets}))
    people = {person.id: person.name for person in session.exec(owners)}
    lines = [line_of(one, people[one.owner_id], by, now=now) for one in tickets[:MOST_SHOWN]]
    if len(tickets) > MOST_SHOWN:
        lines.append(f"还有 {len(tickets) - MOST_SHOWN} 件更早的，回“进度 编号”看。")
    return "\n\n".join([f"在办的有 {len(tickets)} 件。", *lines]) if lines else ""


def who_has_it(session: Session, by: Doer, *, now: datetime) -> str:
    """Who has the newest open ticket of a customer, and when they call; empty without one."""
    ticket = next((one for one in tickets_of_customer(session, by) if _is_own(one, by)), None)
    if ticket is None:
        return ""
    process = process_of(ticket.kind)
    next_ = _next(ticket, process.states[ticket.state].waits_for, by, now)
    can_hurry = process.rule(ticket.state, TicketAction.URGE) is not None
    owner = session.get_one(Person, ticket.owner_id).name
    hurry = "急的话回“催办”，我马上提醒他。" if can_hurry else ""
    return f"{ticket.number} 由{ticket.acting_as} {owner} 在办，{next_}。{hurry}"


def line_of(ticket: Ticket, owner: str, by: Doer, *, now: datetime) -> str:
    """One ticket in two lines: what it is, and where it stands."""
    state = process_of(ticket.kind).states[ticket.state]
    mark = "" if _is_own(ticket, by) else "（同事提的）"
    return (
        f"{ticket.number}｜{ticket.summary}{mark}\n{state.label} · {owner} · {_next(ticket, state.waits_for, by, now)}"
    )


def _is_own(ticket: Ticket, by: Doer) -> bool:
    """Whether a customer raised it, or staff did for their enterprise; else a colleague did."""
    return ticket.requester_id in (None, by.requester_id)


def _next(ticket: Ticket, waits_for: Actor | None, by: Doer, now: datetime) -> str:
    is_own = _is_own(ticket, by)
    if waits_for is Actor.REQUESTER and ticket.state == TicketState.TO_CONFIRM:
        return "等您回一句：已解决，还是没解决" if is_own else "等提出的人回一句"
    if waits_for is Actor.REQUESTER:
        return "等您这边"
    if ticket.first_contacted_at is None and ticket.contact_due_at > now:
        return f"{spoken(ticket.contact_due_at, now)} 前联系{'您' if is_own else '提出的人'}"
    late = "，已经超时，正在催" if ticket.resolve_due_at < now else ""
    return f"{spoken(ticket.resolve_due_at, now)} 前办结{late}"
