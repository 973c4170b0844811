"""The open tickets of the grids somebody leads or holds: how many in each state, and those that are due first."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, func, or_, select

from domain.ticket import TICKET
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket, TicketClock
from services.person import roles_of
from services.ticket.find import IS_OPEN
from services.ticket.grid_board import scope_of
from services.ticket.show import Due, by_due_time

MOST_LINES = 7
_PAUSED = [code for code, state in TICKET.states.items() if state.is_paused]


@dataclass(frozen=True, slots=True)
class Board:
    """`name` says which grids; `states` are their words with how many tickets, `first` those due first.

    `is_led` says that its reader leads them, and so has their page in the console.
    """

    name: str
    states: tuple[tuple[str, int], ...]
    late: int
    first: tuple[Due, ...]
    is_led: bool = False

    @property
    def total(self) -> int:
        """How many are open."""
        return sum(number for _, number in self.states)


def board_for(session: Session, person: Person, *, now: datetime) -> Board | None:
    """The board of the grids somebody leads or holds; of the county for the leader on duty and the office; else None."""
    scope = scope_of(session, person, roles_of(session, person), now=now)
    if scope is not None and scope.grid_ids is None:
        return replace(_board(session, "全县", true(), now), is_led=True)
    held = select(Grid.id).where(or_(col(Grid.contact_id) == person.id, col(Grid.deputy_id) == person.id))
    ids = {*(scope.grid_ids or () if scope is not None else ()), *session.exec(held)}
    if not ids:
        return None
    found = _board(session, _name(session, ids), col(Ticket.grid_id).in_(ids), now)
    return replace(found, is_led=scope is not None)


def _board(session: Session, name: str, where: ColumnElement[bool], now: datetime) -> Board:
    counts = dict(
        session.exec(
            select(Ticket.state, func.count(col(Ticket.id))).where(where, IS_OPEN).group_by(Ticket.state)
        ).all()
    )
    running = (where, IS_OPEN, col(Ticket.state).not_in(_PAUSED))
    clocks = select(Ticket).join(TicketClock, col(TicketClock.ticket_id) == col(Ticket.id)).where(*running)
    late = select(func.count(func.distinct(col(TicketClock.ticket_id)))).join(
        Ticket, col(Ticket.id) == col(TicketClock.ticket_id)
    )
    # A ticket has at most three clocks that run, so these are enough to name the first ones.
    due = session.exec(clocks.order_by(col(TicketClock.due_at), col(Ticket.id)).limit(3 * MOST_LINES)).all()
    tickets = list({ticket.id: ticket for ticket in due}.values())
    return Board(
        name,
        tuple((state.label, counts[code]) for code, state in TICKET.states.items() if code in counts),
        session.exec(late.where(*running, col(TicketClock.due_at) < now)).one(),
        tuple(by_due_time(session, tickets, now=now)[:MOST_LINES]),
    )


def _name(session: Session, ids: set[int | None]) -> str:
    """The name of the topmost grid, or how many stand beside each other at the top."""
    tops = session.exec(
        select(Grid.name)
        .where(col(Grid.id).in_(ids), or_(col(Grid.parent_id).is_(None), col(Grid.parent_id).not_in(ids)))
        .order_by(col(Grid.code))
    ).all()
    return tops[0] if len(tops) == 1 else f"{tops[0]}等 {len(tops)} 个网格"
