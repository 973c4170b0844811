"""Moves open tickets on when people move: to whoever is responsible now, with a note to both sides."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from domain.errors import DomainError
from domain.process import Given
from domain.ticket import TicketAction
from models.grid import Grid
from models.person import Person
from models.ticket import Ticket
from services.ticket.act import OWNER_LEFT, act
from services.ticket.deed import SYSTEM, Deed, Telling
from services.ticket.find import IS_OPEN
from services.ticket.kind import process_of
from services.ticket.roster import GridPeople, read_chain

MOVED = "网格的人员换了"


def hand_over_of_leavers(session: Session, *, now: datetime) -> list[Telling]:
    """Hands on every open ticket whose owner has left; one that nobody can take stays and is tried again later."""
    query = select(Ticket).join(Person, col(Person.id) == col(Ticket.owner_id))
    tickets = session.exec(query.where(IS_OPEN, col(Person.left_at).is_not(None)).order_by(col(Ticket.id)))
    return _hand_over(session, tickets.all(), OWNER_LEFT, now)


def hand_over_of_grids(session: Session, grid_ids: Collection[int], *, now: datetime) -> list[Telling]:
    """Hands on the open tickets of these grids and those below whose owner no longer has the post they own it by.

    What was given to somebody in person (转办, 改派, 仲裁) stays with them.
    """
    below = select(Grid.id).where(col(Grid.id).in_(grid_ids)).cte("below", recursive=True)
    below = below.union(select(Grid.id).where(col(Grid.parent_id) == below.c.id))
    query = select(Ticket).where(IS_OPEN, col(Ticket.grid_id).in_(select(below.c.id))).order_by(col(Ticket.id))
    moved = [ticket for ticket in session.exec(query) if not _has_post(session, ticket)]
    return _hand_over(session, moved, MOVED, now)


def _has_post(session: Session, ticket: Ticket) -> bool:
    post = _POSTS.get(ticket.acting_as)
    return post is None or any(
        person is not None and person.id == ticket.owner_id
        for person in (post(people) for people in read_chain(session, ticket.grid_id))
    )


_POSTS: dict[str, Callable[[GridPeople], Person | None]] = {
    "联系人": lambda people: people.holder,
    "副联系人": lambda people: people.deputy,
    "网格长": lambda people: people.leader,
}


def _hand_over(session: Session, tickets: Iterable[Ticket], reason: str, now: datetime) -> list[Telling]:
    told: list[Telling] = []
    for ticket in tickets:
        if ticket.id is None or process_of(ticket.kind).rule(ticket.state, TicketAction.HAND_OVER) is None:
            continue
        try:
            deed = Deed(TicketAction.HAND_OVER, Given(target="接手的人", reason=reason))
            told += act(session, ticket.id, deed, by=SYSTEM, now=now).tellings
        except DomainError:
            continue
    return told
