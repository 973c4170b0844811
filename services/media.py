"""Pictures and files that people send: noted with the message they came in, and bound to the case they belong to."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from models.media import MediaFile, MediaKind

# As long as the message it came in.
KEEP_UNATTACHED = timedelta(days=190)
LONGEST_MEDIA_ID = 512
_NUMBER = re.compile(r"[0-9]{1,18}")
# The platform's names for it: in the app's callbacks and in 微信客服.
_ID_FIELDS = ("MediaId", "media_id")


def note(session: Session, kind: str, fields: Mapping[str, Any], *, by: str, now: datetime) -> MediaFile | None:
    """The file of a message, to be fetched soon; None when the message has none (a place, a link) or names it badly.

    `kind` and `fields` are the message's, `by` is the sender's address. `str(found.id)` is what a ticket's `media` holds.
    """
    media_id = next((fields[name] for name in _ID_FIELDS if name in fields), "")
    if kind not in set(MediaKind) or not _is_id(media_id):
        return None
    found = MediaFile(
        sender=by,
        kind=MediaKind(kind),
        media_id=media_id,
        received_at=now,
        due_at=now,
        purge_at=now + KEEP_UNATTACHED,
    )
    session.add(found)
    session.flush()
    return found


def attach(session: Session, media: Collection[str], ticket_id: int) -> None:
    """Binds files to a ticket for as long as the ticket is kept; one that belongs to another stays there."""
    ids = [int(one) for one in media if _NUMBER.fullmatch(one)]
    if not ids:
        return
    session.flush()
    free = col(MediaFile.id).in_(ids), col(MediaFile.ticket_id).is_(None)
    session.connection().execute(update(MediaFile).where(*free).values(ticket_id=ticket_id, purge_at=None))


def _is_id(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST_MEDIA_ID and text.isascii() and text.isprintable()
