"""What somebody asked before it was known for whom: once they are bound it is the enterprise's, and goes to its contact."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from domain.process import Given
from domain.routing import BY_ROUTE
from domain.ticket import TicketAction
from models.enterprise import Enterprise
from models.ticket import Ticket, TicketAssist
from services import audit
from services.ticket.act import act, lock
from services.ticket.deed import SYSTEM, Deed, Doer, Outcome
from services.ticket.find import IS_OPEN
from services.ticket.kind import process_of
from services.ticket.responsible import responsible_for
from services.ticket.roster import Assigned


def adopt_tickets(session: Session, enterprise: Enterprise, *, by: Doer, asker_id: int, now: datetime) -> list[Outcome]:
    """Gives the unverified tickets of the customer `asker_id` to an enterprise, unless they were for another one.

    Open ones get its grid, and whoever is responsible there: the hand-overs come back, to be told to both sides. What
    was given to somebody in person (转办, 改派, 仲裁) stays with them.
    """
    theirs = col(Ticket.enterprise_id).is_(None) | (col(Ticket.enterprise_id) == enterprise.id)
    query = select(Ticket.id).where(Ticket.requester_id == asker_id, Ticket.is_unverified, theirs)
    outcomes = (_adopt(session, id_ or 0, enterprise, by, now) for id_ in session.exec(query.order_by(col(Ticket.id))))
    return [outcome for outcome in outcomes if outcome is not None]


def doubt_tickets(session: Session, enterprise_id: int, *, asker_id: int) -> None:
    """What a customer still has open in an enterprise's name is marked, and goes on."""
    query = select(Ticket).where(Ticket.requester_id == asker_id, Ticket.enterprise_id == enterprise_id, IS_OPEN)
    for ticket in session.exec(query):
        ticket.is_unverified = True


def _adopt(session: Session, ticket_id: int, enterprise: Enterprise, by: Doer, now: datetime) -> Outcome | None:
    ticket = lock(session, ticket_id)
    assert ticket is not None
    ticket.enterprise_id, ticket.is_unverified = enterprise.id, False
    process, before = process_of(ticket.kind), ticket.grid_id
    is_open = process.states[ticket.state].is_open
    if is_open:
        ticket.grid_id = enterprise.grid_id
    details = {"enterprise": enterprise.id, "grid_before": before, "grid": ticket.grid_id}
    audit.record(session, "ticket.adopt", f"ticket:{ticket.id}", by=by.account, now=now, **details)
    session.flush()
    if not is_open or ticket.grid_id == before:
        return None
    found = responsible_for(session, ticket.grid_id, ticket.category, now=now)
    _lead(session, ticket, found)
    is_routed = ticket.acting_as in BY_ROUTE and process.rule(ticket.state, TicketAction.HAND_OVER) is not None
    if not is_routed or found.owner.id == ticket.owner_id:
        return None
    given = Given(target="接手的人", reason=f"已绑定{enterprise.name}")
    return act(session, ticket_id, Deed(TicketAction.HAND_OVER, given), by=SYSTEM, now=now)


def _lead(session: Session, ticket: Ticket, found: Assigned) -> None:
    """The units of the enterprise's grid lead and assist from now on."""
    assert ticket.id is not None
    ticket.lead_unit_id = found.lead_unit_id
    known = set(session.exec(select(TicketAssist.unit_id).where(TicketAssist.ticket_id == ticket.id)))
    new: Iterable[int] = set(found.assisting_unit_ids) - known
    session.add_all(TicketAssist(ticket_id=ticket.id, unit_id=unit) for unit in new)
    session.flush()
