"""Sending app messages: who gets them, what is cut, dropped, suppressed and changed."""

from typing import Any

import pytest

from simulator import App, World
from tests.simulator.cards import BUTTONS, NOTICE
from tests.simulator.conftest import Api, Time


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "ghost"}, 81013),
        ({"touser": "", "toparty": "99"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"toparty": "|".join(str(n) for n in range(101))}, 82002),
        ({"totag": "|".join(str(n) for n in range(101))}, 82003),
        ({"touser": ["lisi"]}, 40058),
        ({"agentid": 1000009}, 301002),
        ({"agentid": "x"}, 40056),
        ({"agentid": None}, 40056),
        ({"safe": 2}, 40058),
        ({"enable_duplicate_check": 2}, 40058),
        ({"enable_duplicate_check": 1, "duplicate_check_interval": 14401}, 40058),
    ],
)
def test_bad_recipients_and_options_are_refused_with_their_code(api: Api, fields: dict[str, Any], code: int) -> None:
    assert api.send(**fields)["errcode"] == code


def test_unknown_recipients_come_back_in_lower_case_and_the_others_get_it(api: Api, world: World) -> None:
    world.directory.add_member("left", status=5)
    world.directory.add_member("free", licensed=False)

    answer = api.send(touser="LISI|Ghost1|wangwu|LEFT|free", toparty="2|99", totag="7")

    assert answer["invaliduser"] == "ghost1|left"
    assert answer["invalidparty"] == "99"
    assert answer["invalidtag"] == "7"
    assert answer["unlicenseduser"] == "free"
    assert [len(world.inbox(who)) for who in ("lisi", "wangwu", "free")] == [1, 1, 0]


def test_departments_tags_and_everybody_are_reached_once_each(api: Api, world: World) -> None:
    world.directory.add_department("警务室", id=4, parentid=2)
    world.directory.add_member("deep", departments=[4])
    tag = world.directory.add_tag("党员", ["WangWu"])

    assert "invaliduser" not in api.send(touser="deep", toparty="2", totag=str(tag.id))
    assert [len(world.inbox(who)) for who in ("lisi", "deep", "WangWu")] == [1, 1, 1]
    api.send(touser="@all")
    assert [len(world.inbox(who)) for who in ("lisi", "deep", "WangWu")] == [2, 2, 2]


def test_who_is_outside_the_visible_range_is_an_invalid_user(api: Api, world: World) -> None:
    world.app.visible_departments = {2}

    assert api.send(touser="WangWu")["errcode"] == 81013
    assert api.send(touser="lisi|WangWu")["invaliduser"] == "wangwu"
    assert api.get("user/get", userid="WangWu")["errcode"] == 60011
    assert api.get("user/get", userid="LISI")["userid"] == "lisi"


def test_a_long_text_is_cut_at_2048_bytes_without_half_a_character(api: Api, world: World) -> None:
    api.send(payload={"content": "长" * 700})

    assert world.inbox("lisi")[0].text == "长" * 682
    assert list(world.messages.cut) == [("content", 2100)]


def test_a_text_too_long_for_its_place_on_a_card_is_noted(api: Api, world: World) -> None:
    api.send("template_card", dict(BUTTONS, main_title={"title": "题" * 37}))

    assert list(world.messages.cut) == [("title", 37)]


def test_the_thirty_first_message_in_a_minute_is_accepted_and_silently_dropped(
    api: Api, world: World, time: Time
) -> None:
    answers = [api.send(payload={"content": str(number)}) for number in range(32)]

    assert {answer["errcode"] for answer in answers} == {0}
    assert (len(world.inbox("lisi")), world.dropped) == (30, 2)
    time.pass_by(seconds=60)
    api.send()
    assert (len(world.inbox("lisi")), world.dropped) == (31, 2)


def test_the_thousand_and_first_message_in_an_hour_is_dropped(api: Api, world: World, time: Time) -> None:
    world.calls_per_minute = 100_000
    for _ in range(34):
        for number in range(30):
            api.send(payload={"content": str(number)})
        time.pass_by(seconds=61)

    assert (len(world.inbox("lisi")), world.dropped) == (1000, 20)


def test_an_identical_body_under_duplicate_check_is_sent_once_in_its_interval(
    api: Api, world: World, time: Time
) -> None:
    options: dict[str, Any] = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}

    first, second = api.send(**options), api.send(**options)
    assert (first["errcode"], second["errcode"]) == (0, 0)
    assert "msgid" not in second
    api.send(payload={"content": "不同"}, **options)
    assert (len(world.inbox("lisi")), world.messages.suppressed) == (2, 1)
    time.pass_by(seconds=600)
    assert api.send(**options)["msgid"]
    assert len(world.inbox("lisi")) == 3


def test_without_duplicate_check_equal_messages_both_arrive(api: Api, world: World) -> None:
    api.send()
    api.send()

    assert len(world.inbox("lisi")) == 2


def test_a_task_id_is_used_once_but_a_suppressed_card_is_no_second_use(api: Api) -> None:
    assert api.send("template_card", BUTTONS, enable_duplicate_check=1)["errcode"] == 0
    assert api.send("template_card", BUTTONS, enable_duplicate_check=1)["errcode"] == 0
    assert api.send("template_card", BUTTONS)["errcode"] == 42014


def test_a_card_is_changed_once_in_place_for_those_named(api: Api, world: World) -> None:
    code = api.send("template_card", BUTTONS, touser="lisi|WangWu")["response_code"]
    change = {"userids": ["LISI", "ghost"], "agentid": world.app.agentid, "response_code": code}

    answer = api.post("message/update_template_card", {**change, "button": {"replace_name": "已确认"}})

    assert answer["invaliduser"] == ["ghost"]
    assert [post.replaced for post in world.inbox("lisi")] == ["已确认"]
    assert [post.replaced for post in world.inbox("WangWu")] == [None]
    again = api.post("message/update_template_card", {**change, "button": {"replace_name": "再来"}})
    assert again["errcode"] == 60140


def test_a_card_may_become_another_card_and_keeps_its_place(api: Api, world: World) -> None:
    code = api.send("template_card", BUTTONS)["response_code"]
    before = world.inbox("lisi")[0].id

    change = {"atall": 1, "agentid": world.app.agentid, "response_code": code, "template_card": NOTICE}
    assert api.post("message/update_template_card", change)["errcode"] == 0

    [post] = world.inbox("lisi")
    assert (post.id, post.text) == (before, "提醒")


def test_a_response_code_ends_after_72_hours_and_a_bad_change_does_not_spend_it(
    api: Api, world: World, time: Time
) -> None:
    code = api.send("template_card", BUTTONS)["response_code"]
    change = {"userids": ["lisi"], "agentid": world.app.agentid, "response_code": code}

    assert api.post("message/update_template_card", {**change, "button": {}})["errcode"] == 40058
    time.pass_by(hours=72)
    late = api.post("message/update_template_card", {**change, "button": {"replace_name": "晚了"}})
    assert late["errcode"] == 60140


def test_a_recalled_message_is_gone_within_a_day_only(api: Api, world: World, time: Time) -> None:
    first, second = api.send()["msgid"], api.send()["msgid"]

    assert api.post("message/recall", {"msgid": first})["errcode"] == 0
    assert len(world.inbox("lisi")) == 1
    time.pass_by(hours=25)
    assert api.post("message/recall", {"msgid": second})["errcode"] == 42052
    assert api.post("message/recall", {"msgid": "nothing"})["errcode"] == 40058


def test_two_apps_speak_in_two_threads_and_cannot_touch_each_others_messages(api: Api, world: World) -> None:
    other = world.add_app(App(agentid=1000003, name="值班", secret="another-secret"))
    code = api.send("template_card", BUTTONS)["response_code"]
    query = {"corpid": world.corp.corp_id, "corpsecret": other.secret}
    api.token = api.client.get("/cgi-bin/gettoken", query_string=query).get_json(force=True)["access_token"]

    api.send(agentid=other.agentid)

    assert [post.peer for post in world.inbox("lisi")] == ["app", "app:1000003"]
    change = {"atall": 1, "agentid": other.agentid, "response_code": code, "button": {"replace_name": "改"}}
    assert api.post("message/update_template_card", change)["errcode"] == 42015


def test_todays_and_yesterdays_messages_are_counted(api: Api, time: Time) -> None:
    api.send(touser="lisi|WangWu")
    time.pass_by(days=1)
    api.send()

    counts = [api.post("message/get_statistics", {"time_type": day})["statistics"][0]["count"] for day in (0, 1)]
    assert counts == [1, 2]


def test_the_daily_quota_is_200_times_the_account_ceiling(api: Api, world: World) -> None:
    world.corp.account_ceiling = 0

    assert api.send()["errcode"] == 45009
