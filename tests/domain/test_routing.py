"""Who owns a new case."""

import pytest

from domain.errors import DomainError
from domain.process import Actor
from domain.routing import Assignment, GridPost, Route, assign, find_route, stand_in, without_holder

MICRO = GridPost("W-1", holder="lian3", deputy="fu3", leader="chang3")
GRID = GridPost("G-1", holder="lian2", deputy="", leader="chang2")
COMMUNITY = GridPost("S-1", leader="chang1")
GRIDS = (MICRO, GRID, COMMUNITY)
DUTY = "zhiban"


@pytest.mark.parametrize(
    ("away", "owner", "acting_as"),
    [
        (set(), "lian3", "联系人"),
        ({"lian3"}, "fu3", "副联系人"),
        ({"lian3", "fu3"}, "chang3", "网格长"),
        ({"lian3", "fu3", "chang3"}, "lian2", "联系人"),
        ({"lian3", "fu3", "chang3", "lian2"}, "chang2", "网格长"),
        ({"lian3", "fu3", "chang3", "lian2", "chang2"}, "chang1", "网格长"),
        ({"lian3", "fu3", "chang3", "lian2", "chang2", "chang1"}, DUTY, "值班领导"),
        ({"lian3", "fu3", "chang3", "lian2", "chang2", "chang1", DUTY}, DUTY, "值班领导"),
    ],
)
def test_the_first_one_present_owns_it(away: set[str], owner: str, acting_as: str) -> None:
    assert assign(GRIDS, "用工", [], DUTY, away) == Assignment(owner, acting_as, "", ())


def test_a_case_without_a_grid_goes_to_the_duty_leader() -> None:
    assert assign((), "用工", [], DUTY).owner == DUTY


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(DomainError, match="值班领导"):
        assign((GridPost("W-9"),), "用工", [], "")


ROUTES = [
    Route(lead_unit="营商办"),
    Route(category="用工", lead_unit="人社局", assisting_units=("总工会",)),
    Route(grid="G-1", lead_unit="园区"),
    Route(grid="G-1", category="融资", lead_unit="金融办", owner="jinrong"),
    Route(grid="W-1", category="用地", lead_unit="自规局"),
]


@pytest.mark.parametrize(
    ("grids", "category", "lead"),
    [
        (["W-1", "G-1"], "用地", "自规局"),
        (["W-1", "G-1"], "融资", "金融办"),
        (["W-1", "G-1"], "用工", "园区"),
        (["W-2", "G-2"], "用工", "人社局"),
        (["W-2", "G-2"], "其他", "营商办"),
    ],
)
def test_the_smallest_grid_then_the_named_category_decides(grids: list[str], category: str, lead: str) -> None:
    assert find_route(grids, category, ROUTES).lead_unit == lead


def test_without_a_row_there_is_no_unit() -> None:
    assert find_route(["W-1"], "用工", []) == Route()


def test_a_rows_own_person_comes_before_the_grids() -> None:
    assert assign(GRIDS, "融资", ROUTES, DUTY) == Assignment("jinrong", "专办", "金融办", ())
    assert assign(GRIDS, "融资", ROUTES, DUTY, {"jinrong"}).owner == "lian3"


def test_assisting_units_come_with_the_lead() -> None:
    assert assign((GridPost("W-2", "x"),), "用工", ROUTES, DUTY).assisting_units == ("总工会",)


@pytest.mark.parametrize(
    ("actor", "away", "told"),
    [
        (Actor.GRID_LEADER, set(), "chang3"),
        (Actor.GRID_LEADER, {"chang3"}, "chang2"),
        (Actor.GRID_LEADER, {"chang3", "chang2", "chang1"}, DUTY),
        (Actor.DUTY_LEADER, set(), DUTY),
    ],
)
def test_somebody_hears_in_place_of_a_leader_on_leave(actor: Actor, away: set[str], told: str) -> None:
    assert stand_in(actor, GRIDS, DUTY, away) == told


def test_grids_without_holder_are_named() -> None:
    assert without_holder([MICRO, COMMUNITY, GridPost("W-3", deputy="x"), GridPost("W-4")]) == ["S-1", "W-4"]
