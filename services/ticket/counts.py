"""How many acts on tickets a person did in a time, by the names that indicators and key results give as their source."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session, col, func, select

from domain.calendar import local_date
from domain.ticket import Proof, TicketAction, TicketState
from models.enterprise_visit import EnterpriseVisit
from models.okr import CountedSource
from models.ticket import Ticket, TicketEvent, TicketSource


def counts_of(session: Session, person_id: int, start: datetime, end: datetime) -> dict[CountedSource, int]:
    """Every source with its number from `start` up to `end`; what was confirmed counts, what lapsed does not."""
    return {source: count(session, person_id, start, end) for source, count in _COUNTS.items()}


def _solved(session: Session, person_id: int, start: datetime, end: datetime) -> int:
    """Requests that the person owns and their requester confirmed."""
    query = select(func.count()).select_from(Ticket)
    solved = query.where(Ticket.owner_id == person_id, Ticket.state == TicketState.SOLVED)
    return session.exec(solved.where(col(Ticket.closed_at) >= start, col(Ticket.closed_at) < end)).one()


def _contacted(session: Session, person_id: int, start: datetime, end: datetime) -> int:
    """First contacts the person made in time."""
    query = (
        select(func.count(func.distinct(col(TicketEvent.ticket_id))))
        .join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
        .where(TicketEvent.person_id == person_id, TicketEvent.action == TicketAction.CONTACT)
        .where(TicketEvent.at >= start, TicketEvent.at < end)
        .where(TicketEvent.at == Ticket.first_contacted_at, col(TicketEvent.at) <= col(Ticket.contact_due_at))
    )
    return session.exec(query).one()


def _visited(session: Session, person_id: int, start: datetime, end: datetime) -> int:
    """Visits to enterprises, one per enterprise and day: noted, made for a first contact, or filed from."""
    on_the_spot = (
        select(Ticket.enterprise_id, TicketEvent.at)
        .join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
        .where(TicketEvent.person_id == person_id, TicketEvent.action == TicketAction.CONTACT)
        .where(TicketEvent.at >= start, TicketEvent.at < end, TicketEvent.proof == Proof.VISIT)
    )
    filed = (
        select(Ticket.enterprise_id, Ticket.opened_at)
        .where(Ticket.filed_by_id == person_id, Ticket.source == TicketSource.VISIT)
        .where(Ticket.opened_at >= start, Ticket.opened_at < end)
    )
    noted = (
        select(EnterpriseVisit.enterprise_id, EnterpriseVisit.visited_at)
        .where(EnterpriseVisit.person_id == person_id)
        .where(EnterpriseVisit.visited_at >= start, EnterpriseVisit.visited_at < end)
    )
    visits: list[tuple[int | None, datetime]] = [*session.exec(on_the_spot), *session.exec(filed), *session.exec(noted)]
    return len({(enterprise, local_date(at)) for enterprise, at in visits if enterprise is not None})


_COUNTS: Mapping[CountedSource, Callable[[Session, int, datetime, datetime], int]] = {
    CountedSource.SOLVED: _solved,
    CountedSource.CONTACTED: _contacted,
    CountedSource.VISITED: _visited,
}
