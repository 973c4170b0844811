import json
import re

import pytest

from bot.message import Button, Link, Reply, Row
from bot.wecom.render import button_label, card_update, inert, render, render_for_group, shorten, with_reference
from simulator.card_rules import check_card


def texts(reply: Reply) -> list[str]:
    return [json.loads(part.payload)["text"]["content"] for part in render("lihua", reply)]


def cards(reply: Reply, token: str = "") -> list[dict[str, object]]:
    bodies = [json.loads(part.payload) for part in render("lihua", reply, token=token)]
    return [body["template_card"] for body in bodies if body["msgtype"] == "template_card"]


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, label) for label in labels)


def test_a_short_text_is_one_message_as_written() -> None:
    rendered = render("lihua", Reply("记好了（第47周）\nKR1 35/50 户 · 70%"))
    assert [part.payload for part in rendered] == [
        '{"duplicate_check_interval":14400,"enable_duplicate_check":1,"msgtype":"text",'
        '"text":{"content":"记好了（第47周）\\nKR1 35/50 户 · 70%"},"touser":"lihua"}'
    ]


@pytest.mark.parametrize(
    "text",
    ["字" * 5_000, "\n".join(f"第{n}行" for n in range(2_000)), "😀" * 1_000, "a" * 2_048, ("长" * 700 + "\n") * 5],
)
def test_a_long_text_is_split_within_the_limit_and_nothing_is_lost(text: str) -> None:
    parts = texts(Reply(text))
    assert all(len(part.encode()) <= 2_048 - 40 for part in parts)  # a reference still fits
    assert [part.partition("）")[0] for part in parts] == [f"（{n}/{len(parts)}" for n in range(1, len(parts) + 1)]
    joined = "".join(part.partition("）")[2] for part in parts)
    assert joined.replace("\n", "") == text.replace("\n", "")


def test_a_text_is_split_at_a_line_when_there_is_one() -> None:
    lines = [f"{n} " + "长" * 100 for n in range(20)]
    parts = texts(Reply("\n".join(lines)))
    assert [line for part in parts for line in part.partition("）")[2].split("\n")] == lines


def test_a_link_is_the_last_line() -> None:
    assert texts(Reply("名次出来了", link=Link("看名次", "/scores"))) == [
        '名次出来了\n<a href="https://here.invalid/scores">看名次</a>'
    ]


def test_a_link_that_no_longer_fits_gets_a_part_of_its_own() -> None:
    parts = texts(Reply("长" * 615, link=Link("看名次", "/scores")))
    assert len(parts) == 2
    assert parts[1].startswith('（2/2）<a href="')


@pytest.mark.parametrize(
    "hostile",
    [
        '<a href="http://evil.example">点我</a>',
        "<@all> 开会",
        "http://evil.example/x",
        "HTTPS://EVIL.EXAMPLE",
        "www.evil.example",
        "evil.cn/路径",
        "weixin://dl/business",
        '<font color="warning">假的</font>',
    ],
)
def test_nothing_a_person_wrote_becomes_a_link_a_mention_or_markup(hostile: str) -> None:
    shown = inert(hostile)
    assert "<" not in shown
    assert "://" not in shown
    assert not re.search(r"[A-Za-z0-9]\.[A-Za-z]", shown)


@pytest.mark.parametrize("harmless", ["KR1 3.5/50 户", "2026.11.20", "覆盖率 >= 80%", "本周 12 户：下雨", "a，b。"])
def test_ordinary_words_stay_as_they_are(harmless: str) -> None:
    assert inert(harmless) == harmless


def test_half_a_character_does_not_break_a_message() -> None:
    assert texts(Reply("坏\ud83d的")) == ["坏的"]


def test_a_path_cannot_break_out_of_its_address() -> None:
    assert 'href="https://here.invalid/aonclick=1"' in texts(Reply("x", link=Link("看", '/a" onclick=1>')))[0]


def test_an_answer_with_buttons_is_a_card() -> None:
    reply = Reply("记好了（第47周）\nKR1 35/50 户", buttons("撤销", "看全部"), Link("逐项看", "/me"))
    (card,) = cards(reply, token="ab12cd34")
    check_card(card)
    assert card["main_title"] == {"title": "记好了（第47周）"}
    assert card["sub_title_text"] == "KR1 35/50 户"
    assert card["button_list"] == [
        {"type": 0, "text": "撤销", "style": 1, "key": "ab12cd34|撤销"},
        {"type": 0, "text": "看全部", "style": 1, "key": "ab12cd34|看全部"},
    ]
    assert card["jump_list"] == [{"type": 1, "title": "逐项看", "url": "https://here.invalid/me"}]


def test_a_button_without_an_open_question_has_an_empty_token() -> None:
    (card,) = cards(Reply("周报", buttons("填周报")))
    assert [button["key"] for button in card["button_list"]] == ["|填周报"]  # type: ignore[attr-defined]  # JSON


def test_a_long_list_is_not_torn_apart_between_title_and_text() -> None:
    named = "KR1、KR2、KR3、单位KR1、单位KR2、单位KR3。"
    (card,) = cards(Reply(f"本周还有 6 项没更新：{named}一句话就行。", buttons("填周报")))
    assert card["main_title"] == {"title": "本周还有 6 项没更新："}
    assert card["sub_title_text"] == f"{named}一句话就行。"


def test_a_long_first_line_gives_its_first_sentence_as_title() -> None:
    (card,) = cards(Reply("KR1 的目标是 50 户，5000 是目标的 100 倍，先没记。是 50 吗？", buttons("是 50", "不记")))
    assert card["main_title"] == {"title": "KR1 的目标是 50 户，5000 是目标的 100 倍，先没记。"}
    assert card["sub_title_text"] == "是 50 吗？"


@pytest.mark.parametrize("text", ["标题\n" + "长" * 161, "没有标点的一行" * 8, "行\n" * 100])
def test_what_does_not_fit_a_card_is_a_text_and_a_short_card(text: str) -> None:
    rendered = render("lihua", Reply(text.strip(), buttons("好", "不好")))
    bodies = [json.loads(part.payload) for part in rendered]
    assert [body["msgtype"] for body in bodies] == ["text", "template_card"]
    assert bodies[0]["text"]["content"] == text.strip()
    assert bodies[1]["template_card"]["main_title"] == {"title": "选一个"}


def test_more_than_six_buttons_take_a_second_card() -> None:
    reply = Reply("哪一项？", buttons(*(f"KR{n}" for n in range(1, 9))), Link("看全部", "/me"))
    first, second = cards(reply)
    check_card(first)
    check_card(second)
    assert (len(first["button_list"]), len(second["button_list"])) == (6, 2)  # type: ignore[arg-type]  # JSON
    assert "jump_list" not in first
    assert first["task_id"] != second["task_id"]


def test_every_card_fits_what_wecom_shows() -> None:
    noted: list[str] = []
    reply = Reply(
        "标题" * 30 + "。" + "\n" + "正文" * 70,
        (Button("很长很长很长的按钮名字", "话" * 2_000), Button("短", "短")),
        Link("一个名字很长很长很长很长很长很长的链接", "/x"),
    )
    for card in cards(reply):
        check_card(card, note=lambda field, length: noted.append(f"{field} {length}"))
    assert noted == []


def test_two_cards_are_never_equal() -> None:
    reply = Reply("是 50 吗？", buttons("是"))
    assert render("lihua", reply)[0].payload != render("lihua", reply)[0].payload


def test_a_reference_is_a_last_line() -> None:
    (part,) = render("lihua", Reply("收到"))
    body = json.loads(with_reference(part.payload, "15:09:27"))
    assert body["text"]["content"] == "收到\n〔15:09:27〕"
    assert {**body, "text": 0} == {**json.loads(part.payload), "text": 0}


def test_a_closed_card_shows_a_short_label() -> None:
    body = json.loads(card_update("lihua", response_code="rc", label="KR2 反诈宣传覆盖率").payload)
    assert body == {"userids": ["lihua"], "response_code": "rc", "button": {"replace_name": "KR2 反诈宣传覆…"}}


def test_a_group_gets_plain_texts() -> None:
    (part,) = render_for_group("chat1", Reply("排名出来了", link=Link("看名次", "/scores")))
    body = json.loads(part.payload)
    assert (body["chatid"], body["msgtype"]) == ("chat1", "text")
    assert "chatid" not in json.loads(render_for_group("", Reply("排名"))[0].payload)


@pytest.mark.parametrize(("text", "shown"), [("四个字的", "四个字的"), ("五个字以上", "五个字…"), ("", "")])
def test_a_label_is_cut_with_an_ellipsis(text: str, shown: str) -> None:
    assert shorten(text, 4) == shown


def test_the_label_of_a_button_is_found_by_its_key() -> None:
    reply = Reply("哪一项？", (Button("KR2 反诈宣传覆盖率", "选 KR2"), Button("都不是", "取消")))
    card = render("LiHua", reply, token="t")[0].payload
    labels = [button_label(card, key) for key in ("t|选 KR2", "t|取消", "t|别的")]
    assert labels == ["KR2 反诈宣传覆…", "都不是", ""]


def test_rows_stand_on_the_card_below_the_text_and_what_is_too_many_or_too_long_is_not_refused() -> None:
    rows = tuple(Row(f"第{n}个目标的", "办" * 40 + "<b>") for n in range(1, 8))

    (card,) = cards(Reply("这周", buttons("填周报"), rows=rows))

    check_card(card)
    listed = card["horizontal_content_list"]
    assert isinstance(listed, list)
    assert listed[0] == {"keyname": "第1个目…", "value": "办" * 29 + "…"}
    assert len(listed) == 6
    assert card["sub_title_text"] == "第7个目标的 " + "办" * 40 + "＜b>"


def test_without_buttons_rows_are_lines_of_the_text() -> None:
    assert texts(Reply("这周", rows=(Row("O1", "守好一方平安"),))) == ["这周\nO1 守好一方平安"]


def test_of_several_cards_the_first_shows_the_rows_and_the_last_the_link() -> None:
    first, last = cards(Reply("选一个", buttons(*"甲乙丙丁戊己庚"), Link("看", "/"), rows=(Row("O1", "平安"),)))

    assert "horizontal_content_list" in first
    assert "horizontal_content_list" not in last
    assert "jump_list" not in first
    assert "jump_list" in last
