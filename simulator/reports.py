"""政民沟通: grids, event categories, and the orders residents and patrols file."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError

RESIDENT, PATROL = "resident", "patrol"
CREATED, TAKEN, ASSIGNED, PASSED_ON, CLOSED, REFUSED, WORKED_ON = range(1, 8)
MOST_LEVELS = 10
MOST_ADMINISTERED = 10


@dataclass
class Grid:
    """A grid of the county."""

    grid_id: str
    name: str
    parent_id: str
    admins: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The answer of grid/list."""
        return {
            "grid_id": self.grid_id,
            "grid_name": self.name,
            "grid_parent_id": self.parent_id,
            "grid_admin": list(self.admins),
            "grid_member": list(self.members),
        }


@dataclass
class Category:
    """An event category; level 2 lies under one of level 1."""

    category_id: str
    name: str
    level: int
    parent_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """The answer of grid/list_cata."""
        return {
            "category_id": self.category_id,
            "category_name": self.name,
            "level": self.level,
            "parent_category_id": self.parent_id,
        }


@dataclass
class Order:
    """A report of a resident or a patrol; `body` is its JSON."""

    kind: str
    body: dict[str, Any]
    modified_at: int

    @property
    def closed(self) -> bool:
        """Whether it was closed or refused."""
        return any(step["process_type"] in (CLOSED, REFUSED) for step in self.body["process_list"])


class Reports:
    """All grids, categories and orders; orders are read-only for the API."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        root = Grid("SIMGRID0", "全县", "")
        self.grids: dict[str, Grid] = {root.grid_id: root}
        self.categories: dict[str, Category] = {}
        self.orders: dict[str, Order] = {}

    def add_grid(self, name: str, parent_id: str = "SIMGRID0", admins: tuple[str, ...] = ()) -> Grid:
        """A new grid: 90604 unknown parent, 90608 name taken beside it, 40058 too deep."""
        if parent_id not in self.grids:
            raise ApiError(90604, "invalid grid id")
        if any(g.parent_id == parent_id and g.name == name for g in self.grids.values()):
            raise ApiError(90608, "duplicate grid name")
        depth, current = 1, parent_id
        while current:
            depth, current = depth + 1, self.grids[current].parent_id
        if depth > MOST_LEVELS:
            raise ApiError(40058, "too many levels")
        grid = Grid(f"SIMGRID{next(self._numbers)}", name, parent_id)
        self.set_admins(grid, list(admins))
        self.grids[grid.grid_id] = grid
        return grid

    def set_admins(self, grid: Grid, admins: list[str]) -> None:
        """Who administers a grid: at most 20 (90606), each at most ten grids (90613)."""
        if len(admins) > 20:
            raise ApiError(90606, "too many grid admins")
        for userid in admins:
            others = [g for g in self.grids.values() if userid in g.admins and g is not grid]
            if len(others) >= MOST_ADMINISTERED:
                raise ApiError(90613, "administers too many grids")
        grid.admins = admins

    def add_category(self, name: str, level: int = 1, parent_id: str = "") -> Category:
        """A new category; 90603 for a wrong parent."""
        parent = self.categories.get(parent_id)
        if level == 2 and (parent is None or parent.level != 1):
            raise ApiError(90603, "invalid category id")
        category = Category(f"SIMCATA{next(self._numbers)}", name, level, parent_id if level == 2 else "")
        self.categories[category.category_id] = category
        return category

    def file(self, kind: str, desc: str, *, grid: Grid, case_name: str = "其他", **fields: Any) -> Order:
        """A resident (or a patrol) files an order; `fields` go into its JSON."""
        now = int(self._clock.timestamp())
        body: dict[str, Any] = {
            "order_id": f"SIMORD{next(self._numbers)}",
            "desc": desc,
            "urge_type": 1,
            "case_name": case_name,
            "grid_name": grid.name,
            "grid_id": grid.grid_id,
            "create_time": now,
            "image_urls": [],
            "video_media_ids": [],
            "location": {"name": "", "address": "", "latitude": 0.0, "longitude": 0.0},
            "processor_userids": list(grid.admins),
            "process_list": [],
            **fields,
        }
        order = Order(kind, body, now)
        self.orders[body["order_id"]] = order
        if kind == PATROL:
            self.process(order, CREATED, (grid.admins or ["sys"])[0], desc)
        return order

    def process(self, order: Order, process_type: int, userid: str, desc: str = "") -> None:
        """Somebody works on an order: 1 files, 2 takes, 3 assigns, 4 passes on, 5 closes, 6 refuses, 7 works on it."""
        now = int(self._clock.timestamp())
        step = {
            "process_type": process_type,
            "solve_userid": userid,
            "process_desc": desc,
            "status": 1,
            "solved_time": now,
            "image_urls": [],
            "video_media_ids": [],
        }
        order.body["process_list"].append(step)
        order.modified_at = now
