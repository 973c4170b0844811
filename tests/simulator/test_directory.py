"""Departments, members and tags as an app may see them."""

import pytest

from simulator import World
from tests.simulator.conftest import Api


@pytest.fixture(autouse=True)
def rooms(world: World) -> None:
    world.directory.add_department("警务室", id=4, parentid=2)
    world.directory.add_member("deep", "深", departments=[4], leads=[4])


def test_departments_come_with_all_below_them(api: Api) -> None:
    assert [d["id"] for d in api.get("department/list")["department"]] == [1, 2, 3, 4]
    assert [d["id"] for d in api.get("department/list", id="2")["department"]] == [2, 4]
    assert [(d["id"], d["parentid"]) for d in api.get("department/simplelist", id="2")["department_id"]] == [
        (2, 1),
        (4, 2),
    ]
    assert api.get("department/get", id="4")["department"]["name"] == "警务室"


@pytest.mark.parametrize(("number", "code"), [("99", 60003), ("x", 60123)])
def test_an_unknown_department_is_refused(api: Api, number: str, code: int) -> None:
    assert api.get("department/list", id=number)["errcode"] == code


def test_members_are_listed_directly_under_a_department_without_private_fields(api: Api) -> None:
    assert [m["userid"] for m in api.get("user/simplelist", department_id="2")["userlist"]] == ["lisi"]
    [deep] = api.get("user/list", department_id="4")["userlist"]
    assert deep["is_leader_in_dept"] == [1]
    assert not {"mobile", "email", "avatar", "gender"} & set(api.get("user/get", userid="wangwu"))


def test_members_are_found_by_mobile_number(api: Api) -> None:
    assert api.post("user/getuserid", {"mobile": "13800000000"})["userid"] == "WangWu"
    assert api.post("user/getuserid", {"mobile": "1"})["errcode"] == 46004
    assert api.get("user/get", userid="ghost")["errcode"] == 60111


def test_outside_the_visible_range_nothing_is_seen(api: Api, world: World) -> None:
    world.app.visible_departments = {4}

    assert [d["id"] for d in api.get("department/list")["department"]] == [4]
    assert api.get("user/list", department_id="2")["errcode"] == 60011
    assert api.get("user/get", userid="lisi")["errcode"] == 60011
    assert api.get("user/get", userid="deep")["errcode"] == 0
    world.app.visible_users = {"LISI"}
    assert api.get("user/get", userid="lisi")["errcode"] == 0


def test_an_app_changes_only_the_tags_it_made(api: Api, world: World) -> None:
    foreign = world.directory.add_tag("党员", ["lisi"]).id
    own = api.post("tag/create", {"tagname": "网格员"})["tagid"]

    assert api.post("tag/addtagusers", {"tagid": foreign, "userlist": ["lisi"]})["errcode"] == 81011
    added = api.post("tag/addtagusers", {"tagid": own, "userlist": ["LISI", "ghost"], "partylist": [4, 99]})
    assert (added["invalidlist"], added["invalidparty"]) == ("ghost", [99])
    shown = api.get("tag/get", tagid=str(own))
    assert (shown["userlist"], shown["partylist"]) == ([{"userid": "lisi", "name": "李四"}], [4])
    api.send(touser="", totag=str(own))
    assert (len(world.inbox("lisi")), len(world.inbox("deep"))) == (1, 1)
    api.post("tag/deltagusers", {"tagid": own, "userlist": ["lisi"]})
    assert api.get("tag/get", tagid=str(own))["userlist"] == []
    assert len(api.get("tag/list")["taglist"]) == 2
    assert api.post("tag/create", {"tagname": "网格员"})["errcode"] == 40071
    assert api.get("tag/get", tagid="99")["errcode"] == 40068
