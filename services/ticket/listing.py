"""Tickets as lines of a list: with the names that a reader looks for, in as many queries however long the list is."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, select

from domain.ticket import TicketState
from models.enterprise import Enterprise
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket
from services.ticket.kind import process_of

# States in which the time to be solved does not run: it is over, or it waits for the enterprise.
AT_REST = (TicketState.PAUSED, TicketState.TO_CONFIRM, TicketState.SOLVED, TicketState.LAPSED, TicketState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket with the names beside it; `is_late` says that its time to be solved is over and it is not."""

    ticket: Ticket
    state: str
    asker: str
    grid: str
    owner: str
    is_late: bool


def lines_of(session: Session, tickets: Sequence[Ticket], *, now: datetime) -> list[Line]:
    """A line per ticket, in the same order."""
    people = _named(session, Person, {one.owner_id for one in tickets})
    grids = _named(session, Grid, {one.grid_id for one in tickets})
    enterprises = _named(session, Enterprise, {one.enterprise_id for one in tickets})
    return [
        Line(
            ticket=one,
            state=process_of(one.kind).states[one.state].label,
            asker=enterprises.get(one.enterprise_id) or one.requester_name or "未绑定的提问人",
            grid=grids.get(one.grid_id, "没有网格"),
            owner=people[one.owner_id],
            is_late=one.state not in AT_REST and one.resolve_due_at < now,
        )
        for one in tickets
    ]


def _named(session: Session, model: type[SQLModel], ids: AbstractSet[int | None]) -> dict[int | None, str]:
    table: Any = SQLModel.metadata.tables[str(model.__tablename__)]
    rows = session.connection().execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids - {None})))
    return {row[0]: row[1] for row in rows}
