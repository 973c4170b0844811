"""Who passes a message on to a customer by phone: the owner of the ticket that it is about."""

import re
from datetime import datetime

from sqlmodel import Session, col, select

from models.customer import Customer
from models.person import Person
from models.ticket import Ticket
from services import audit
from services.ticket.responsible import owner_to_tell
from services.ticket.telling import title_of

_NUMBER = re.compile(r"[A-Z]\d{6}-\d{4,6}")


def whose_word(session: Session, customer: Customer, text: str, *, now: datetime) -> tuple[Person, str] | None:
    """The owner, or who stands in, and the ticket's title; None for somebody who never raised a ticket.

    The ticket is the one that the text names, else the newest.
    """
    query = select(Ticket).where(Ticket.requester_id == customer.id).order_by(col(Ticket.id).desc())
    named = _NUMBER.search(text)
    ticket = session.exec(query.where(Ticket.number == named[0])).first() if named else None
    ticket = ticket or session.exec(query.limit(1)).first()
    if ticket is None:
        return None
    return owner_to_tell(session, ticket, now=now), title_of(session, ticket)


def note_passed_on(session: Session, message_id: int, *, by: Person, now: datetime) -> None:
    """Writes down that somebody told a customer by phone what could not be sent."""
    audit.record(session, "outbox.pass_on", f"outbox:{message_id}", by=by.account, now=now)
