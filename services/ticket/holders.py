"""The nightly look: no enterprise without a holder, no ticket with an owner who has left, no due time out of date."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.routing import GridPost, without_holder
from models.enterprise import Enterprise
from models.grid import Grid
from models.person import Person
from services.ticket.clock import count_everything_again
from services.ticket.deed import Telling
from services.ticket.hand_over import hand_over_of_leavers


@dataclass(frozen=True, slots=True)
class HolderCheck:
    """The names of the grids that have enterprises and neither holder nor deputy, and who is to be told of handovers."""

    without_holder: tuple[str, ...]
    tellings: tuple[Telling, ...]


def check_holders(session: Session, *, now: datetime) -> HolderCheck:
    """Finds enterprises that nobody holds, and hands on the open tickets of people who have left."""
    told = hand_over_of_leavers(session, now=now)
    rows = session.exec(
        select(Grid.code, Grid.name, Grid.contact_id, Grid.deputy_id)
        .where(col(Grid.id).in_(select(Enterprise.grid_id)))
        .order_by(col(Grid.code))
    ).all()
    here = set(session.exec(select(Person.id).where(col(Person.left_at).is_(None))))
    # Two questions for the whole county, not several for each grid.
    posts = [GridPost(name, *(str(id_ or "") if id_ in here else "" for id_ in pair)) for _, name, *pair in rows]
    return HolderCheck(tuple(without_holder(posts)), tuple(told))


def count_clocks_again(session: Session, *, now: datetime) -> int:
    """Brings every due time that runs up to date with the calendar; returns for how many tickets."""
    return count_everything_again(session, now=now)
