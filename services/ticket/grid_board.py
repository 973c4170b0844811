"""The board of those who lead grids: how many cases are open and late in each, and the open ones, soonest due first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, true
from sqlmodel import Session, col, select

from domain.calendar import local_date
from domain.ticket import TicketState
from models.grid import Grid, GridKind
from models.person import Person, Role
from models.routing import DutyLeader
from models.ticket import Ticket
from services.person import roles_of
from services.ticket.find import grids_led
from services.ticket.grid_tree import all_grids, nearest, with_all_below
from services.ticket.listing import AT_REST, Line, lines_of
from services.ticket.responsible import duty_leader

PAGE = 50
IN_CHAT = 5

# As the indexes say it; a case has this time exactly while it is closed.
_OPEN = col(Ticket.closed_at).is_(None)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases one may see: those of these grids, or of the whole county when `grid_ids` is None."""

    grid_ids: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class GridFigures:
    """Open cases of a grid and all below it; late are those past a due time to accept, to contact or to solve."""

    code: str
    name: str
    states: Mapping[str, int]
    late_to_accept: int = 0
    late_to_contact: int = 0
    late_to_solve: int = 0

    @property
    def open(self) -> int:
        """All that are not closed."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class GridBoard:
    """All one leads in one line, each enterprise grid in its own, and the open cases that are due first."""

    total: GridFigures
    grids: tuple[GridFigures, ...]
    lines: tuple[Line, ...]


def board_of(session: Session, person: Person, *, now: datetime, most: int = IN_CHAT) -> GridBoard | None:
    """The board of a grid leader, of the leader on duty or of the office, with up to `most` cases; None for others."""
    scope = scope_of(session, person, roles_of(session, person), now=now)
    return None if scope is None else board(session, scope, now=now, most=most)


def scope_of(session: Session, person: Person, roles: frozenset[Role], *, now: datetime) -> Scope | None:
    """What a person leads: the county for the office and the leader on duty, else their grids; None for nothing."""
    if Role.OFFICE in roles:
        return Scope(None)
    top = duty_leader(session, now=now)
    if top is not None and top.id == person.id:
        return Scope(None)
    led = grids_led(session, person)
    return Scope(frozenset(led)) if led else None


def leads_grids(session: Session, person: Person, roles: frozenset[Role], *, now: datetime) -> bool:
    """Whether a person has a board, in one query at most; on a day without a leader on duty it may say no too often."""
    if Role.OFFICE in roles:
        return True
    today = local_date(now)
    on_duty = select(DutyLeader.id).where(
        DutyLeader.person_id == person.id, col(DutyLeader.starts_on) <= today, col(DutyLeader.ends_on) >= today
    )
    led = select(Grid.id).where(Grid.supervisor_id == person.id)
    return bool(session.exec(select(or_(led.exists(), on_duty.exists()))).one())


def narrowed(session: Session, scope: Scope, code: str) -> tuple[Grid, Scope] | None:
    """A grid of the scope with all below it; None when there is none, or it is another's."""
    grid = session.exec(select(Grid).where(Grid.code == code)).first()
    if grid is None or (scope.grid_ids is not None and grid.id not in scope.grid_ids):
        return None
    return grid, Scope(with_all_below(session, grid))


def board(session: Session, scope: Scope, *, now: datetime, most: int = PAGE) -> GridBoard:
    """The figures of a scope and the cases due first."""
    figures = _figures(session, scope, now)
    total = _added("", "合计", figures.values())
    lines = open_lines(session, scope, now=now, most=most) if most else []
    return GridBoard(total, tuple(sorted(figures.values(), key=lambda one: (one.name, one.code))), tuple(lines))


def open_lines(
    session: Session, scope: Scope, *, now: datetime, after: int | None = None, is_late: bool = False, most: int = PAGE
) -> list[Line]:
    """Open cases, the one due first at the head; those behind the case with the id `after`, for the next page."""
    query = select(Ticket.id).where(_OPEN, _within(scope))
    if is_late:
        query = query.where(_late_to_solve(now))
    last = session.get(Ticket, after) if after is not None else None
    if last is not None:
        due = col(Ticket.resolve_due_at)
        query = query.where(or_(due > last.resolve_due_at, and_(due == last.resolve_due_at, col(Ticket.id) > last.id)))
    # Only the ids are looked for among all cases, so that no others are read whole.
    by_due = (col(Ticket.resolve_due_at), col(Ticket.id))
    found = select(Ticket).where(col(Ticket.id).in_(query.order_by(*by_due).limit(most))).order_by(*by_due)
    return lines_of(session, session.exec(found).all(), now=now)


def _figures(session: Session, scope: Scope, now: datetime) -> dict[str, GridFigures]:
    """Figures of each enterprise grid, or of a grid above or beside them that has cases of its own, by code."""
    late = (
        and_(col(Ticket.state) == TicketState.UNACCEPTED, col(Ticket.accept_due_at) < now),
        and_(_runs(), col(Ticket.first_contacted_at).is_(None), col(Ticket.contact_due_at) < now),
        _late_to_solve(now),
    )
    query: Any = (
        select(
            col(Ticket.grid_id), col(Ticket.state), func.count(), *(func.sum(case((one, 1), else_=0)) for one in late)
        )
        .where(_OPEN, _within(scope))
        .group_by(col(Ticket.grid_id), col(Ticket.state))
    )
    grids = all_grids(session)
    found: dict[str, list[GridFigures]] = {}
    for grid in grids.values():
        if grid.kind is GridKind.ENTERPRISE and (scope.grid_ids is None or grid.id in scope.grid_ids):
            found[grid.code] = [GridFigures(grid.code, grid.name, {})]
    for grid_id, state, *numbers in session.execute(query):
        code, name = "", "没有网格"
        if grid_id is not None:
            grid = nearest(grids[grid_id], grids, GridKind.ENTERPRISE)
            code, name = grid.code, grid.name
        many, accept, contact, solve = (int(number) for number in numbers)
        found.setdefault(code, []).append(GridFigures(code, name, {state: many}, accept, contact, solve))
    return {code: _added(code, parts[0].name, parts) for code, parts in found.items()}


def _added(code: str, name: str, parts: Collection[GridFigures]) -> GridFigures:
    states = {state: sum(part.states.get(state, 0) for part in parts) for part in parts for state in part.states}
    return GridFigures(
        code,
        name,
        states,
        sum(part.late_to_accept for part in parts),
        sum(part.late_to_contact for part in parts),
        sum(part.late_to_solve for part in parts),
    )


def _within(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.grid_ids is None else col(Ticket.grid_id).in_(scope.grid_ids)


def _runs() -> ColumnElement[bool]:
    return col(Ticket.state).not_in(AT_REST)


def _late_to_solve(now: datetime) -> ColumnElement[bool]:
    return and_(_runs(), col(Ticket.resolve_due_at) < now)
