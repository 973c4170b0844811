"""The rules of each message type, with the code of each that is broken."""

import json
from typing import Any

import pytest

from simulator import World
from tests.simulator.cards import BUTTONS, NEWS_CARD, NOTICE, OPTIONS, SELECTS, VOTE
from tests.simulator.conftest import Api


def without(card: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in card.items() if key != name}


def many(item: dict[str, Any], count: int) -> list[dict[str, Any]]:
    return [dict(item, id=str(number), question_key=str(number)) for number in range(count)]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("text", {"content": "你好"}),
        ("markdown", {"content": "**好**"}),
        ("textcard", {"title": "题", "description": "文", "url": "https://a.example"}),
        ("news", {"articles": [{"title": "题", "url": "https://a.example"}]}),
        ("miniprogram_notice", {"appid": "wx1", "title": "题", "content_item": [{"key": "a", "value": "b"}]}),
        ("template_card", NOTICE),
        ("template_card", NEWS_CARD),
        ("template_card", BUTTONS),
        ("template_card", SELECTS),
        ("template_card", VOTE),
    ],
)
def test_a_message_of_every_kind_arrives(api: Api, world: World, kind: str, payload: dict[str, Any]) -> None:
    answer = api.send(kind, payload)

    assert answer["errcode"] == 0
    assert answer["msgid"]
    assert [post.kind for post in world.inbox("lisi")] == [kind]


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": 5}, 40058),
        ("text", {}, 44004),
        ("telegram", {"content": "x"}, 40008),
        ("markdown", {"content": "x" * 2049}, 45002),
        ("image", {"media_id": "nothing"}, 40007),
        ("file", {}, 40007),
        ("textcard", {"title": "题", "description": "文"}, 40063),
        ("textcard", {"title": "题", "description": "文", "url": "https://" + "x" * 2048}, 40058),
        ("news", {"articles": []}, 40063),
        ("news", {"articles": [{"title": "题", "url": "u"}] * 9}, 45008),
        ("news", {"articles": [{"title": "题"}]}, 40063),
        ("template_card", {"card_type": "poster"}, 42031),
        ("template_card", without(NOTICE, "main_title"), 42033),
        ("template_card", without(NOTICE, "card_action"), 42045),
        ("template_card", dict(NOTICE, card_action={"type": 1}), 42045),
        ("template_card", dict(NOTICE, horizontal_content_list=[{"keyname": "a"}] * 7), 42035),
        ("template_card", dict(NOTICE, horizontal_content_list=[{"value": "a"}]), 42027),
        ("template_card", dict(NOTICE, horizontal_content_list=[{"keyname": "a", "type": 1}]), 42028),
        ("template_card", dict(NOTICE, horizontal_content_list=[{"keyname": "a", "type": 2}]), 42029),
        ("template_card", dict(NOTICE, horizontal_content_list=[{"keyname": "a", "type": 3}]), 42050),
        ("template_card", dict(NOTICE, jump_list=[{"title": "a"}] * 4), 42042),
        ("template_card", dict(NOTICE, jump_list=[{"title": "a", "type": 2}]), 42030),
        ("template_card", dict(NOTICE, action_menu={"action_list": [{"text": "a", "key": "k"}]}), 42014),
        (
            "template_card",
            dict(NOTICE, task_id="t", action_menu={"action_list": [{"text": "a", "key": "k"}] * 2}),
            42051,
        ),
        ("template_card", without(NEWS_CARD, "card_image"), 42044),
        ("template_card", dict(NEWS_CARD, card_image={"url": "u", "aspect_ratio": 3}), 42044),
        ("template_card", dict(NEWS_CARD, vertical_content_list=[{"title": "a"}] * 5), 42036),
        ("template_card", without(BUTTONS, "task_id"), 42014),
        ("template_card", dict(BUTTONS, task_id="中文"), 42014),
        ("template_card", dict(BUTTONS, task_id="x" * 129), 42014),
        ("template_card", without(BUTTONS, "main_title"), 42033),
        ("template_card", dict(BUTTONS, button_list=[{"text": "对"}]), 42039),
        ("template_card", dict(BUTTONS, button_list=[{"key": "yes"}]), 42038),
        ("template_card", dict(BUTTONS, button_list=[{"text": "a", "key": "k"}] * 7), 40058),
        ("template_card", dict(SELECTS, select_list=many(SELECTS["select_list"][0], 4)), 42047),  # type: ignore[index]  # a table of plain data
        ("template_card", dict(SELECTS, select_list=[{"question_key": "q", "option_list": []}]), 42037),
        ("template_card", dict(SELECTS, select_list=[{"option_list": OPTIONS}]), 42043),
        ("template_card", dict(SELECTS, select_list=[{"question_key": "q", "option_list": [{"text": "a"}]}]), 42040),
        ("template_card", dict(SELECTS, select_list=[{"question_key": "q", "option_list": [{"id": "a"}]}]), 42041),
        ("template_card", without(SELECTS, "submit_button"), 42046),
        ("template_card", dict(SELECTS, submit_button={"key": "k"}), 42049),
        ("template_card", without(VOTE, "checkbox"), 42043),
        (
            "template_card",
            dict(VOTE, checkbox={"question_key": "q", "option_list": many({"text": "a"}, 21)}),
            42037,
        ),
    ],
)
def test_a_bad_payload_is_refused_with_its_code_and_nothing_arrives(
    api: Api, world: World, kind: str, payload: dict[str, Any], code: int
) -> None:
    assert api.send(kind, payload)["errcode"] == code
    assert world.inbox("lisi") == []


@pytest.mark.parametrize(
    "payload",
    [
        {**NOTICE, "horizontal_content_list": ["text"]},
        {**NOTICE, "main_title": "text"},
        {**NEWS_CARD, "card_image": "text"},
        {**BUTTONS, "button_list": [[]]},
        {**BUTTONS, "main_title": {"title": "\ud800"}},
    ],
)
def test_a_card_of_the_wrong_shape_is_refused_not_crashed_on(api: Api, world: World, payload: dict[str, Any]) -> None:
    body = {"touser": "lisi", "msgtype": "template_card", "agentid": 1000002, "template_card": payload}
    url = f"/cgi-bin/message/send?access_token={api.new_token()['access_token']}"

    assert api.client.post(url, data=json.dumps(body)).get_json(force=True)["errcode"] == 40058
    assert world.inbox("lisi") == []
