"""阳光榜: a month of the enterprise grids, without a person's name; what everybody reads names the first and who rose."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from domain.ticket_number import Kind
from models.grid import GridKind
from models.ticket import Ticket
from services.ticket.grid_tree import all_grids, nearest
from services.ticket.rates import Division, RateRow, rate_rows
from services.ticket.span import Span, month_before

TOP = 3
LAST = 1 << 31


@dataclass(frozen=True, slots=True)
class SunshineRow:
    """A grid's month: what was filed in it, its rates, its place by 解决率, and the place of the month before."""

    row: RateRow
    filed: int
    before: int | None

    @property
    def place(self) -> int | None:
        """The place by the rate of solved cases; None without any that was reached."""
        return self.row.resolution.place if self.row.resolution else None

    @property
    def risen(self) -> int:
        """By how many places it rose; 0 when it did not, or had none."""
        if self.place is None or self.before is None:
            return 0
        return max(self.before - self.place, 0)


def sunshine(session: Session, month: Span, *, now: datetime) -> list[SunshineRow]:
    """All enterprise grids with a case due in the month, the first at the head; for the performance office."""
    filed = _filed(session, month)
    earlier = {each.key: each.resolution for each in _grids(session, month_before(month), now)}
    rows = []
    for each in _grids(session, month, now):
        standing = earlier.get(each.key)
        rows.append(SunshineRow(each, filed[each.key], standing.place if standing else None))
    return sorted(rows, key=lambda one: (one.place or LAST, one.row.name))


def public(rows: list[SunshineRow]) -> list[SunshineRow]:
    """What everybody may read: the first three places, and those that rose into the better half; nobody else is named."""
    placed = [one for one in rows if one.place is not None]
    return [
        one
        for one in placed
        if one.place is not None
        and (one.place <= min(TOP, len(placed) // 2 or 1) or (one.risen and one.place * 2 <= len(placed) + 1))
    ]


def _grids(session: Session, month: Span, now: datetime) -> list[RateRow]:
    return [row for row in rate_rows(session, Division.GRID, month, now=now) if row.group == GridKind.ENTERPRISE.value]


def _filed(session: Session, month: Span) -> Counter[str]:
    opened = col(Ticket.opened_at)
    query = (
        columns_of(col(Ticket.grid_id), func.count())
        .where(col(Ticket.kind) == Kind.REQUEST, opened >= month.begins_at, opened < month.ends_at)
        .where(col(Ticket.grid_id).is_not(None))
        .group_by(col(Ticket.grid_id))
    )
    grids = all_grids(session)
    found: Counter[str] = Counter()
    for grid_id, many in session.connection().execute(query):
        found[nearest(grids[grid_id], grids, GridKind.ENTERPRISE).code] += many
    return found
