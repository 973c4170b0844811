"""The three rates of tickets by grid, unit or category, counted in the database; and the very cases behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, true
from sqlmodel import Session, col, select

from domain.rates import FAIR_WEIGHT, Counts, Rates, three_rates
from domain.standing import Standing, standings
from domain.ticket import Rating, TicketState
from domain.ticket_number import Kind
from models.grid import GridKind
from models.person import Person
from models.ticket import Ticket, TicketPause
from models.unit import Unit
from services.ticket.grid_tree import all_grids, nearest
from services.ticket.span import Span

MOST_CASES = 100
NOWHERE = "—"


class Division(StrEnum):
    """What the cases are divided by; the values stand in addresses."""

    GRID = "grid"
    COMMUNITY = "community"
    MICRO = "micro"
    UNIT = "unit"
    CATEGORY = "category"

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    Division.GRID: "企业网格",
    Division.COMMUNITY: "工业社区",
    Division.MICRO: "微网格",
    Division.UNIT: "单位",
    Division.CATEGORY: "类别",
}
_GRID_KINDS = {
    Division.GRID: GridKind.ENTERPRISE,
    Division.COMMUNITY: GridKind.INDUSTRIAL,
    Division.MICRO: GridKind.MICRO,
}


class Measure(StrEnum):
    """A number of the table and the cases it counts."""

    DUE = "due"
    EXCLUDED = "excluded"
    BASE = "base"
    ANSWERED = "answered"
    LATE = "late"
    REACHED = "reached"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"

    @property
    def label(self) -> str:
        """The word people read."""
        return _WORDS[self]


_WORDS = {
    Measure.DUE: "到期",
    Measure.EXCLUDED: "不计入",
    Measure.BASE: "应办",
    Measure.ANSWERED: "按时响应",
    Measure.LATE: "没按时响应",
    Measure.REACHED: "已回访",
    Measure.SOLVED: "确认解决",
    Measure.UNSOLVED: "没有确认解决",
    Measure.SATISFIED: "满意",
    Measure.FAIR: "基本满意",
    Measure.DISSATISFIED: "不满意",
}


@dataclass(frozen=True, slots=True)
class RateRow:
    """One grid, unit or category: its cases, its rates, and where each rate stands (None without cases).

    Places are given within `group`, where rows are comparable.
    """

    key: str
    name: str
    group: str
    counts: Counts
    rates: Rates
    response: Standing | None = None
    resolution: Standing | None = None
    satisfaction: Standing | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases behind one number: what it counts, of which grid, unit or category (all when `key` is empty)."""

    measure: Measure
    division: Division
    key: str
    span: Span


def rate_rows(session: Session, division: Division, span: Span, *, now: datetime) -> list[RateRow]:
    """A row for each grid, unit or category that had a case due in the span, by group and name.

    A case is due when its time to be solved, pauses and extensions counted, ended in the span and before now; one that
    was withdrawn before it, or whose clock stands still since before it, is not.
    """
    raw = _raw_key(division)
    conditions = _conditions()
    sums = [func.sum(case((conditions[each], 1), else_=0)) for each in _COUNTED]
    query = _of(division, select(raw, *sums).where(_fell_due(span, now)).group_by(raw))
    groups = _groups(session, division)
    totals: dict[str, list[int]] = {}
    for found, *numbers in session.execute(query):
        key = groups.key_of(found)
        totals[key] = [a + int(b) for a, b in zip(totals.get(key, [0] * len(sums)), numbers, strict=True)]
    rows = [_row(key, groups, numbers) for key, numbers in totals.items()]
    return _ranked(sorted(rows, key=lambda row: (row.group, row.name, row.key)))


def total_of(rows: Sequence[RateRow]) -> RateRow:
    """All rows in one, without a place."""
    counts = Counts(*(sum(getattr(row.counts, each.value) for row in rows) for each in _COUNTED))
    return RateRow("", "合计", "", counts, three_rates(counts))


def cases_behind(session: Session, cases: Cases, *, now: datetime, page: int = 0) -> list[Ticket]:
    """The very cases that a number counts, found by the same conditions, the one due first at the head; 100 a page."""
    query = select(Ticket.id).where(_fell_due(cases.span, now), _conditions()[cases.measure])
    if cases.key:
        raw = _raw_key(cases.division)
        meant = _groups(session, cases.division).meant_by(cases.key)
        query = query.where(raw.in_([each for each in meant if each is not None]) | (raw.is_(None) & (None in meant)))
    by_due = (col(Ticket.resolve_due_at), col(Ticket.id))
    ids = _of(cases.division, query).order_by(*by_due).offset(page * MOST_CASES).limit(MOST_CASES)
    return list(session.exec(select(Ticket).where(col(Ticket.id).in_(ids)).order_by(*by_due)))


_COUNTED = (
    Measure.DUE,
    Measure.ANSWERED,
    Measure.REACHED,
    Measure.SOLVED,
    Measure.SATISFIED,
    Measure.FAIR,
    Measure.DISSATISFIED,
    Measure.EXCLUDED,
)


def _conditions() -> Mapping[Measure, ColumnElement[bool]]:
    """Which of the cases that fell due each number counts."""
    base = col(Ticket.is_excluded).is_(False)
    answered = func.coalesce(col(Ticket.first_contacted_at) <= col(Ticket.contact_due_at), false())
    reached = and_(base, col(Ticket.reached_at).is_not(None))
    solved = and_(reached, col(Ticket.state) == TicketState.SOLVED)
    return {
        Measure.DUE: true(),
        Measure.EXCLUDED: col(Ticket.is_excluded).is_(True),
        Measure.BASE: base,
        Measure.ANSWERED: and_(base, answered),
        Measure.LATE: and_(base, not_(answered)),
        Measure.REACHED: reached,
        Measure.SOLVED: solved,
        Measure.UNSOLVED: and_(reached, col(Ticket.state) != TicketState.SOLVED),
        Measure.SATISFIED: and_(reached, col(Ticket.rating) == Rating.SATISFIED),
        Measure.FAIR: and_(reached, col(Ticket.rating) == Rating.FAIR),
        Measure.DISSATISFIED: and_(reached, col(Ticket.rating) == Rating.DISSATISFIED),
    }


def _fell_due(span: Span, now: datetime) -> ColumnElement[bool]:
    due = col(Ticket.resolve_due_at)
    still = select(TicketPause.id).where(
        TicketPause.ticket_id == Ticket.id, col(TicketPause.ended_at).is_(None), col(TicketPause.began_at) < due
    )
    return and_(
        col(Ticket.kind) == Kind.REQUEST,
        due >= span.begins_at,
        due < span.until(now),
        or_(col(Ticket.state) != TicketState.WITHDRAWN, col(Ticket.closed_at) >= due),
        or_(col(Ticket.state) != TicketState.PAUSED, not_(still.exists())),
    )


def _raw_key(division: Division) -> Any:
    """What the database groups by; a unit is the one in the lead, else its owner's."""
    if division is Division.CATEGORY:
        return col(Ticket.category)
    if division is Division.UNIT:
        return func.coalesce(col(Ticket.lead_unit_id), col(Person.unit_id))
    return col(Ticket.grid_id)


def _of(division: Division, query: Any) -> Any:
    return query.join(Person, col(Person.id) == col(Ticket.owner_id)) if division is Division.UNIT else query


@dataclass(frozen=True, slots=True)
class _Groups:
    """To which key of the table each key of the database belongs, and the name and group of each."""

    keys: Mapping[Any, str]
    titles: Mapping[str, tuple[str, str]]

    def key_of(self, raw: Any) -> str:
        return NOWHERE if raw is None else self.keys.get(raw, str(raw))

    def meant_by(self, key: str) -> list[Any]:
        if key == NOWHERE:
            return [None]
        return [raw for raw, known in self.keys.items() if known == key] if self.keys else [key]


def _groups(session: Session, division: Division) -> _Groups:
    if division is Division.CATEGORY:
        return _Groups({}, {})
    if division is Division.UNIT:
        units = session.exec(select(Unit.id, Unit.code, Unit.name, Unit.category)).all()
        return _Groups(
            {id_: code for id_, code, _, _ in units}, {code: (name, category) for _, code, name, category in units}
        )
    grids = all_grids(session)
    above = {id_: nearest(grid, grids, _GRID_KINDS[division]) for id_, grid in grids.items()}
    return _Groups(
        {id_: grid.code for id_, grid in above.items()},
        {grid.code: (grid.name, grid.kind.value) for grid in above.values()},
    )


def _row(key: str, groups: _Groups, numbers: Sequence[int]) -> RateRow:
    name, group = groups.titles.get(key, ("没有网格" if key == NOWHERE else key, ""))
    counts = Counts(*numbers)
    return RateRow(key, name, group, counts, three_rates(counts))


def _ranked(rows: Sequence[RateRow]) -> list[RateRow]:
    """The rows with their places, each among those of its own group."""
    placed: list[RateRow] = []
    for _, group in groupby(rows, key=lambda row: row.group):
        alike = list(group)
        of = [row.counts for row in alike]
        standing = zip(
            standings([(one.answered, one.base) for one in of]),
            standings([(one.solved, one.reached) for one in of]),
            standings([(one.satisfied + FAIR_WEIGHT * one.fair, one.reached) for one in of]),
            strict=True,
        )
        placed += [
            replace(row, response=response, resolution=resolution, satisfaction=satisfaction)
            for row, (response, resolution, satisfaction) in zip(alike, standing, strict=True)
        ]
    return placed
