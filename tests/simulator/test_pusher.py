"""Callbacks: what people do reaches the service, sealed, in order, again after a failure, and twice on demand."""

import re

import pytest

from simulator import World
from simulator.cipher import Cipher
from tests.simulator.cards import BUTTONS, NOTICE, SELECTS, VOTE
from tests.simulator.conftest import Api, Receiver

ENVELOPE = re.compile(r"<Encrypt><!\[CDATA\[(.*?)]]>")


def opened(world: World, query: dict[str, str], body: bytes) -> str:
    """The XML inside a callback, after its signature was checked."""
    encrypted = ENVELOPE.findall(body.decode())[0]
    cipher = Cipher(world.app.token, world.app.aes_key, world.corp.corp_id)
    return cipher.open(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)


def last(world: World, receiver: Receiver) -> str:
    return opened(world, *receiver.posts[-1])


def test_a_text_arrives_sealed_with_all_its_fields(world: World, receiver: Receiver) -> None:
    delivery = world.people.say("LISI", "KR1 35 ]]> <b>")

    xml = last(world, receiver)
    assert delivery.accepted
    assert xml.startswith("<xml><ToUserName><![CDATA[wwsimulated000001]]></ToUserName><FromUserName><![CDATA[lisi]]>")
    assert "<CreateTime>1795158420</CreateTime><MsgType><![CDATA[text]]></MsgType>" in xml
    assert "<Content><![CDATA[KR1 35 ]]]]><![CDATA[> <b>]]></Content>" in xml
    assert re.search(r"<MsgId>73\d{17}</MsgId><AgentID>1000002</AgentID></xml>$", xml)
    assert b"<AgentID><![CDATA[1000002]]></AgentID>" in receiver.posts[0][1]


def test_two_messages_have_two_ids(world: World, receiver: Receiver) -> None:
    world.people.say("lisi", "1")
    world.people.say("lisi", "1")

    ids = {re.findall(r"<MsgId>(\d+)", opened(world, *post))[0] for post in receiver.posts}
    assert len(ids) == 2


def test_media_places_links_and_entering_arrive_as_their_kinds(world: World, receiver: Receiver) -> None:
    people = world.people
    people.send_media("lisi", "image", b"\xff\xd8jpeg")
    image = last(world, receiver)
    people.send_media("lisi", "voice", b"#!AMR")
    voice = last(world, receiver)
    people.send_place("lisi", 30.87, 120.1, "东湖路口")
    place = last(world, receiver)
    people.send_link("lisi", "题", "文", "https://a.example")
    link = last(world, receiver)
    people.enter_agent("lisi")
    entered = last(world, receiver)

    assert "<MsgType><![CDATA[image]]></MsgType><PicUrl>" in image
    assert "<MediaId><![CDATA[SIMMEDIA-" in image
    assert "<Format><![CDATA[amr]]></Format>" in voice
    assert "<Location_X><![CDATA[30.870000]]></Location_X><Location_Y><![CDATA[120.100000]]>" in place
    assert "<Label><![CDATA[东湖路口]]></Label><AppType><![CDATA[wxwork]]></AppType>" in place
    assert "<Url><![CDATA[https://a.example]]></Url>" in link
    assert "<Event><![CDATA[enter_agent]]></Event><EventKey><![CDATA[]]></EventKey>" in entered
    assert "MsgId" not in entered
    with pytest.raises(ValueError, match="file"):
        people.send_media("lisi", "file", b"x")


def test_a_menu_click_carries_its_key_and_a_scan_what_was_read(api: Api, world: World, receiver: Receiver) -> None:
    button = [{"type": "click", "name": "报", "key": "R"}, {"type": "scancode_waitmsg", "name": "扫", "key": "S"}]
    api.post("menu/create", {"button": button}, agentid="1000002")

    world.people.click_menu("lisi", "R")
    assert "<Event><![CDATA[click]]></Event><EventKey><![CDATA[R]]></EventKey>" in last(world, receiver)
    world.people.click_menu("lisi", "S", scanned="grid-7")
    assert "<ScanResult><![CDATA[grid-7]]></ScanResult>" in last(world, receiver)
    with pytest.raises(ValueError, match="no menu entry"):
        world.people.click_menu("lisi", "nothing")


def test_a_pressed_button_carries_task_card_and_a_code_that_changes_the_card(
    api: Api, world: World, receiver: Receiver
) -> None:
    api.send("template_card", BUTTONS)
    [post] = world.inbox("lisi")

    world.people.press("lisi", post, "yes")

    xml = last(world, receiver)
    assert "<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[yes]]></EventKey>" in xml
    assert "<TaskId><![CDATA[t1]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>" in xml
    assert "SelectedItems" not in xml
    code = re.findall(r"<ResponseCode><!\[CDATA\[(.*?)]]>", xml)[0]
    change = {"userids": ["lisi"], "agentid": 1000002, "response_code": code, "button": {"replace_name": "已确认"}}
    assert api.post("message/update_template_card", change)["errcode"] == 0
    with pytest.raises(ValueError, match="replaced"):
        world.people.press("lisi", post, "yes")


def test_choices_on_a_card_arrive_as_selected_items(api: Api, world: World, receiver: Receiver) -> None:
    api.send("template_card", SELECTS)
    world.people.press("lisi", world.inbox("lisi")[-1], "submit", {"kr": ["b"]})
    selected = last(world, receiver)
    api.send("template_card", VOTE)
    world.people.press("lisi", world.inbox("lisi")[-1].id, "submit", {"q": ["a", "b"]})
    voted = last(world, receiver)

    assert (
        "<SelectedItems><SelectedItem><QuestionKey><![CDATA[kr]]></QuestionKey>"
        "<OptionIds><OptionId><![CDATA[b]]></OptionId></OptionIds></SelectedItem></SelectedItems>"
    ) in selected
    assert "<OptionId><![CDATA[a]]></OptionId><OptionId><![CDATA[b]]></OptionId>" in voted


def test_choices_may_be_misspelt_as_old_clients_did(api: Api, world: World, receiver: Receiver) -> None:
    world.people.misspelt_options = True
    api.send("template_card", SELECTS)
    world.people.press("lisi", world.inbox("lisi")[-1], "submit")

    assert "<OpitonIds><OpitonId><![CDATA[a]]></OpitonId></OpitonIds>" in last(world, receiver)


def test_a_service_that_raises_does_not_block_what_follows(world: World) -> None:
    seen: list[bytes] = []

    def deliver(query: dict[str, str], body: bytes) -> int:
        seen.append(body)
        if len(seen) == 1:
            raise RuntimeError("a fault of the service under test")
        return 200

    world.connect(deliver, inline=True)
    account = world.kf.add("居民服务")
    world.pusher.enqueue(world.people.kf_poke(account))
    with pytest.raises(RuntimeError):
        world.settle()
    assert world.pusher.push(world.people.kf_poke(account)).accepted


def test_an_entry_of_a_cards_menu_is_its_own_event(api: Api, world: World, receiver: Receiver) -> None:
    menu = {"desc": "更多", "action_list": [{"text": "别再提醒", "key": "mute"}]}
    assert "response_code" in api.send("template_card", {**NOTICE, "task_id": "t9", "action_menu": menu})

    world.people.press("lisi", world.inbox("lisi")[0], "mute")

    assert "<Event><![CDATA[template_card_menu_event]]></Event>" in last(world, receiver)


def test_nobody_presses_what_is_not_there(api: Api, world: World, receiver: Receiver) -> None:
    api.send("template_card", SELECTS)
    [post] = world.inbox("lisi")

    for who, key, selections in (("WangWu", "submit", {}), ("lisi", "no", {}), ("lisi", "submit", {"kr": ["z"]})):
        with pytest.raises(ValueError, match=r"no such|no button"):
            world.people.press(who, post, key, selections)
    assert receiver.posts == []


def test_a_refused_callback_comes_again_with_the_same_inside_and_a_new_seal(world: World, receiver: Receiver) -> None:
    receiver.statuses = [503, 500]

    delivery = world.people.say("lisi", "一")

    assert delivery.statuses == [503, 500, 200]
    assert len({opened(world, *post) for post in receiver.posts}) == 1
    assert len({query["msg_signature"] for query, _ in receiver.posts}) == 3
    assert len({body for _, body in receiver.posts}) == 3


def test_after_four_refusals_a_callback_is_given_up(world: World, receiver: Receiver) -> None:
    receiver.statuses = [500] * 4

    delivery = world.people.say("lisi", "一")

    assert not delivery.accepted
    assert len(receiver.posts) == 4
    assert world.pusher.given_up == [delivery]


def test_every_callback_may_come_twice(world: World, receiver: Receiver) -> None:
    world.duplicates = True

    assert world.people.say("lisi", "一").statuses == [200, 200]


def test_a_share_of_callbacks_comes_twice_and_the_same_ones_after_the_same_seed(
    world: World, receiver: Receiver
) -> None:
    def doubled() -> list[int]:
        world.pusher.seed(7)
        return [len(world.people.say("lisi", str(number)).statuses) for number in range(50)]

    world.pusher.duplicate_rate = 0.3
    first = doubled()

    assert first == doubled()
    assert 5 < first.count(2) < 30


def test_callbacks_come_out_of_order_on_demand(world: World, receiver: Receiver) -> None:
    with world.pusher.shuffled():
        for number in range(10):
            world.people.say("lisi", str(number))
        assert receiver.posts == []

    order = [re.findall(r"<Content><!\[CDATA\[(\d)", opened(world, *post))[0] for post in receiver.posts]
    assert sorted(order) == list("0123456789") != order
