"""Files as the fetcher leaves them, for pages that show them."""

from sqlmodel import Session

from bot.media.folder import MediaFolder
from models.media import MediaFile, MediaKind, MediaState
from models.ticket import Ticket
from tests.times import FRIDAY


def keep_file(
    session: Session,
    folder: MediaFolder,
    *,
    sender: str,
    ticket: Ticket | None = None,
    state: MediaState = MediaState.KEPT,
) -> MediaFile:
    """A picture of somebody's, of a ticket or of none."""
    file = MediaFile(
        sender=sender,
        kind=MediaKind.IMAGE,
        media_id="",
        filename="厂门口.jpg",
        content_type="image/jpeg",
        path=folder.draw(),
        state=state,
        received_at=FRIDAY,
        kept_at=FRIDAY,
        due_at=FRIDAY,
        ticket_id=ticket.id if ticket is not None else None,
    )
    folder.keep(file.path, b"\xff\xd8\xff picture")
    session.add(file)
    session.flush()
    return file
