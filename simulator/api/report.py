"""政民沟通: reading and changing grids and categories, reading orders."""

from collections.abc import Callable
from typing import Any

from simulator import fields
from simulator.clock import local
from simulator.endpoint import Answer, Call, Endpoint, endpoint
from simulator.errors import ApiError
from simulator.reports import ASSIGNED, CLOSED, PATROL, RESIDENT, TAKEN, Category, Grid, Order

MOST_NAME = 30
MOST_ORDERS = 50


def _name(call: Call, field: str) -> str:
    name = fields.text(call.body, field)
    if len(name) > MOST_NAME:
        raise ApiError(40058, f"{field} too long")
    return name


def _grid(call: Call, field: str = "grid_id") -> Grid:
    grid = call.world.reports.grids.get(fields.text(call.body, field))
    if grid is None:
        raise ApiError(90604, "invalid grid id")
    return grid


def _people(call: Call, field: str, most: int, code: int) -> tuple[list[str], list[str]]:
    wanted = fields.texts(call.body, field, most=most, code=code, required=False)
    found = [m.userid for m in map(call.world.directory.find, wanted) if m]
    return found, [userid for userid in wanted if call.world.directory.find(userid) is None]


def _set_people(call: Call, grid: Grid) -> list[str]:
    admins, unknown_admins = _people(call, "grid_admin", 20, 90606)
    members, unknown_members = _people(call, "grid_member", 100, 90609)
    if admins:
        call.world.reports.set_admins(grid, admins)
    if "grid_member" in call.body:
        grid.members = members
    return unknown_admins + unknown_members


@endpoint("POST", "report/grid/add")
def grid_add(call: Call) -> Answer:
    """A new grid with its administrators."""
    parent = _grid(call, "grid_parent_id")
    fields.texts(call.body, "grid_admin", most=20, code=90606)
    grid = call.world.reports.add_grid(_name(call, "grid_name"), parent.grid_id)
    return {"grid_id": grid.grid_id, "invalid_userids": _set_people(call, grid)}


@endpoint("POST", "report/grid/update")
def grid_update(call: Call) -> Answer:
    """Change a grid."""
    grid = _grid(call)
    if "grid_name" in call.body:
        grid.name = _name(call, "grid_name")
    if "grid_parent_id" in call.body:
        grid.parent_id = _grid(call, "grid_parent_id").grid_id
    return {"invalid_userids": _set_people(call, grid)}


@endpoint("POST", "report/grid/delete")
def grid_delete(call: Call) -> None:
    """Delete an empty grid."""
    grid = _grid(call)
    if grid.members or any(g.parent_id == grid.grid_id for g in call.world.reports.grids.values()):
        raise ApiError(90607, "grid is not empty")
    del call.world.reports.grids[grid.grid_id]


@endpoint("POST", "report/grid/list")
def grid_list(call: Call) -> Answer:
    """A grid and its direct children; the root without an id."""
    grids = call.world.reports.grids
    top = _grid(call) if call.body.get("grid_id") else grids["SIMGRID0"]
    return {"grid_list": [top.as_json(), *(g.as_json() for g in grids.values() if g.parent_id == top.grid_id)]}


@endpoint("POST", "report/grid/get_user_grid_info")
def get_user_grid_info(call: Call) -> Answer:
    """The grids a member administers and belongs to."""
    userid = fields.text(call.body, "userid", code=40003)
    grids = call.world.reports.grids.values()
    return {
        "manage_grids": [{"grid_id": g.grid_id, "grid_name": g.name} for g in grids if userid in g.admins],
        "joined_grids": [{"grid_id": g.grid_id, "grid_name": g.name} for g in grids if userid in g.members],
    }


def _category(call: Call) -> Category:
    category = call.world.reports.categories.get(fields.text(call.body, "category_id"))
    if category is None:
        raise ApiError(90603, "invalid category id")
    return category


@endpoint("POST", "report/grid/add_cata")
def add_cata(call: Call) -> Answer:
    """A new category."""
    level = fields.number(call.body, "level", allowed=range(1, 3))
    parent = fields.text(call.body, "parent_category_id", required=level == 2)
    return {"category_id": call.world.reports.add_category(_name(call, "category_name"), level, parent).category_id}


@endpoint("POST", "report/grid/update_cata")
def update_cata(call: Call) -> None:
    """Rename a category."""
    _category(call).name = _name(call, "category_name")


@endpoint("POST", "report/grid/delete_cata")
def delete_cata(call: Call) -> None:
    """Delete a category."""
    del call.world.reports.categories[_category(call).category_id]


@endpoint("POST", "report/grid/list_cata")
def list_cata(call: Call) -> Answer:
    """All categories."""
    return {"category_list": [c.as_json() for c in call.world.reports.categories.values()]}


def _get_grid_info(call: Call, kind: str) -> Answer:
    return {
        "grid_list": [
            {"grid_id": g.grid_id, "grid_name": g.name, "grid_admin": list(g.admins)}
            for g in call.world.reports.grids.values()
        ]
    }


def _orders(call: Call, kind: str) -> list[Order]:
    return [order for order in call.world.reports.orders.values() if order.kind == kind]


def _counts(call: Call, orders: list[Order]) -> dict[str, int]:
    today = local(call.world.clock.timestamp()).date()
    added = [o for o in orders if local(o.body["create_time"]).date() == today]
    solved = [o for o in orders if o.closed]
    pending = [o for o in orders if not _went(o, TAKEN) and not o.closed]
    return {
        "processing": len(orders) - len(solved) - len(pending),
        "pending": len(pending),
        "added_today": len(added),
        "solved_today": sum(1 for o in solved if local(o.modified_at).date() == today),
    }


def _went(order: Order, process_type: int) -> bool:
    return any(step["process_type"] == process_type for step in order.body["process_list"])


def _get_corp_status(call: Call, kind: str) -> Answer:
    orders = _orders(call, kind)
    if call.body.get("grid_id"):
        orders = [o for o in orders if o.body["grid_id"] == _grid(call).grid_id]
    counts = _counts(call, orders)
    pending = counts.pop("pending")
    totals = {"total_case": len(orders), "total_solved": sum(1 for o in orders if _went(o, CLOSED))}
    if kind == RESIDENT:
        return {**counts, **totals, "pending": pending, "total_accepted": sum(1 for o in orders if _went(o, TAKEN))}
    return {**counts, **totals, "to_be_assigned": sum(1 for o in orders if not _went(o, ASSIGNED) and not o.closed)}


def _get_user_status(call: Call, kind: str) -> Answer:
    userid = fields.text(call.body, "userid", code=40003)
    counts = _counts(call, [o for o in _orders(call, kind) if userid in o.body["processor_userids"]])
    if kind == PATROL:
        del counts["pending"]
    return dict(counts)


def _category_statistic(call: Call, kind: str) -> Answer:
    wanted = [_category(call)] if call.body.get("category_id") else list(call.world.reports.categories.values())
    rows = []
    for category in wanted:
        orders = [o for o in _orders(call, kind) if o.body["case_name"] == category.name]
        rows.append(
            {
                "category_id": category.category_id,
                "category_name": category.name,
                "category_level": category.level,
                "category_type": 1,
                "total_case": len(orders),
                "total_solved": sum(1 for o in orders if _went(o, CLOSED)),
            }
        )
    return {"dashboard_list": rows}


def _get_order_list(call: Call, kind: str) -> Answer:
    created = fields.number(call.body, "begin_create_time", default=0)
    modified = fields.number(call.body, "begin_modify_time", default=0)
    limit = fields.number(call.body, "limit", allowed=range(1, MOST_ORDERS + 1), default=20)
    found = [o.body for o in _orders(call, kind) if o.body["create_time"] >= created and o.modified_at >= modified]
    page, cursor = fields.page_of(found, fields.text(call.body, "cursor", required=False), limit)
    return {"order_list": page, "next_cursor": cursor}


def _get_order_info(call: Call, kind: str) -> Answer:
    order = call.world.reports.orders.get(fields.text(call.body, "order_id"))
    if order is None or order.kind != kind:
        raise ApiError(40058, "invalid order_id")
    return {"order_info": order.body}


def _serve(method: str, name: str, answer: Callable[[Call, str], dict[str, Any]]) -> None:
    def for_kind(kind: str) -> Endpoint:
        return lambda call: answer(call, kind)

    for kind in (RESIDENT, PATROL):
        endpoint(method, f"report/{kind}/{name}")(for_kind(kind))


_serve("GET", "get_grid_info", _get_grid_info)
_serve("POST", "get_corp_status", _get_corp_status)
_serve("POST", "get_user_status", _get_user_status)
_serve("POST", "category_statistic", _category_statistic)
_serve("POST", "get_order_list", _get_order_list)
_serve("POST", "get_order_info", _get_order_info)
