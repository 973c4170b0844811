"""What services want said about tickets, as notices of the clock: in duty hours, to staff and to who raised them."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.message import Button, Notice, Purpose, Reply
from models.customer import Customer
from services.ticket.deed import Telling


def notices_of(session: Session, tellings: Iterable[Telling]) -> list[Notice]:
    """A notice for each telling whose addressee can be reached."""
    return [notice for one in tellings if (notice := _notice(session, one)) is not None]


def _notice(session: Session, one: Telling) -> Notice | None:
    customer = session.get(Customer, one.requester_id) if one.requester_id is not None else None
    to = one.person or customer
    if to is None:
        return None
    reply = Reply(one.text, tuple(Button(label, says) for label, says in one.buttons))
    return Notice(to, one.key, reply, Purpose.DIGEST)
