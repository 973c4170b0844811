"""The tree of grids as figures need it: which grid of a kind a small one lies in, and what lies below one."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from models.grid import Grid, GridKind


def nearest(grid: Grid, grids: Mapping[int | None, Grid], kind: GridKind) -> Grid:
    """The grid of this kind that a grid lies in, or itself where there is none."""
    above, seen = grid, {grid.id}
    while above.kind is not kind:
        if above.parent_id not in grids or above.parent_id in seen:
            return grid
        above = grids[above.parent_id]
        seen.add(above.id)
    return above


def all_grids(session: Session) -> dict[int | None, Grid]:
    """Every grid by id."""
    return {grid.id: grid for grid in session.exec(select(Grid))}


def with_all_below(session: Session, grid: Grid) -> frozenset[int]:
    """The ids of a grid and all below it."""
    below = select(Grid.id).where(Grid.id == grid.id).cte("below", recursive=True)
    below = below.union(select(Grid.id).where(col(Grid.parent_id) == below.c.id))
    return frozenset(id_ for id_ in session.exec(select(below.c.id)) if id_ is not None)
