"""Who stands where today, read once for many cases: grids with those above them, their people, who is away, the routes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from domain import routing
from domain.process import Actor
from domain.routing import GridPost, Route
from models.grid import Grid
from models.person import Absence, Person
from models.routing import TicketRoute, TicketRouteUnit
from models.ticket import Ticket

_DEEPEST = 8

# Built once: filing asks them each time, and putting them together costs more than asking.
_IDS: Any = bindparam("ids", expanding=True)
_UP = select(col(Grid.id), col(Grid.parent_id)).where(col(Grid.id).in_(_IDS)).cte(recursive=True)
# A union that keeps no doubles ends on grids that are above each other.
_ABOVE = _UP.union(select(col(Grid.id), col(Grid.parent_id)).join(_UP, col(Grid.id) == _UP.c.parent_id))
_GRIDS = select(Grid).where(col(Grid.id).in_(select(_ABOVE.c.id)))
_OFF = select(Absence.id).where(
    Absence.person_id == Person.id,
    col(Absence.starts_on) <= bindparam("day"),
    col(Absence.ends_on) >= bindparam("day"),
    col(Absence.cancelled_at).is_(None),
)
_PEOPLE = select(Person, _OFF.exists()).where(col(Person.id).in_(_IDS))
_ROUTES = select(TicketRoute).where(
    col(TicketRoute.grid_id).is_(None) | col(TicketRoute.grid_id).in_(_IDS),
    col(TicketRoute.category).in_(bindparam("categories", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """The owner and why it is they (联系人, 网格长 …), the unit in the lead and those that assist."""

    owner: Person
    acting_as: str
    lead_unit_id: int | None
    assisting_unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridPeople:
    """A grid with those who stand for it and are still here."""

    grid: Grid
    holder: Person | None
    deputy: Person | None
    leader: Person | None


@dataclass(frozen=True, slots=True)
class Roster:
    """What deciding about cases takes; `people` holds those who have left too, `top` is the leader on duty."""

    grids: Mapping[int | None, Grid]
    people: Mapping[int | None, Person]
    away: frozenset[int | None]
    top: Person | None
    routes: tuple[Route, ...] = ()

    def chain(self, grid_id: int | None) -> list[GridPeople]:
        """The grid and those above it with their people, the smallest first; empty without a grid."""
        found: list[GridPeople] = []
        while grid_id in self.grids and len(found) < _DEEPEST:
            grid = self.grids[grid_id]
            posts = (self._here(id_) for id_ in (grid.contact_id, grid.deputy_id, grid.supervisor_id))
            found.append(GridPeople(grid, *posts))
            grid_id = grid.parent_id
        return found

    def assigned(self, grid_id: int | None, category: str, without: Collection[int | None] = ()) -> Assigned:
        """Who gets a case of this grid and category, leaving out who is away and the people `without`.

        Refuses only when the county has nobody at all to give it to.
        """
        away = _named({*self.away, *without})
        found = routing.assign(posts_of(self.chain(grid_id)), category, self.routes, _name(self.top), away)
        return Assigned(
            self.people[int(found.owner)],
            found.acting_as,
            int(found.lead_unit) if found.lead_unit else None,
            tuple(int(unit) for unit in found.assisting_units),
        )

    def owner_of(self, ticket: Ticket) -> Person:
        """The owner, or while they are away whoever would get the ticket today."""
        owner = self.people[ticket.owner_id]
        if owner.left_at is None and owner.id not in self.away:
            return owner
        return self.assigned(ticket.grid_id, ticket.category, [ticket.owner_id]).owner

    def leader_of(self, ticket: Ticket, actor: Actor) -> Person | None:
        """The grid leader or leader on duty: not the owner, and in place of who is away whoever stands in."""
        away = _named({*self.away, ticket.owner_id})
        found = routing.stand_in(actor, posts_of(self.chain(ticket.grid_id)), _name(self.top), away)
        return self.people[int(found)] if found else None

    def _here(self, id_: int | None) -> Person | None:
        person = self.people.get(id_)
        return person if person is not None and person.left_at is None else None


@dataclass(frozen=True, slots=True)
class About:
    """What cases a roster is read for: their grids, their categories, and people beside those of the grids."""

    grid_ids: frozenset[int]
    categories: frozenset[str] = frozenset()
    person_ids: frozenset[int] = frozenset()


def read_roster(session: Session, about: About, top: Person | None, day: date) -> Roster:
    """The roster of a day, in five statements at most however many cases; `top` leads on that day."""
    grids = grids_up_from(session, about.grid_ids)
    rows = _route_rows(session, grids, about.categories) if about.categories else []
    ids = _in_posts(grids) | {row.owner_id for row in rows} | about.person_ids
    people, away = _people(session, ids - {None}, day)
    if top is not None:
        people[top.id] = top
    return Roster(grids, people, away, top, _routes(session, rows, people))


def read_chain(session: Session, grid_id: int | None) -> list[GridPeople]:
    """The grid and those above it with their people, the smallest first; empty without a grid."""
    grids = grids_up_from(session, [grid_id] if grid_id is not None else [])
    found = session.exec(select(Person).where(col(Person.id).in_(_in_posts(grids) - {None}))) if grids else ()
    return Roster(grids, {person.id: person for person in found}, frozenset(), None).chain(grid_id)


def posts_of(chain: Sequence[GridPeople]) -> list[GridPost]:
    """The chain as the rules of routing take it."""
    return [
        GridPost(str(people.grid.id), _name(people.holder), _name(people.deputy), _name(people.leader))
        for people in chain
    ]


def grids_up_from(session: Session, grid_ids: Collection[int]) -> dict[int | None, Grid]:
    """These grids and all above them, by id."""
    found = session.execute(_GRIDS, {"ids": list(grid_ids)}).scalars() if grid_ids else ()
    return {grid.id: grid for grid in found}


def _in_posts(grids: Mapping[int | None, Grid]) -> set[int | None]:
    return {id_ for grid in grids.values() for id_ in (grid.contact_id, grid.deputy_id, grid.supervisor_id)}


def _people(
    session: Session, ids: Collection[int | None], day: date
) -> tuple[dict[int | None, Person], frozenset[int | None]]:
    """The people and which of them have the day off."""
    found = session.execute(_PEOPLE, {"ids": list(ids), "day": day}).all() if ids else []
    return {person.id: person for person, _ in found}, frozenset(person.id for person, is_off in found if is_off)


def _route_rows(
    session: Session, grid_ids: Collection[int | None], categories: Collection[str]
) -> Sequence[TicketRoute]:
    meant = {"ids": list(grid_ids), "categories": [routing.ANY, *categories]}
    return session.execute(_ROUTES, meant).scalars().all()


def _routes(session: Session, rows: Sequence[TicketRoute], people: Mapping[int | None, Person]) -> tuple[Route, ...]:
    units: dict[int, list[str]] = {}
    links = select(TicketRouteUnit).where(col(TicketRouteUnit.route_id).in_([row.id for row in rows]))
    for link in session.exec(links) if rows else ():
        units.setdefault(link.route_id, []).append(str(link.unit_id))
    owners = {row.id: people.get(row.owner_id) for row in rows}
    return tuple(
        Route(
            str(row.grid_id or routing.ANY),
            row.category,
            str(row.lead_unit_id or ""),
            tuple(units.get(row.id or 0, ())),
            _name(owner if (owner := owners[row.id]) is not None and owner.left_at is None else None),
        )
        for row in rows
    )


def _named(ids: Collection[int | None]) -> set[str]:
    return {str(id_) for id_ in ids}


def _name(person: Person | None) -> str:
    """As the rules of routing name people: any unique word does."""
    return str(person.id) if person is not None else ""
