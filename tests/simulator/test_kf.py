"""微信客服: pulling by cursor, the sending windows, welcome codes, sessions and failures."""

import re
from typing import Any

import pytest

from simulator import World
from simulator.kf import Account
from tests.simulator.conftest import Api, Receiver, Time
from tests.simulator.test_pusher import last


def pull(api: Api, **fields: Any) -> dict[str, Any]:
    return api.post("kf/sync_msg", {"open_kfid": "wkENT", **fields})


def answer(api: Api, customer: str, **fields: Any) -> int:
    body = {"touser": customer, "open_kfid": "wkENT", "msgtype": "text", "text": {"content": "在的"}, **fields}
    return int(api.post("kf/send_msg", body)["errcode"])


def test_a_customers_words_poke_the_service_and_are_pulled_once(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    world.people.kf_say(customer, "wkENT", "我们想招工")

    xml = last(world, receiver)
    assert "<Event><![CDATA[kf_msg_or_event]]></Event>" in xml
    assert "<OpenKfId><![CDATA[wkENT]]></OpenKfId>" in xml
    assert not re.search("FromUserName|AgentID|MsgId", xml)
    assert b"AgentID" not in receiver.posts[-1][1]
    token = re.findall(r"<Token><!\[CDATA\[(.*?)]]>", xml)[0]
    page = pull(api, token=token)
    [message] = page["msg_list"]
    assert message["text"] == {"content": "我们想招工", "menu_id": ""}
    assert (message["origin"], message["external_userid"], page["has_more"]) == (3, customer, 0)
    assert pull(api, token=token, cursor=page["next_cursor"])["msg_list"] == []


def test_pages_follow_each_other_and_an_empty_one_may_have_more_behind_it(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    for number in range(5):
        world.people.kf_say(customer, "wkENT", str(number))
    account.empty_pages = 1

    empty = pull(api, limit=3)
    first = pull(api, limit=3, cursor=empty["next_cursor"])
    second = pull(api, limit=3, cursor=first["next_cursor"])

    assert (empty["has_more"], empty["msg_list"]) == (1, [])
    assert (first["has_more"], second["has_more"]) == (1, 0)
    said = [message["text"]["content"] for page in (first, second) for message in page["msg_list"]]
    assert said == list("01234")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"open_kfid": ""}, 60251),
        ({"open_kfid": "wkNONE"}, 95004),
        ({"token": "old"}, 95007),
        ({"cursor": "made-up"}, 40058),
        ({"cursor": "wkENT-99"}, 40058),
        ({"cursor": "x" * 65}, 40058),
        ({"limit": 1001}, 40058),
        ({"voice_format": 2}, 40058),
    ],
)
def test_a_bad_pull_is_refused_with_its_code(api: Api, account: Account, fields: dict[str, Any], code: int) -> None:
    assert pull(api, **fields)["errcode"] == code


def test_a_token_ends_after_ten_minutes_and_pulls_without_one_are_few(
    api: Api, world: World, account: Account, time: Time
) -> None:
    token = world.kf.new_token(account)
    time.pass_by(minutes=10)

    assert pull(api, token=token)["errcode"] == 95007
    assert [pull(api)["errcode"] for _ in range(11)] == [0] * 10 + [45009]
    time.pass_by(minutes=1)
    assert pull(api)["errcode"] == 0


def test_what_is_older_than_three_days_is_gone(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str, time: Time
) -> None:
    world.people.kf_say(customer, "wkENT", "旧")
    time.pass_by(days=3, seconds=1)
    world.people.kf_say(customer, "wkENT", "新")

    for cursor in ("", "wkENT-0"):
        assert [m["text"]["content"] for m in pull(api, cursor=cursor)["msg_list"]] == ["新"]


def test_five_answers_follow_each_word_of_the_customer(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    assert answer(api, customer) == 95031
    world.people.kf_say(customer, "wkENT", "在吗")
    assert [answer(api, customer) for _ in range(6)] == [0] * 5 + [95001]
    world.people.kf_say(customer, "wkENT", "还在吗")
    assert answer(api, customer) == 0
    assert len(world.inbox(customer)) == 6


def test_after_48_hours_of_silence_nothing_is_sent(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str, time: Time
) -> None:
    world.people.kf_say(customer, "wkENT", "在吗")
    time.pass_by(hours=48, seconds=1)

    assert answer(api, customer) == 95002


def test_the_same_msgid_is_sent_once(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    world.people.kf_say(customer, "wkENT", "在吗")

    codes = [answer(api, customer, msgid="reply-1") for _ in range(2)]
    assert codes == [0, 95033]
    assert answer(api, customer, msgid="中文") == 40058
    assert len(world.inbox(customer)) == 1


def test_a_person_who_has_the_session_silences_the_api(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    world.people.kf_say(customer, "wkENT", "找真人")
    about = {"open_kfid": "wkENT", "external_userid": customer}

    assert api.post("kf/service_state/get", about)["service_state"] == 0
    assert answer(api, customer) == 0
    assert api.post("kf/service_state/get", about)["service_state"] == 1
    hand = {**about, "service_state": 3, "servicer_userid": "lisi"}
    code = api.post("kf/service_state/trans", hand)["msg_code"]
    state = api.post("kf/service_state/get", about)
    assert (state["service_state"], state["servicer_userid"]) == (3, "lisi")
    assert answer(api, customer) == 95018
    event = {"code": code, "msgtype": "text", "text": {"content": "李四为您服务"}}
    assert [api.post("kf/send_msg_on_event", event)["errcode"] for _ in range(2)] == [0, 41050]
    end = api.post("kf/service_state/trans", {**about, "service_state": 4})["msg_code"]
    assert answer(api, customer) == 95013
    menu = {"head_content": "满意吗", "list": [{"type": "click", "click": {"id": "5", "content": "满意"}}]}
    assert api.post("kf/send_msg_on_event", {"code": end, "msgtype": "msgmenu", "msgmenu": menu})["errcode"] == 0
    world.people.kf_press(customer, world.inbox(customer)[-1], "5")
    assert api.post("kf/service_state/get", about)["service_state"] == 0
    assert pull(api)["msg_list"][-1]["text"] == {"content": "满意", "menu_id": "5"}


@pytest.mark.parametrize(
    ("state", "wanted", "servicer", "code"),
    [
        (0, 1, "", 0),
        (0, 2, "", 0),
        (0, 3, "lisi", 0),
        (0, 4, "", 95016),
        (1, 1, "", 95016),
        (1, 3, "lisi", 0),
        (2, 1, "", 95016),
        (2, 3, "lisi", 0),
        (3, 3, "WangWu", 0),
        (3, 3, "lisi", 95016),
        (3, 4, "", 0),
        (4, 1, "", 95016),
        (0, 3, "ghost", 95014),
        (0, 3, "", 40063),
        (0, 5, "", 40058),
    ],
)
def test_only_the_documented_changes_of_state_are_allowed(
    api: Api, world: World, account: Account, customer: str, state: int, wanted: int, servicer: str, code: int
) -> None:
    session = world.kf.session(account, customer)
    session.customer_spoke(world.clock.timestamp())
    session.state, session.servicer = state, "lisi" if state == 3 else ""

    body = {"open_kfid": "wkENT", "external_userid": customer, "service_state": wanted, "servicer_userid": servicer}
    assert api.post("kf/service_state/trans", body)["errcode"] == code


def test_a_paused_servicer_gets_no_session(api: Api, world: World, account: Account, customer: str) -> None:
    world.kf.session(account, customer).customer_spoke(world.clock.timestamp())
    account.servicers["lisi"] = 1

    body = {"open_kfid": "wkENT", "external_userid": customer, "service_state": 3, "servicer_userid": "lisi"}
    assert api.post("kf/service_state/trans", body)["errcode"] == 95019


def test_who_enters_by_a_link_may_be_welcomed_once_within_20_seconds(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str, time: Time
) -> None:
    world.people.kf_enter(customer, "wkENT", scene="bind", scene_param="ent%3D12")
    event = pull(api)["msg_list"][0]["event"]
    assert (event["event_type"], event["scene"], event["scene_param"]) == ("enter_session", "bind", "ent%3D12")

    hello = {"code": event["welcome_code"], "msgtype": "text", "text": {"content": "您好"}}
    assert [api.post("kf/send_msg_on_event", hello)["errcode"] for _ in range(2)] == [0, 41050]
    assert [post.text for post in world.inbox(customer)] == ["您好"]
    world.people.kf_enter(customer, "wkENT")
    assert "welcome_code" not in pull(api)["msg_list"][1]["event"]
    time.pass_by(hours=49)
    world.people.kf_enter(customer, "wkENT")
    late = {**hello, "code": pull(api)["msg_list"][2]["event"]["welcome_code"]}
    time.pass_by(seconds=20)
    assert api.post("kf/send_msg_on_event", late)["errcode"] == 41050


def test_an_accepted_message_may_fail_later(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    world.people.kf_say(customer, "wkENT", "在吗")
    account.fail_next.append(10)

    assert answer(api, customer, msgid="reply-1") == 0
    assert world.inbox(customer) == []
    before = len(receiver.posts)
    world.settle()
    assert len(receiver.posts) == before + 1
    event = pull(api)["msg_list"][-1]["event"]
    assert (event["event_type"], event["fail_msgid"], event["fail_type"]) == ("msg_send_fail", "reply-1", 10)
