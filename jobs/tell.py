"""What services want said about tickets, as notices of the clock: in duty hours."""

from collections.abc import Iterable

from bot.message import Button, Notice, Purpose, Reply
from services.ticket.deed import Telling


def notices_of(tellings: Iterable[Telling]) -> list[Notice]:
    """A notice for each telling that goes to a member of staff."""
    return [
        Notice(
            one.person,
            one.key,
            Reply(one.text, tuple(Button(label, says) for label, says in one.buttons)),
            Purpose.DIGEST,
        )
        for one in tellings
        if one.person is not None
    ]
