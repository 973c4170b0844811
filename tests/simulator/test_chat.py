"""Groups an app makes, and robots in groups."""

import base64
import hashlib
from typing import Any

import pytest

from simulator import World
from tests.simulator.conftest import Api, Receiver, Time

TEXT = {"msgtype": "text", "text": {"content": "第46周"}}


def make(api: Api, **fields: Any) -> dict[str, Any]:
    return api.post("appchat/create", {"name": "绩效", "userlist": ["lisi", "WangWu"], "chatid": "okr", **fields})


def test_a_group_is_made_posted_to_and_changed(api: Api, world: World, receiver: Receiver) -> None:
    world.directory.add_member("new")
    assert make(api)["chatid"] == "okr"

    assert api.post("appchat/send", {"chatid": "okr", **TEXT}).keys() == {"errcode", "errmsg"}
    assert [post.text for post in world.inbox("wangwu", "group:okr")] == ["第46周"]
    api.post("appchat/update", {"chatid": "okr", "add_user_list": ["new"], "del_user_list": ["WangWu"], "name": "新"})
    info = api.get("appchat/get", chatid="okr")["chat_info"]
    assert (info["name"], info["owner"], info["userlist"]) == ("新", "lisi", ["lisi", "new"])
    assert receiver.posts == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"userlist": ["lisi"]}, 86006),
        ({"userlist": ["lisi", "ghost"]}, 86216),
        ({"userlist": []}, 40063),
        ({"owner": "deep"}, 86207),
        ({"chatid": "no-dashes"}, 86001),
        ({"chatid": "x" * 33}, 86001),
        ({"name": "长" * 51}, 86004),
    ],
)
def test_a_bad_group_is_refused(api: Api, fields: dict[str, Any], code: int) -> None:
    assert make(api, **fields)["errcode"] == code


def test_a_group_exists_once_and_takes_no_card(api: Api) -> None:
    make(api)

    assert make(api)["errcode"] == 86215
    card = {"chatid": "okr", "msgtype": "template_card", "template_card": {"card_type": "text_notice"}}
    assert api.post("appchat/send", card)["errcode"] == 40008
    assert api.post("appchat/send", {"chatid": "none", **TEXT})["errcode"] == 40050
    assert api.post("appchat/send", TEXT)["errcode"] == 86003


def test_only_an_app_that_sees_the_root_makes_groups(api: Api, world: World) -> None:
    world.app.visible_departments = {2}

    assert make(api)["errcode"] == 60011


def robot(api: Api, key: str, body: dict[str, Any]) -> int:
    return int(api.post("webhook/send", body, key=key)["errcode"])


def test_a_robot_posts_twenty_times_a_minute(api: Api, world: World, time: Time) -> None:
    key = world.chats.add_robot("班子群", ["lisi"]).key

    assert [robot(api, key, TEXT) for _ in range(21)] == [0] * 20 + [45009]
    time.pass_by(minutes=1)
    assert robot(api, key, TEXT) == 0
    assert len(world.inbox("lisi", "group:班子群")) == 21
    assert robot(api, "made-up", TEXT) == 93000
    world.chats.robots[key].removed = True
    assert robot(api, key, TEXT) == 93000


def test_a_robots_picture_is_checked_against_its_md5(api: Api, world: World) -> None:
    key = world.chats.add_robot("班子群", ["lisi"]).key
    content = b"\x89PNG picture"
    image = {"base64": base64.b64encode(content).decode(), "md5": hashlib.md5(content).hexdigest()}

    assert robot(api, key, {"msgtype": "image", "image": image}) == 0
    assert robot(api, key, {"msgtype": "image", "image": {**image, "md5": "0"}}) == 40058
    large = {"base64": base64.b64encode(bytes(3 << 20)).decode(), "md5": "0"}
    assert robot(api, key, {"msgtype": "image", "image": large}) == 93018


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 93017),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "长" * 1365}}, 0),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "长" * 1366}}, 45002),
        ({"msgtype": "textcard", "textcard": {}}, 40008),
        (
            {
                "msgtype": "template_card",
                "template_card": {
                    "card_type": "button_interaction",
                    "task_id": "t",
                    "main_title": {"title": "a"},
                    "button_list": [{"text": "a", "key": "k"}],
                },
            },
            42031,
        ),
    ],
)
def test_what_a_robot_may_not_post_is_refused(api: Api, world: World, body: dict[str, Any], code: int) -> None:
    assert robot(api, world.chats.add_robot("班子群", ["lisi"]).key, body) == code


def test_a_robots_file_is_its_own(api: Api, world: World) -> None:
    key = world.chats.add_robot("班子群", ["lisi"]).key
    other = world.chats.add_robot("别的群", ["lisi"]).key
    media_id = api.upload("file", "名单.xlsx", b"PK content", "webhook/upload_media", key=key)["media_id"]

    assert robot(api, key, {"msgtype": "file", "file": {"media_id": media_id}}) == 0
    assert robot(api, other, {"msgtype": "file", "file": {"media_id": media_id}}) == 40007
    assert api.send("file", {"media_id": media_id})["errcode"] == 40007
