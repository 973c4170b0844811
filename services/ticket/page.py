"""One ticket for whoever has to do with it: what is known, its whole log, and what was asked about the three rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.media import MediaFile
from models.person import Person, Role
from models.ticket import Ticket, TicketAssist, TicketEvent
from models.unit import Unit
from services.ticket.deed import Doer
from services.ticket.exclusion import Wish, wishes
from services.ticket.filing import FILE
from services.ticket.find import log_of, may_see
from services.ticket.kind import process_of
from services.ticket.listing import Line, lines_of
from services.ticket.media import files_of


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log: who did what, and what the ticket became where that changed."""

    event: TicketEvent
    who: str
    what: str
    became: str
    files: tuple[MediaFile, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Everything about a ticket, the oldest line of its log first."""

    line: Line
    units: tuple[str, ...]
    log: tuple[LogLine, ...]
    wishes: tuple[Wish, ...]


def find_page(session: Session, number: str, *, by: Person, roles: frozenset[Role], now: datetime) -> Ticket | None:
    """The ticket with this number if one has to do with it or is of the office; None as for one that does not exist."""
    ticket = session.exec(select(Ticket).where(Ticket.number == number.upper())).first()
    if ticket is None:
        return None
    return ticket if Role.OFFICE in roles or may_see(session, ticket, by=Doer(person=by), now=now) else None


def page_of(session: Session, ticket: Ticket, *, now: datetime) -> TicketPage:
    """The page of a ticket, with what only staff may read."""
    events = log_of(session, ticket, is_internal=True)
    ids = {event.person_id for event in events if event.person_id is not None}
    people = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all())
    assisting = select(TicketAssist.unit_id).where(TicketAssist.ticket_id == ticket.id)
    files = files_of(session, ticket)
    names = select(Unit.name).where(col(Unit.id).in_(assisting) | (col(Unit.id) == ticket.lead_unit_id))
    return TicketPage(
        line=lines_of(session, [ticket], now=now)[0],
        units=tuple(session.exec(names.order_by(col(Unit.code)))),
        log=tuple(_log_line(ticket, event, people, files) for event in events),
        wishes=tuple(wishes(session, ticket_id=ticket.id)),
    )


def _log_line(
    ticket: Ticket, event: TicketEvent, people: Mapping[int | None, str], files: Mapping[str, MediaFile]
) -> LogLine:
    process = process_of(ticket.kind)
    doing = process.actions.get(event.action)
    what = doing.word if doing is not None else "提出" if event.action == FILE else event.action
    who = people.get(event.person_id, event.capacity.label)
    became = process.states[event.after].label if event.before != event.after else ""
    return LogLine(event, who, what, became, tuple(files[one] for one in event.media if one in files))
