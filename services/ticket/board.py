"""The open tickets of the grids somebody leads or holds: how many in each state, and those that are due first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, func, or_, select

from domain.ticket import TICKET
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket, TicketClock
from services.ticket.find import IS_OPEN, grids_led
from services.ticket.responsible import duty_leader
from services.ticket.show import Due, by_due_time

MOST_LINES = 8
_PAUSED = [code for code, state in TICKET.states.items() if state.is_paused]


@dataclass(frozen=True, slots=True)
class Board:
    """`name` says which grids; `states` are their words with how many tickets, `first` those due first."""

    name: str
    states: tuple[tuple[str, int], ...]
    late: int
    first: tuple[Due, ...]

    @property
    def total(self) -> int:
        """How many are open."""
        return sum(number for _, number in self.states)


def board_for(session: Session, person: Person, *, now: datetime) -> Board | None:
    """The board of the grids somebody leads or holds, with those below; of the whole county for the leader on duty.

    None for everybody else.
    """
    held = select(Grid.id).where(or_(col(Grid.contact_id) == person.id, col(Grid.deputy_id) == person.id))
    ids = {*grids_led(session, person), *session.exec(held)}
    if ids:
        return _board(session, _name(session, ids), col(Ticket.grid_id).in_(ids), now)
    top = duty_leader(session, now=now)
    return _board(session, "全县", true(), now) if top is not None and top.id == person.id else None


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
