"""The nightly look: no enterprise without a holder, no ticket with an owner who has left, no due time out of date."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.routing import without_holder
from models.enterprise import Enterprise
from models.grid import Grid
from models.ticket import Ticket, TicketClock
from services.ticket.clock import count_again
from services.ticket.deed import Telling
from services.ticket.hand_over import hand_over_of_leavers
from services.ticket.responsible import grid_chain, posts_of


@dataclass(frozen=True, slots=True)
class HolderCheck:
    """The names of the grids that have enterprises and neither holder nor deputy, and who is to be told of handovers."""

    without_holder: tuple[str, ...]
    tellings: tuple[Telling, ...]


def check_holders(session: Session, *, now: datetime) -> HolderCheck:
    """Finds enterprises that nobody holds, and hands on the open tickets of people who have left."""
    told = hand_over_of_leavers(session, now=now)
    grids = session.exec(
        select(Grid).where(col(Grid.id).in_(select(Enterprise.grid_id))).order_by(col(Grid.code))
    ).all()
    posts = [posts_of(grid_chain(session, grid.id)[:1])[0] for grid in grids]
    lost = set(without_holder(posts))
    return HolderCheck(tuple(grid.name for grid in grids if str(grid.id) in lost), tuple(told))


def count_clocks_again(session: Session, *, now: datetime) -> int:
    """Brings every due time that runs up to date with the calendar; returns for how many tickets."""
    query = select(Ticket).where(col(Ticket.id).in_(select(TicketClock.ticket_id))).order_by(col(Ticket.id))
    tickets = session.exec(query).all()
    for ticket in tickets:
        count_again(session, ticket, now=now)
    return len(tickets)
