"""What residents report: whose grid it is, whether neighbours reported it already, and who of them hears the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from domain.process import Actor, Given, Transition
from domain.report_case import UNSORTED, is_danger, is_same_matter
from domain.ticket_number import Kind
from domain.triage import emergency_numbers
from models.customer import Customer
from models.estate import Estate
from models.report_follower import ReportFollower
from models.ticket import Ticket
from services import audit
from services import wording_resident as wording
from services.binding import origin_of
from services.group import find_estate, grid_of_resident
from services.ticket.act import log
from services.ticket.deed import Deed, Doer, Outcome, Telling
from services.ticket.filing import FILE, LONGEST_SUMMARY, Draft, file
from services.ticket.find import IS_OPEN
from services.ticket.responsible import owner_to_tell

NEAR_FOR = timedelta(hours=24)
MOST_COMPARED = 200
NAMELESS, HIDDEN = "居民", "居民（不留名）"


@dataclass(frozen=True, slots=True)
class Hazard:
    """A report on its way: the words with the place in them, numbers of files, the grid once it is known."""

    words: str
    media: tuple[str, ...] = ()
    grid_id: int | None = None


def doer_for(customer: Customer) -> Doer:
    """A resident as somebody who acts on what they reported; nobody else ever reads a name."""
    return Doer(requester_id=customer.id, requester_name=NAMELESS)


def grid_meant(session: Session, customer: Customer, words: str) -> int | None:
    """The grid of the estate that the words name, of the poster that was scanned, or of the resident's group."""
    return grid_named(session, words) or origin_of(session, customer).grid_id or grid_of_resident(session, customer)


def grid_named(session: Session, words: str) -> int | None:
    """The grid of the estates that stand in the words, or of the only one the whole words can mean."""
    rows = session.exec(select(Estate)).all()
    named = [(name, one.grid_id) for one in rows for name in (one.name, *one.aliases.split("、")) if len(name) > 1]
    inside = {grid_id for name, grid_id in named if name in words}
    if len(inside) == 1:
        return inside.pop()
    match = find_estate(session, words)
    return session.get_one(Estate, int(match.found.key)).grid_id if match.found is not None and not inside else None


def same_nearby(session: Session, hazard: Hazard, *, now: datetime) -> Ticket | None:
    """What somebody reported in the same grid within a day in much the same words, while it is open; the newest."""
    query = (
        select(Ticket)
        .where(Ticket.grid_id == hazard.grid_id, Ticket.kind == Kind.REPORT, IS_OPEN)
        .where(col(Ticket.opened_at) > now - NEAR_FOR)
        .order_by(col(Ticket.id).desc())
        .limit(MOST_COMPARED)
    )
    tickets = session.exec(query) if hazard.grid_id is not None else ()
    return next((one for one in tickets if is_same_matter(hazard.words, one.summary)), None)


def file_report(session: Session, hazard: Hazard, *, by: Customer, now: datetime) -> Outcome:
    """Files a report for the grid worker to sort; what is dangerous is urgent."""
    draft = Draft(
        summary=hazard.words[:LONGEST_SUMMARY],
        words=hazard.words,
        category=UNSORTED,
        is_urgent=is_danger(hazard.words) or bool(emergency_numbers(hazard.words)),
        media=hazard.media,
        kind=Kind.REPORT,
        grid_id=hazard.grid_id,
        requester_id=by.id,
        requester_name=NAMELESS,
    )
    return file(session, draft, by=doer_for(by), now=now)


def has_reported(session: Session, ticket: Ticket, customer: Customer) -> bool:
    """Whether a resident is among those who reported a case."""
    return ticket.requester_id == customer.id or session.get(ReportFollower, (ticket.id, customer.id)) is not None


def reporters(session: Session, ticket: Ticket) -> int:
    """How many residents reported a case."""
    query = select(func.count()).where(ReportFollower.ticket_id == ticket.id)
    return session.exec(query).one() + 1


def join(session: Session, ticket: Ticket, hazard: Hazard, *, by: Customer, now: datetime) -> Outcome:
    """Adds a resident to those who reported a case, once, with what they said; the owner hears how many they are."""
    assert ticket.id is not None
    assert by.id is not None
    before = reporters(session, ticket)
    if has_reported(session, ticket, by):
        return Outcome(ticket, wording.reported_before(ticket.number))
    session.add(ReportFollower(ticket_id=ticket.id, customer_id=by.id, joined_at=now))
    stays = Transition(FILE, ticket.state, ticket.state, is_closed=False, is_reopened=False)
    deed = Deed(FILE, Given(text=hazard.words), hazard.media)
    log(session, ticket, deed, stays, capacity=Actor.REQUESTER, by=doer_for(by), now=now)
    session.flush()
    audit.record(session, "ticket.join", f"ticket:{ticket.id}", by=doer_for(by).account, now=now)
    owner = owner_to_tell(session, ticket, now=now)
    text = wording.reported_by_more(f"{ticket.number}｜{ticket.summary}", before + 1, hazard.words)
    told = Telling(f"report-join:{ticket.id}:{by.id}", ticket.number, Actor.OWNER, text, owner)
    return Outcome(ticket, wording.joined(ticket.number, before), (told,))


def hide_name(session: Session, ticket: Ticket, *, by: Customer, now: datetime) -> None:
    """Marks a report as one whose reporter wants no name in it."""
    ticket.requester_name = HIDDEN
    session.add(ticket)
    audit.record(session, "ticket.hide_name", f"ticket:{ticket.id}", by=doer_for(by).account, now=now)
