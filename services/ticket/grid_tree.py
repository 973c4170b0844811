"""The tree of grids as figures need it: which grid of a kind a small one lies in, and what lies below one."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from models.grid import Grid, GridKind


class GridNode(NamedTuple):
    """What the tree knows of a grid."""

    id: int | None
    parent_id: int | None
    kind: GridKind
    code: str
    name: str


def nearest(grid: GridNode, grids: Mapping[int | None, GridNode], kind: GridKind) -> GridNode:
    """The grid of this kind that a grid lies in, or itself where there is none."""
    above, seen = grid, {grid.id}
    while above.kind is not kind:
        if above.parent_id not in grids or above.parent_id in seen:
            return grid
        above = grids[above.parent_id]
        seen.add(above.id)
    return above


def all_grids(session: Session) -> dict[int | None, GridNode]:
    """Every grid by id, quicker than as rows of the table: a page needs them all."""
    columns = (col(Grid.id), col(Grid.parent_id), col(Grid.kind), col(Grid.code), col(Grid.name))
    return {row[0]: GridNode(*row) for row in session.connection().execute(columns_of(*columns))}


def with_all_below(session: Session, grid: Grid) -> frozenset[int]:
    """The ids of a grid and all below it."""
    below = select(Grid.id).where(Grid.id == grid.id).cte("below", recursive=True)
    below = below.union(select(Grid.id).where(col(Grid.parent_id) == below.c.id))
    return frozenset(id_ for id_ in session.exec(select(below.c.id)) if id_ is not None)
