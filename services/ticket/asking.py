"""What a customer has already asked: what was filed just now, and what looks like the same matter."""

from datetime import datetime, timedelta

from rapidfuzz import fuzz
from sqlmodel import Session, col, func, select

from domain.triage_words import CATEGORIES, OTHER
from models.routing import TicketCategory
from models.ticket import Ticket, TicketSource
from services.ticket.deed import Doer
from services.ticket.find import tickets_of_customer

# What comes so soon after a ticket was filed belongs to it.
GOES_ON_FOR = timedelta(minutes=30)
MOST_A_MINUTE = 5
ALIKE = 60.0


def categories_of(session: Session) -> list[str]:
    """The categories people choose from, in the county's order."""
    rows = session.exec(select(TicketCategory.name).order_by(col(TicketCategory.position), col(TicketCategory.id)))
    return list(rows) or [one.name for one in (*CATEGORIES, OTHER)]


def filed_just_now(session: Session, by: Doer, *, now: datetime) -> Ticket | None:
    """The open ticket a customer filed within half an hour: what follows belongs to it."""
    newest = next(iter(_raised_by(session, by)), None)
    return newest if newest is not None and now - newest.opened_at <= GOES_ON_FOR else None


def going_on(session: Session, by: Doer, *, now: datetime) -> Ticket | None:
    """The ticket that pictures belong to: filed within half an hour, or the only open one."""
    tickets = _raised_by(session, by)
    return filed_just_now(session, by, now=now) or (tickets[0] if len(tickets) == 1 else None)


def alike(session: Session, by: Doer, category: str, summary: str) -> Ticket | None:
    """An open ticket of theirs and of this category whose few words are much the same; the most alike."""
    known = [one for one in tickets_of_customer(session, by) if one.category == category]
    scored = [(fuzz.partial_ratio(summary, one.summary), one.id or 0, one) for one in known]
    best = max(scored, default=None, key=lambda one: one[:2])
    return best[2] if best is not None and best[0] >= ALIKE else None


def filed_lately(session: Session, by: Doer, *, now: datetime) -> int:
    """How many tickets a customer filed within the last minute."""
    query = select(func.count()).where(
        Ticket.requester_id == by.requester_id,
        Ticket.source == TicketSource.CHAT,
        col(Ticket.opened_at) > now - timedelta(minutes=1),
    )
    return session.exec(query).one()


def _raised_by(session: Session, by: Doer) -> list[Ticket]:
    return [one for one in tickets_of_customer(session, by) if one.requester_id == by.requester_id]
