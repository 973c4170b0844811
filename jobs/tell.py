"""What services want said about tickets, as notices of the clock: in duty hours, to staff and to who raised them."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.message import Button, Notice, Purpose, Reply
from services.ticket.deed import Telling
from services.ticket.telling import reachable


def notices_of(session: Session, tellings: Iterable[Telling]) -> list[Notice]:
    """A notice for each telling whose addressee can be reached."""
    return [
        Notice(to, one.key, Reply(one.text, tuple(Button(*button) for button in one.buttons)), Purpose.DIGEST)
        for to, one in reachable(session, tellings)
    ]
