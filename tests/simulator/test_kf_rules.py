"""微信客服: what may be answered, what servicers do, accounts, customers and upgrades."""

from typing import Any

import pytest

from simulator import World
from simulator.kf import Account
from tests.simulator.conftest import Api, Receiver, Time
from tests.simulator.test_kf import answer, pull


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("text", {"content": "x" * 2049}, 40058),
        ("text", {"content": ""}, 44004),
        ("image", {"media_id": "none"}, 40007),
        ("link", {"title": "题", "url": "u"}, 40007),
        ("location", {"name": "所"}, 40063),
        ("msgmenu", {"list": []}, 40063),
        ("msgmenu", {"list": [{"type": "click", "click": {"id": "1", "content": "a"}}] * 11}, 95008),
        ("msgmenu", {"list": [{"type": "text", "text": {"content": "a"}}] * 51}, 95008),
        ("msgmenu", {"list": [{"type": "dance"}]}, 95009),
        ("msgmenu", {"list": [{"type": "click", "click": {"id": "1" * 129, "content": "a"}}]}, 40058),
        ("template_card", {}, 40008),
    ],
)
def test_a_bad_answer_is_refused_and_does_not_count(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str, kind: str, payload: Any, code: int
) -> None:
    world.people.kf_say(customer, "wkENT", "在吗")

    assert answer(api, customer, msgtype=kind, **{kind: payload}) == code
    assert world.kf.session(account, customer).sent == 0


def test_a_servicers_words_and_a_recall_are_logged(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str
) -> None:
    said = world.people.kf_say(customer, "wkENT", "手机号 1380000")
    world.people.kf_take("lisi", customer, "wkENT")
    world.people.kf_servicer_says("lisi", customer, "wkENT", "收到")
    assert said.post
    world.people.kf_recall(customer, "wkENT", said.post.msgid)
    world.people.kf_end("lisi", customer, "wkENT")

    _, taken, servicer, recalled, ended = pull(api)["msg_list"]
    assert (taken["event"]["change_type"], ended["event"]["change_type"]) == (1, 3)
    assert (servicer["origin"], servicer["servicer_userid"]) == (5, "lisi")
    assert recalled["event"]["recall_msgid"] == said.post.msgid
    assert world.threads.posts(customer, "kf:wkENT")[0].text == "收到"


def test_accounts_links_and_servicers(api: Api, world: World, account: Account) -> None:
    made = api.post("kf/account/add", {"name": "居民服务", "media_id": api.picture()})["open_kfid"]
    assert [a["name"] for a in api.post("kf/account/list", {})["account_list"]] == ["企业服务", "居民服务"]
    assert api.post("kf/account/update", {"open_kfid": made, "name": "长" * 17})["errcode"] == 95006
    assert "enc_scene" in api.post("kf/add_contact_way", {"open_kfid": made, "scene": "door"})["url"]
    assert api.post("kf/add_contact_way", {"open_kfid": made, "scene": "门"})["errcode"] == 40058
    results = api.post("kf/servicer/add", {"open_kfid": made, "userid_list": ["lisi", "ghost"]})["result_list"]
    assert [(r["userid"], r["errcode"]) for r in results] == [("lisi", 0), ("ghost", 60030)]
    assert api.get("kf/servicer/list", open_kfid=made)["servicer_list"][0]["userid"] == "lisi"
    removed = api.post("kf/servicer/del", {"open_kfid": made, "userid_list": ["lisi", "lisi"]})["result_list"]
    assert [r["errcode"] for r in removed] == [0, 60253]
    api.post("kf/account/del", {"open_kfid": made})
    assert api.post("kf/add_contact_way", {"open_kfid": made})["errcode"] == 95004


def test_customers_seen_in_48_hours_have_a_name_and_how_they_came(
    api: Api, world: World, receiver: Receiver, account: Account, customer: str, time: Time
) -> None:
    world.people.kf_enter(customer, "wkENT", scene="bind")
    body = {"external_userid_list": [customer, "wmNOBODY"], "need_enter_session_context": 1}

    found = api.post("kf/customer/batchget", body)
    assert found["customer_list"][0]["nickname"] == "固电电子"
    assert found["customer_list"][0]["enter_session_context"]["scene"] == "bind"
    assert found["invalid_external_userid"] == ["wmNOBODY"]
    time.pass_by(hours=49)
    assert api.post("kf/customer/batchget", body)["customer_list"] == []


def test_an_upgrade_is_offered_only_when_the_console_prepared_it(
    api: Api, world: World, account: Account, customer: str
) -> None:
    offer = {"open_kfid": "wkENT", "external_userid": customer, "type": 2, "groupchat": {"chat_id": "wr1"}}

    assert api.post("kf/customer/upgrade_service", offer)["errcode"] == 95021
    account.upgrade_groups.append("wr1")
    assert api.post("kf/customer/upgrade_service", offer)["errcode"] == 0
    assert api.get("kf/customer/get_upgrade_service_config")["groupchat_range"]["chat_id_list"] == ["wr1"]
    assert [post.kind for post in world.inbox(customer)] == ["link"]
