"""Callback XML to plain values: every kind, single and repeated elements alike, and the key that counts once."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.wecom.parse import BadMessage, parse_callback
from simulator.callback_xml import Value
from tests.bot.callbacks import event, text_message


def fields(xml: str) -> dict[str, Any]:
    return parse_callback(xml.encode()).fields


def key(xml: str) -> str:
    return parse_callback(xml.encode()).key


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("text", {"Content": "KR1 35"}),
        ("image", {"PicUrl": "https://example.cn/1", "MediaId": "m1"}),
        ("voice", {"MediaId": "m1", "Format": "amr"}),
        ("video", {"MediaId": "m1", "ThumbMediaId": "t1"}),
        (
            "location",
            {"Location_X": "30.1", "Location_Y": "120.2", "Scale": "15", "Label": "城关镇", "AppType": "wxwork"},
        ),
        ("link", {"Title": "标题", "Description": "", "Url": "https://example.cn/?a=1&b=2", "PicUrl": ""}),
        ("something_new", {"Anything": "x"}),
    ],
)
def test_every_kind_of_message_keeps_its_fields(kind: str, other: dict[str, Any]) -> None:
    parsed = parse_callback(text_message(MsgType=kind, **other).encode())
    assert (parsed.kind, parsed.sender) == (kind, "lihua")
    assert {name: parsed.fields[name] for name in other} == other


@pytest.mark.parametrize(
    "name", ["subscribe", "enter_agent", "LOCATION", "click", "view", "template_card_event", "change_contact"]
)
def test_an_event_is_known_by_its_lower_case_name(name: str) -> None:
    assert parse_callback(event(name).encode()).kind == f"event.{name.lower()}"


def test_news_of_customer_service_has_no_sender() -> None:
    xml = "<xml><MsgType>event</MsgType><Event>kf_msg_or_event</Event><Token>t</Token><OpenKfId>wk1</OpenKfId></xml>"
    parsed = parse_callback(xml.encode())
    assert (parsed.sender, parsed.kind, parsed.fields["OpenKfId"]) == ("", "event.kf_msg_or_event", "wk1")


def choice(question: str, *options: str, word: str) -> Mapping[str, Value]:
    return {"QuestionKey": question, f"{word}s": {word: list(options)}}


@pytest.mark.parametrize("word", ["OptionId", "OpitonId"])
@pytest.mark.parametrize("options", [["p80"], ["p80", "p90"]])
@pytest.mark.parametrize("questions", [["kr_17"], ["kr_17", "risk"]])
def test_one_choice_is_read_like_several(word: str, options: list[str], questions: list[str]) -> None:
    items = [choice(one, *options, word=word) for one in questions]
    read = fields(event("template_card_event", SelectedItems={"SelectedItem": items}))
    expected = [{"QuestionKey": one, f"{word}s": {word: options}} for one in questions]
    assert read["SelectedItems"] == {"SelectedItem": expected}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    ("container", "element"),
    [
        ("MemChangeList", "Item"),
        ("PicList", "item"),
        ("ApprovalNodes", "ApprovalNode"),
        ("NotifyNodes", "NotifyNode"),
        ("ExtAttr", "Item"),
    ],
)
def test_one_element_of_a_list_is_read_like_several(container: str, element: str, count: int) -> None:
    listed = [f"wm{number}" for number in range(count)]
    given: dict[str, Any] = {container: {element: listed}}
    assert fields(event("x", **given))[container] == {element: listed}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("element", ["AuthAddOpenKfId", "AuthDelOpenKfId"])
def test_one_account_of_several_that_stand_without_a_list(element: str, count: int) -> None:
    listed = [f"wk{number}" for number in range(count)]
    given: dict[str, Any] = {element: listed}
    assert fields(event("kf_account_auth_change", **given))[element] == listed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<![CDATA[a]]>", "a"),
        ("a", "a"),
        ("<![CDATA[]]>", ""),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<![CDATA[<xml>&amp;]]>", "<xml>&amp;"),
        ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        ("<![CDATA[一\n二\r\n三]]>", "一\n二\n三"),
        ("\n  a  \n", "  a  "),
        ("<![CDATA[😀👮‍♀️]]>", "😀👮‍♀️"),
        ("&#x1F600;", "😀"),
    ],
)
def test_text_is_read_as_it_was_written(written: str, read: str) -> None:
    xml = f"<xml><MsgType>text</MsgType><Content>{written}</Content></xml>"
    assert fields(xml)["Content"] == read


@pytest.mark.parametrize("stray", ["\x00", "\x01", "\x0b", "\x1f", "\x00\x08\x0c"])
def test_a_character_that_xml_does_not_know_costs_nothing_but_itself(stray: str) -> None:
    xml = f"<xml><MsgType>text</MsgType><Content><![CDATA[KR1 3{stray}5]]></Content></xml>"
    assert fields(xml)["Content"] == "KR1 35"


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "x",
        "<xml/>",
        "<xml><a/></xml>",
        "<json><MsgType>text</MsgType></json>",
        "<xml><MsgType></MsgType></xml>",
        "<xml><MsgType><a>text</a></MsgType></xml>",
        "<xml><MsgType>text</MsgType><MsgType>text</MsgType></xml>",
        "<xml><MsgType>text</MsgType><FromUserName>a</FromUserName><FromUserName>b</FromUserName></xml>",
        "<xml><MsgType>text</MsgType><MsgId><a>1</a></MsgId></xml>",
        "<xml><MsgType>text</MsgType></xml><xml/>",
        "<xml><MsgType>text</MsgType><Content>&#xD800;</Content></xml>",
        "<xml><MsgType>text</MsgType><Content>&#0;</Content></xml>",
        "<xml><MsgType>text</MsgType><Content>&nbsp;</Content></xml>",
        "<xml><MsgType>text</MsgType>" + "<a>" * 20 + "</a>" * 20 + "</xml>",
        "<xml><MsgType>text</MsgType>" + "<a>" * 100_000,
        "<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>",
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><MsgType>text</MsgType></xml>',
        '<!DOCTYPE xml [<!ENTITY a "a">]><xml><MsgType>text</MsgType><Content>&a;</Content></xml>',
        '<?xml version="1.0" encoding="gbk"?><xml><MsgType>text</MsgType></xml>',
    ],
)
def test_what_is_no_message_is_refused(xml: str) -> None:
    with pytest.raises(BadMessage):
        parse_callback(xml.encode())


def test_a_second_delivery_has_the_same_key() -> None:
    assert key(text_message()) == key(text_message(CreateTime=1700000005))
    assert key(event("enter_agent")) == key(event("enter_agent"))


def test_an_account_in_other_letters_is_the_same_sender() -> None:
    assert key(text_message(sender="LiHua")) == key(text_message(sender="lihua"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (text_message(number=1), text_message(number=2)),
        (text_message(AgentID=1000002), text_message(AgentID=1000003)),
        (text_message(sender="lihua"), text_message(sender="zhangsan")),
        (text_message(sender="x" * 200 + "a"), text_message(sender="x" * 200 + "b")),
        (text_message(MsgId="9" * 200), text_message(MsgId="9" * 201)),
        (text_message(MsgId="x" * 64), event("x")),
        (event("click", EventKey="我的"), event("click", EventKey="帮助")),
        (event("template_card_event", TaskId="1"), event("template_card_event", TaskId="2")),
        (event("enter_agent", CreateTime=1), event("enter_agent", CreateTime=2)),
        (event("enter_agent", sender="lihua"), event("enter_agent", sender="zhangsan")),
    ],
)
def test_two_messages_never_share_a_key(one: str, other: str) -> None:
    assert key(one) != key(other)
    assert max(len(key(one)), len(key(other))) <= 160
