"""Media that live three days, and the app's menu."""

import pytest

from simulator import World
from tests.simulator.conftest import Api, Time


def test_a_file_comes_back_with_its_name_and_ends_after_three_days(api: Api, world: World, time: Time) -> None:
    answer = api.upload("file", "名单.xlsx", b"PK content")
    url = f"/cgi-bin/media/get?access_token={api.new_token()['access_token']}&media_id={answer['media_id']}"

    assert isinstance(answer["created_at"], str)
    with api.client.get(url) as got:
        assert got.data == b"PK content"
        assert "filename*=UTF-8''%E5%90%8D%E5%8D%95.xlsx" in got.headers["Content-Disposition"]
    assert api.send("file", {"media_id": answer["media_id"]})["errcode"] == 0
    assert world.inbox("lisi")[0].text == "名单.xlsx"
    time.pass_by(days=3, seconds=1)
    assert api.send("file", {"media_id": answer["media_id"]})["errcode"] == 40145


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("poster", b"\xff\xd8123456", 40004),
        ("image", b"", 44001),
        ("image", b"\xff\xd8123", 40006),
        ("image", b"no picture", 40009),
        ("voice", b"no amr file", 40005),
        ("voice", b"#!AMR" + bytes(2 << 20), 45001),
    ],
)
def test_a_bad_upload_is_refused_with_its_code(api: Api, kind: str, content: bytes, code: int) -> None:
    assert api.upload(kind, "x", content)["errcode"] == code


def test_a_medium_is_sent_only_as_what_it_is(api: Api) -> None:
    assert api.send("file", {"media_id": api.picture()})["errcode"] == 40004


MENU = {
    "button": [
        {"type": "click", "name": "我要填报", "key": "REPORT"},
        {"name": "更多", "sub_button": [{"type": "view", "name": "排名", "url": "https://a.example/rank"}]},
    ]
}


def test_a_menu_is_kept_read_and_deleted(api: Api) -> None:
    assert api.get("menu/get", agentid="1000002")["errcode"] == 46003
    assert api.post("menu/create", MENU, agentid="1000002")["errcode"] == 0
    assert api.get("menu/get", agentid="1000002")["button"] == MENU["button"]
    assert api.get("menu/delete", agentid="1000002")["errcode"] == 0
    assert api.get("menu/get", agentid="1000002")["errcode"] == 46003


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([], 40063),
        ([{"type": "click", "name": "a", "key": "k"}] * 4, 40058),
        ([{"type": "click", "name": "六个汉字名", "key": "k"}] * 1 + [{"type": "click", "name": "x"}], 40063),
        ([{"type": "click", "name": "太长的菜单名", "key": "k"}], 40058),
        ([{"type": "click", "name": "a", "key": "k" * 129}], 40058),
        ([{"type": "fly", "name": "a", "key": "k"}], 40058),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "a", "key": "k"}] * 6}], 40058),
    ],
)
def test_a_menu_wecom_would_not_show_is_refused(api: Api, button: list[object], code: int) -> None:
    assert api.post("menu/create", {"button": button}, agentid="1000002")["errcode"] == code


def test_another_apps_menu_is_out_of_reach(api: Api) -> None:
    assert api.post("menu/create", MENU, agentid="1000009")["errcode"] == 301002
