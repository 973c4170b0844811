"""本单位: the unit's week for whoever leads it."""

import pytest

from tests.chat import Chat


def test_a_leader_sees_the_own_unit(chat: Chat) -> None:
    chat.say("KR1 35\nKR2 80 有风险 下雨影响有点慢")
    answer = chat.say("本单位", sender="wangsuo")
    assert "城关所第47周：2 人，1 人已报，1 人还没报。" in answer
    assert "李* KR2" in answer
    assert "问一句" in chat.buttons("wangsuo")
    assert len(answer.splitlines()) <= 10


def test_others_are_told_who_may_see_it(chat: Chat) -> None:
    assert chat.say("本单位") == "本单位的汇总给单位负责人看：王所。看自己的说“我的”。"


@pytest.mark.parametrize("words", ["本单位 城关所", "本单位 城关", "本单位 CG"])
def test_the_office_names_a_unit(chat: Chat, words: str) -> None:
    assert "城关所第47周" in chat.say(words, sender="jixiao")


def test_a_leader_sees_no_other_unit(chat: Chat) -> None:
    answer = chat.say("本单位 城关所", sender="nansuo")
    assert "城关所第47周" not in answer
    assert "没有找到“城关所”" in answer


def test_a_unit_where_nobody_reports_says_so(chat: Chat) -> None:
    assert "南桥所还没有同意过的目标" in chat.say("本单位", sender="nansuo")


def test_of_several_units_the_office_chooses(chat: Chat) -> None:
    assert "是哪个单位？" in chat.say("本单位 所", sender="jixiao")
    assert "城关所第47周" in chat.press("城关所", sender="jixiao")


@pytest.mark.parametrize(("words", "label"), [("本单位 城关所", "看全所"), ("本单位 绩效办", "看全部")])
def test_only_a_station_is_called_one(chat: Chat, words: str, label: str) -> None:
    chat.say(words, sender="jixiao")
    cards = [str(post.content) for post in chat.inbox("jixiao") if post.content.get("button_list")]
    assert [one for one in ("看全所", "看全部") if one in cards[-1]] == [label]
