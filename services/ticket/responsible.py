"""Who is responsible for what: the people of a grid and above, who leads on a day, and in what capacity one acts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain import routing
from domain.calendar import local_date
from domain.process import Actor
from domain.routing import GridPost, Route
from models.grid import Grid
from models.person import Person, Role
from models.routing import DutyLeader, TicketRoute, TicketRouteUnit
from models.ticket import Ticket, TicketAssist
from services.person import absent_on, people_with_role
from services.ticket.deed import Doer

_DEEPEST = 8


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


def grid_chain(session: Session, grid_id: int | None) -> list[GridPeople]:
    """The grid and those above it with their people, the smallest first; empty without a grid."""
    grids: list[Grid] = []
    while grid_id is not None and len(grids) < _DEEPEST:
        grid = session.get(Grid, grid_id)
        if grid is None:
            break
        grids.append(grid)
        grid_id = grid.parent_id
    ids = {id_ for grid in grids for id_ in (grid.contact_id, grid.deputy_id, grid.supervisor_id) if id_ is not None}
    query = select(Person).where(col(Person.id).in_(ids), col(Person.left_at).is_(None))
    here = {person.id: person for person in session.exec(query)}
    return [
        GridPeople(grid, here.get(grid.contact_id), here.get(grid.deputy_id), here.get(grid.supervisor_id))
        for grid in grids
    ]


def duty_leader(session: Session, *, now: datetime) -> Person | None:
    """The leader on duty today; where none is set or all are away, the performance office or an operator.

    When those are away too it is the leader on duty all the same, so that nothing is without an owner.
    """
    today = local_date(now)
    query = (
        select(Person)
        .join(DutyLeader, col(DutyLeader.person_id) == col(Person.id))
        .where(col(DutyLeader.starts_on) <= today, col(DutyLeader.ends_on) >= today, col(Person.left_at).is_(None))
        .order_by(col(DutyLeader.starts_on).desc(), col(DutyLeader.id).desc())
    )
    on_duty = list(session.exec(query))
    on_duty += people_with_role(session, Role.OFFICE) or people_with_role(session, Role.SYSTEM_ADMIN)
    away = absent_on(session, [person.id or 0 for person in on_duty], today)
    return next((person for person in on_duty if person.id not in away), on_duty[0] if on_duty else None)


def responsible_for(
    session: Session, grid_id: int | None, category: str, *, now: datetime, without: Collection[int] = ()
) -> Assigned:
    """Who owns a case of this grid and category now, leaving out who is on leave and the people `without`.

    Refuses only when the county has nobody at all to give it to.
    """
    chain = grid_chain(session, grid_id)
    routes, owners = _routes(session, [people.grid.id or 0 for people in chain], category)
    top = duty_leader(session, now=now)
    people = _by_account([*_everybody(chain), *owners, top])
    away = {_account(one) for one in people.values() if one.id in without} | _away(session, people, now)
    found = routing.assign(posts_of(chain), category, routes, _account(top), away)
    return Assigned(
        people[found.owner],
        found.acting_as,
        int(found.lead_unit) if found.lead_unit else None,
        tuple(int(unit) for unit in found.assisting_units),
    )


def leader_to_tell(session: Session, ticket: Ticket, actor: Actor, *, now: datetime) -> Person | None:
    """Whom to tell as grid leader or leader on duty: not the owner, and in place of who is away whoever stands in."""
    chain = grid_chain(session, ticket.grid_id)
    top = duty_leader(session, now=now)
    people = _by_account([*_everybody(chain), top])
    away = _away(session, people, now) | {_account(one) for one in people.values() if one.id == ticket.owner_id}
    return people.get(routing.stand_in(actor, posts_of(chain), _account(top), away))


def owner_to_tell(session: Session, ticket: Ticket, *, now: datetime) -> Person:
    """The owner, or while they are away whoever would get the ticket today."""
    owner = session.get_one(Person, ticket.owner_id)
    if owner.left_at is None and not absent_on(session, [ticket.owner_id], local_date(now)):
        return owner
    return responsible_for(session, ticket.grid_id, ticket.category, now=now, without=[ticket.owner_id]).owner


def capacities(session: Session, ticket: Ticket, by: Doer, *, now: datetime) -> frozenset[Actor]:
    """In what capacities somebody may act on a ticket; empty for a stranger and for the contact of another grid."""
    if by.is_customer:
        speaks_for = by.requester_id == ticket.requester_id or (
            ticket.requester_id is None and ticket.enterprise_id in by.enterprise_ids
        )
        return frozenset({Actor.REQUESTER}) if speaks_for else frozenset()
    if by.person is None:
        return frozenset({Actor.SYSTEM})
    me, found = by.person, set()
    if me.id == ticket.owner_id:
        found.add(Actor.OWNER)
    if me.unit_id == ticket.lead_unit_id or session.get(TicketAssist, (ticket.id, me.unit_id)) is not None:
        found.add(Actor.ASSISTANT)
    if any(people.leader is not None and people.leader.id == me.id for people in grid_chain(session, ticket.grid_id)):
        found.add(Actor.GRID_LEADER)
    top = duty_leader(session, now=now)
    if top is not None and top.id == me.id:
        found.add(Actor.DUTY_LEADER)
    return frozenset(found)


def posts_of(chain: Sequence[GridPeople]) -> list[GridPost]:
    """The chain as the rules of routing take it."""
    return [
        GridPost(str(people.grid.id), _account(people.holder), _account(people.deputy), _account(people.leader))
        for people in chain
    ]


def _routes(session: Session, grid_ids: Sequence[int], category: str) -> tuple[list[Route], list[Person]]:
    query = select(TicketRoute).where(
        col(TicketRoute.grid_id).is_(None) | col(TicketRoute.grid_id).in_(grid_ids),
        col(TicketRoute.category).in_((routing.ANY, category)),
    )
    rows = session.exec(query).all()
    owners = {
        person.id: person
        for person in session.exec(
            select(Person).where(
                col(Person.id).in_([row.owner_id for row in rows if row.owner_id is not None]),
                col(Person.left_at).is_(None),
            )
        )
    }
    units: dict[int, list[str]] = {}
    links = select(TicketRouteUnit).where(col(TicketRouteUnit.route_id).in_([row.id for row in rows]))
    for link in session.exec(links):
        units.setdefault(link.route_id, []).append(str(link.unit_id))
    routes = [
        Route(
            str(row.grid_id or routing.ANY),
            row.category,
            str(row.lead_unit_id or ""),
            tuple(units.get(row.id or 0, ())),
            _account(owners.get(row.owner_id)),
        )
        for row in rows
    ]
    return routes, list(owners.values())


def _everybody(chain: Sequence[GridPeople]) -> list[Person | None]:
    return [one for people in chain for one in (people.holder, people.deputy, people.leader)]


def _by_account(people: Sequence[Person | None]) -> dict[str, Person]:
    return {one.account_key: one for one in people if one is not None}


def _away(session: Session, people: dict[str, Person], now: datetime) -> set[str]:
    absent = absent_on(session, [one.id or 0 for one in people.values()], local_date(now))
    return {account for account, one in people.items() if one.id in absent}


def _account(person: Person | None) -> str:
    return person.account_key if person is not None else ""
