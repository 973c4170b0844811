"""政民沟通: grids, categories, and orders that are only read."""

import pytest

from simulator import World
from simulator.reports import CLOSED, PATROL, RESIDENT, TAKEN, Grid
from tests.simulator.conftest import Api, Time


@pytest.fixture
def grid(world: World) -> Grid:
    return world.reports.add_grid("南河头一网格", admins=("lisi",))


def test_grids_form_a_tree(api: Api, world: World, grid: Grid) -> None:
    body = {"grid_name": "微网格1", "grid_parent_id": grid.grid_id, "grid_admin": ["lisi", "ghost"]}

    made = api.post("report/grid/add", body)
    assert made["invalid_userids"] == ["ghost"]
    assert api.post("report/grid/add", body)["errcode"] == 90608
    assert api.post("report/grid/add", {**body, "grid_parent_id": "none"})["errcode"] == 90604
    listed = api.post("report/grid/list", {"grid_id": grid.grid_id})["grid_list"]
    assert [row["grid_name"] for row in listed] == ["南河头一网格", "微网格1"]
    assert [row["grid_name"] for row in api.post("report/grid/list", {})["grid_list"]] == ["全县", "南河头一网格"]
    assert api.post("report/grid/delete", {"grid_id": grid.grid_id})["errcode"] == 90607
    api.post("report/grid/update", {"grid_id": made["grid_id"], "grid_member": ["WangWu"], "grid_name": "改名"})
    joined = api.post("report/grid/get_user_grid_info", {"userid": "WangWu"})["joined_grids"]
    assert joined == [{"grid_id": made["grid_id"], "grid_name": "改名"}]


def test_one_member_administers_ten_grids_at_most(world: World, api: Api) -> None:
    for number in range(10):
        world.reports.add_grid(f"网格{number}", admins=("lisi",))

    body = {"grid_name": "多了", "grid_parent_id": "SIMGRID0", "grid_admin": ["lisi"]}
    assert api.post("report/grid/add", body)["errcode"] == 90613


def test_categories_have_two_levels(api: Api) -> None:
    top = api.post("report/grid/add_cata", {"category_name": "公共设施", "level": 1})["category_id"]
    below = {"category_name": "路灯", "level": 2, "parent_category_id": top}

    made = api.post("report/grid/add_cata", below)["category_id"]
    assert api.post("report/grid/add_cata", {**below, "parent_category_id": made})["errcode"] == 90603
    assert api.post("report/grid/update_cata", {"category_id": made, "category_name": "灯"})["errcode"] == 0
    assert [c["category_name"] for c in api.post("report/grid/list_cata", {})["category_list"]] == ["公共设施", "灯"]
    api.post("report/grid/delete_cata", {"category_id": made})
    assert api.post("report/grid/delete_cata", {"category_id": made})["errcode"] == 90603


def test_orders_are_read_by_page_and_by_change(api: Api, world: World, grid: Grid, time: Time) -> None:
    orders = [world.reports.file(RESIDENT, f"路灯{number}", grid=grid) for number in range(3)]
    path = "report/resident/get_order_list"

    first = api.post(path, {"limit": 2})
    rest = api.post(path, {"limit": 2, "cursor": first["next_cursor"]})
    assert [len(first["order_list"]), len(rest["order_list"]), rest["next_cursor"]] == [2, 1, ""]
    time.pass_by(hours=1)
    since = int(world.clock.timestamp())
    world.reports.process(orders[1], TAKEN, "lisi", "已受理")
    changed = api.post(path, {"begin_modify_time": since})["order_list"]
    assert [order["desc"] for order in changed] == ["路灯1"]
    assert changed[0]["process_list"][0]["process_type"] == TAKEN
    assert api.post(path, {"limit": 51})["errcode"] == 40058
    assert api.post("report/patrol/get_order_list", {})["order_list"] == []
    one = {"order_id": orders[0].body["order_id"]}
    assert api.post("report/resident/get_order_info", one)["order_info"]["desc"] == "路灯0"
    assert api.post("report/patrol/get_order_info", one)["errcode"] == 40058


def test_orders_are_counted_by_state(api: Api, world: World, grid: Grid, time: Time) -> None:
    world.reports.add_category("公共设施")
    taken, closed = (world.reports.file(RESIDENT, "灯", grid=grid, case_name="公共设施") for _ in range(2))
    time.pass_by(days=1)
    world.reports.file(RESIDENT, "新", grid=grid)
    world.reports.file(PATROL, "巡查", grid=grid)
    world.reports.process(taken, TAKEN, "lisi")
    for step in (TAKEN, CLOSED):
        world.reports.process(closed, step, "lisi")

    status = api.post("report/resident/get_corp_status", {"grid_id": grid.grid_id})
    counted = {name: status[name] for name in ("pending", "processing", "total_case", "total_solved", "added_today")}
    assert counted == {"pending": 1, "processing": 1, "total_case": 3, "total_solved": 1, "added_today": 1}
    assert api.post("report/resident/get_user_status", {"userid": "lisi"})["solved_today"] == 1
    [row] = api.post("report/resident/category_statistic", {})["dashboard_list"]
    assert (row["total_case"], row["total_solved"]) == (2, 1)
    assert api.post("report/patrol/get_corp_status", {})["to_be_assigned"] == 1
    assert api.get("report/resident/get_grid_info")["grid_list"][1]["grid_admin"] == ["lisi"]
