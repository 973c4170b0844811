"""The person side over HTTP, as the chat page uses it."""

import base64
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator import World, create_app
from simulator.clock import Clock
from tests.simulator.cards import BUTTONS
from tests.simulator.conftest import Api, Receiver
from tests.simulator.test_pusher import last


def post(page: FlaskClient, path: str, /, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = page.post(f"/sim/{path}", json=body).get_json()
    return answer


def messages(page: FlaskClient, person: str, peer: str, **query: int) -> dict[str, Any]:
    url = f"/sim/messages?person={person}&peer={peer}&" + "&".join(f"{k}={v}" for k, v in query.items())
    answer: dict[str, Any] = page.get(url).get_json()
    return answer


def test_people_threads_and_messages_show_a_conversation(
    page: FlaskClient, api: Api, world: World, receiver: Receiver
) -> None:
    sent = post(page, "say", person="LISI", text="KR1 35", peer="app")
    api.send(payload={"content": "记好了"})

    people = page.get("/sim/people").get_json()
    assert people["app"] == {"name": "邻格", "agentid": 1000002}
    assert [(p["id"], p["unit"], p["unread"]) for p in people["people"]] == [
        ("lisi", "城关所", 1),
        ("WangWu", "南桥所", 0),
    ]
    [thread] = page.get("/sim/threads/lisi").get_json()["threads"]
    assert (thread["peer"], thread["title"], thread["unread"], thread["last"]["text"]) == ("app", "邻格", 1, "记好了")
    found = messages(page, "lisi", "app")
    assert [(m["mine"], m["sender"], m["text"]) for m in found["messages"]] == [
        (True, "", "KR1 35"),
        (False, "邻格", "记好了"),
    ]
    assert found["messages"][0]["id"] == sent["message_id"]
    assert found["messages"][0]["at"] == "2026-11-20T15:07:00+08:00"
    assert page.get("/sim/people").get_json()["people"][0]["unread"] == 0


def test_a_card_pressed_and_replaced_comes_again_with_the_same_id(
    page: FlaskClient, api: Api, world: World, receiver: Receiver
) -> None:
    code = api.send("template_card", BUTTONS)["response_code"]
    first = messages(page, "lisi", "app")
    [card] = first["messages"]
    assert card["card"]["button_list"][0]["key"] == "yes"

    assert post(page, "press", person="lisi", message_id=card["id"], key="yes")["ok"]
    change = {"userids": ["lisi"], "agentid": 1000002, "response_code": code, "button": {"replace_name": "已确认"}}
    api.post("message/update_template_card", change)

    [again] = messages(page, "lisi", "app", after=first["seq"])["messages"]
    assert (again["id"], again["pressed_key"], again["replaced"]) == (card["id"], "yes", "已确认")
    refused = page.post("/sim/press", json={"person": "lisi", "message_id": card["id"], "key": "yes"})
    assert (refused.status_code, refused.get_json()["ok"]) == (400, False)


def test_a_long_poll_ends_when_something_comes(page: FlaskClient, api: Api) -> None:
    timer = threading.Timer(0.05, api.send)
    timer.start()

    found = messages(page, "lisi", "app", wait=10)
    timer.join()
    assert [m["text"] for m in found["messages"]] == ["你好"]


def test_media_places_links_menus_and_entering_reach_the_service(
    page: FlaskClient, api: Api, world: World, receiver: Receiver
) -> None:
    picture = base64.b64encode(b"\x89PNG picture").decode()
    assert post(page, "media", person="lisi", peer="app", type="image", filename="a.png", base64=picture)["ok"]
    url = messages(page, "lisi", "app")["messages"][-1]["media_url"]
    assert page.get(url).data == b"\x89PNG picture"
    assert page.get(url).content_type == "image/png"
    assert page.get("/sim/media/none").status_code == 404
    assert not post(page, "media", person="lisi", peer="app", type="image", filename="a.png", base64="!")["ok"]
    post(page, "place", person="lisi", peer="app", latitude=30.8, longitude=120.1, label="路口")
    assert "<Label><![CDATA[路口]]>" in last(world, receiver)
    post(page, "link", person="lisi", peer="app", title="题", description="文", url="https://a.example")
    assert "<Title><![CDATA[题]]>" in last(world, receiver)
    post(page, "enter", person="lisi", peer="app")
    assert "enter_agent" in last(world, receiver)
    assert page.get("/sim/menu").get_json() == {"button": []}
    api.post("menu/create", {"button": [{"type": "click", "name": "报", "key": "R"}]}, agentid="1000002")
    assert post(page, "menu", person="lisi", key="R")["ok"]
    assert not post(page, "menu", person="lisi", key="none")["ok"]


def test_a_customer_talks_to_a_kf_account(page: FlaskClient, world: World, receiver: Receiver) -> None:
    account = world.kf.add("居民服务", "wkRES", serves="居民")
    customer = post(page, "actions/new_customer", name="陈女士")["result"]
    peer = "kf:wkRES"

    assert page.get("/sim/people").get_json()["kf_accounts"] == [
        {"open_kfid": "wkRES", "name": "居民服务", "serves": "居民"}
    ]
    assert post(page, "enter", person=customer, peer=peer, scene="door")["ok"]
    assert post(page, "say", person=customer, peer=peer, text="上报")["message_id"]
    post(page, "place", person=customer, peer=peer, latitude=30.8, longitude=120.1, label="路口")
    post(page, "link", person=customer, peer=peer, title="题", url="https://a.example")
    photo = base64.b64encode(b"\xff\xd8photo").decode()
    post(page, "media", person=customer, peer=peer, type="image", filename="a.jpg", base64=photo)
    kinds = [entry["msgtype"] for entry in account.log]
    assert kinds == ["event", "text", "location", "link", "image"]
    menu = {"head_content": "是哪一处", "list": [{"type": "click", "click": {"id": "1", "content": "楼道"}}]}
    shown = world.threads.add(customer, peer, "msgmenu", menu, sender="居民服务")
    assert messages(page, customer, peer)["messages"][-1]["menu"] == menu
    assert post(page, "press", person=customer, message_id=shown.id, key="1")["ok"]
    assert account.log[-1]["text"] == {"content": "楼道", "menu_id": "1"}


def test_faults_and_the_log_are_at_hand(page: FlaskClient, api: Api) -> None:
    assert post(page, "faults", fault="errcode", path="message/send", errcode=-1, times=3)["ok"]
    assert api.send()["errcode"] == -1
    assert page.get("/sim/faults").get_json()["faults"][0]["times"] == 2
    assert page.delete("/sim/faults").get_json()["ok"]
    assert api.send()["errcode"] == 0
    log = page.get("/sim/log").get_json()["log"]
    assert [(e["kind"], e["what"], e["status"]) for e in log if e["what"] == "message/send"] == [
        ("api", "message/send", "-1"),
        ("api", "message/send", "0"),
    ]
    assert page.get(f"/sim/log?after={log[-1]['seq']}").get_json()["log"] == []
    assert not post(page, "faults", fault="fire")["ok"]
    assert not post(page, "faults", fault="errcode", colour="red")["ok"]


def test_a_shared_clock_goes_forward_only(tmp_path: Path) -> None:
    shared = tmp_path / "made" / "clock"
    page = create_app(World(clock=Clock(offset_file=shared))).test_client()
    assert page.get("/sim/clock").get_json()["movable"] is True
    later = (datetime.now(UTC) + timedelta(days=7)).isoformat()  # noqa: TID251 - the simulator's own clock is real here

    assert page.post("/sim/clock", json={"to": later}).status_code == 200
    assert float(shared.read_text()) == pytest.approx(7 * 86400, abs=5)
    assert page.post("/sim/clock", json={"to": "2020-01-01T00:00:00+08:00"}).status_code == 409
    assert datetime.fromisoformat(page.get("/sim/clock").get_json()["now"]) >= datetime.fromisoformat(later).replace(
        microsecond=0
    )


def test_a_clock_nobody_shares_cannot_be_moved(page: FlaskClient) -> None:
    assert page.post("/sim/clock", json={"to": "2030-01-01T00:00:00+08:00"}).status_code == 409


def test_what_else_can_happen_is_listed_and_runs(page: FlaskClient, api: Api, world: World, receiver: Receiver) -> None:
    listed = page.get("/sim/actions").get_json()["actions"]
    assert {"confirm_mass_message", "scan_join_code", "leave_group", "add_contact"} <= {a["name"] for a in listed}
    customer = post(page, "actions/new_customer", name="阿明")["result"]
    chat_id = post(page, "actions/make_group", userid="lisi", name="居民群")["result"]
    api.post("externalcontact/groupchat/add_join_way", {"scene": 2, "chat_id_list": [chat_id]})

    assert post(page, "actions/scan_join_code", customer=customer)["result"] == chat_id
    body = {"chat_type": "group", "sender": "lisi", "text": {"content": "通知"}}
    api.post("externalcontact/add_msg_template", body)
    assert post(page, "actions/confirm_mass_message", userid="lisi")["result"] == "发到了 1 处"
    assert post(page, "say", person=customer, peer=f"group:{chat_id}", text="谢谢")["ok"]
    assert [m["text"] for m in messages(page, "lisi", f"group:{chat_id}")["messages"]] == ["通知", "谢谢"]
    assert post(page, "actions/leave_group", customer=customer, chat_id=chat_id)["ok"]
    assert post(page, "actions/add_contact", customer=customer, userid="lisi", state="s")["ok"]
    assert post(page, "actions/file_report", desc="路灯不亮", grid="")["result"].startswith("SIMORD")
    assert page.post("/sim/actions/dance", json={}).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"person": "ghost", "text": "x"}', b'{"person": 5, "text": "x"}']
)
def test_nonsense_is_answered_not_crashed_on(page: FlaskClient, receiver: Receiver, body: bytes) -> None:
    answer = page.post("/sim/say", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.get_json()["ok"] is False
