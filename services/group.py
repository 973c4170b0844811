"""Residents' groups: the estate that words mean, its group's code, who is in the groups of a grid, and whose grid it is."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from domain.name_match import Match, Named, NameIndex
from models.customer import Customer
from models.estate import Estate
from models.grid import Grid
from models.group import CustomerGroup, GroupMember
from models.person import Person
from services.ticket.responsible import responsible_for


@dataclass(frozen=True, slots=True)
class Door:
    """How one joins the group of an estate: whose grid, who runs it, and the address of the code, empty without one."""

    estate: Estate
    grid: Grid
    holder: Person
    qr_code: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many are in the groups of a grid, and how many households its estates have; None where nobody counted."""

    members: int
    households: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """How many joined and left the groups of a grid in a time, who holds it, and how it stands."""

    grid: Grid
    holder: Person
    joined: int
    left: int
    coverage: Coverage


def changes_of_groups(session: Session, since: datetime, until: datetime) -> list[Changes]:
    """The grids, with a holder who is here, whose groups changed from `since` to before `until`."""
    came = (col(GroupMember.joined_at) >= since) & (col(GroupMember.joined_at) < until)
    came &= col(GroupMember.left_at).is_(None)
    went = (col(GroupMember.left_at) >= since) & (col(GroupMember.left_at) < until)
    query = (
        select(Grid, Person, func.count(col(GroupMember.id)).filter(came), func.count(col(GroupMember.id)).filter(went))
        .join(CustomerGroup, col(CustomerGroup.grid_id) == col(Grid.id))
        .join(GroupMember, col(GroupMember.group_id) == col(CustomerGroup.id))
        .join(Person, (col(Person.id) == col(Grid.contact_id)) & col(Person.left_at).is_(None))
        .where(came | went)
        .group_by(col(Grid.id), col(Person.id))
        .order_by(col(Grid.id))
    )
    return [
        Changes(grid, holder, joined, left, coverage_of(session, grid.id or 0))
        for grid, holder, joined, left in session.exec(query)
    ]


def find_estate(session: Session, said: str) -> Match:
    """The estate that a name people type may mean; `key` is its id as text. Never one of several."""
    rows = session.exec(select(Estate.id, Estate.name, Estate.aliases).order_by(col(Estate.id))).all()
    return _index(tuple((id_ or 0, name, aliases) for id_, name, aliases in rows)).find(said)


def door_of(session: Session, estate_id: int, *, now: datetime) -> Door | None:
    """The way into the group of an estate: the one with the fewest people of those that have a code. None without estate."""
    estate = session.get(Estate, estate_id)
    if estate is None:
        return None
    grid = session.get_one(Grid, estate.grid_id)
    people = func.count(col(GroupMember.id))
    is_here = (col(GroupMember.group_id) == col(CustomerGroup.id)) & col(GroupMember.left_at).is_(None)
    query = (
        select(CustomerGroup.qr_code)
        .join(GroupMember, is_here, isouter=True)
        .where(*_of_grid(grid.id), col(CustomerGroup.qr_code) != "")
        .group_by(col(CustomerGroup.id), col(CustomerGroup.qr_code))
        .order_by(people, col(CustomerGroup.id))
        .limit(1)
    )
    holder = responsible_for(session, grid.id, "", now=now).owner
    return Door(estate, grid, holder, session.exec(query).first() or "")


def coverage_of(session: Session, grid_id: int) -> Coverage:
    """Members ÷ households of a grid; somebody in two of its groups counts once."""
    members = (
        select(func.count(func.distinct(GroupMember.external_userid)))
        .join(CustomerGroup, col(CustomerGroup.id) == col(GroupMember.group_id))
        .where(*_of_grid(grid_id), col(GroupMember.left_at).is_(None))
    )
    households = select(func.sum(Estate.households)).where(Estate.grid_id == grid_id)
    return Coverage(session.exec(members).one(), session.exec(households).one())


def grid_of_resident(session: Session, customer: Customer) -> int | None:
    """The grid of the group that somebody joined last and is still in; None for who is in no group."""
    query = (
        select(CustomerGroup.grid_id)
        .join(GroupMember, col(GroupMember.group_id) == col(CustomerGroup.id))
        .where(
            col(GroupMember.external_userid) == customer.external_userid,
            col(GroupMember.left_at).is_(None),
            col(CustomerGroup.grid_id).is_not(None),
        )
        .order_by(col(GroupMember.joined_at).desc(), col(GroupMember.id).desc())
    )
    return session.exec(query.limit(1)).first()


def _of_grid(grid_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return col(CustomerGroup.grid_id) == grid_id, col(CustomerGroup.dismissed_at).is_(None)


@lru_cache(maxsize=2)
def _index(rows: tuple[tuple[int, str, str], ...]) -> NameIndex:
    """Built once for as long as no name changes."""
    return NameIndex(Named(str(id_), name, tuple(filter(None, aliases.split("、")))) for id_, name, aliases in rows)
