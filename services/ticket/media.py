"""Who may look at the pictures and files that people sent."""

from datetime import datetime

from sqlmodel import Session, select

from models.media import MediaFile, MediaState
from models.person import Person, Role
from models.ticket import Ticket
from services.ticket.deed import Doer
from services.ticket.find import may_see


def files_of(session: Session, ticket: Ticket) -> dict[str, MediaFile]:
    """The files of a ticket by their number as the lines of its log name it."""
    found = session.exec(select(MediaFile).where(MediaFile.ticket_id == ticket.id))
    return {str(file.id): file for file in found}


def visible_file(
    session: Session, file_id: int, *, by: Person, roles: frozenset[Role], now: datetime
) -> MediaFile | None:
    """A kept file, for the office and whoever may see its ticket; one that belongs to none, for its own sender alone; else None."""
    found = session.get(MediaFile, file_id)
    if found is None or found.state is not MediaState.KEPT:
        return None
    if found.ticket_id is None:
        return found if found.sender == by.account else None
    ticket = session.get_one(Ticket, found.ticket_id)
    return found if Role.OFFICE in roles or may_see(session, ticket, by=Doer(person=by), now=now) else None
