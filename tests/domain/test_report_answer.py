"""Typed replies to what was asked back."""

import pytest

from domain.report import Answer, Doubt, DoubtKind, Option, Outcome, answer_doubt, read_report
from tests.domain.reporters import AWKWARD, COMMUNITY

ASKED = {
    "TOO_LARGE": "KR1 5000，下雨",
    "WHICH": "率 85",
    "FRACTION": "KR2 0.8",
    "UNKNOWN": "KR9 3",
    "NO_VALUE": "KR1",
    "MILESTONE": "KR3 快完成了",
    "OVER": "KR2 120",
    "SMALL": "KR5 40",
}


def _answer(asked: str, reply: str) -> Answer:
    (doubt,) = read_report(ASKED[asked], COMMUNITY).doubts
    return answer_doubt(doubt, reply, COMMUNITY)


@pytest.mark.parametrize(
    ("asked", "reply", "number", "value"),
    [
        ("TOO_LARGE", "是", 1, "50"),
        ("TOO_LARGE", "是的。", 1, "50"),
        ("TOO_LARGE", "是 50", 1, "50"),
        ("TOO_LARGE", "是50", 1, "50"),
        ("TOO_LARGE", "50", 1, "50"),
        ("TOO_LARGE", "５０户", 1, "50"),
        ("TOO_LARGE", "第一个", 1, "50"),
        ("TOO_LARGE", "①", 1, "50"),
        ("TOO_LARGE", "就是5000", 1, "5000"),
        ("TOO_LARGE", "就是 5000", 1, "5000"),
        ("TOO_LARGE", "5000", 1, "5000"),
        ("TOO_LARGE", "第2个", 1, "5000"),
        ("TOO_LARGE", "45", 1, "45"),
        ("TOO_LARGE", "不是，是45", 1, "45"),
        ("TOO_LARGE", "4", 1, "4"),
        ("TOO_LARGE", "KR1 45", 1, "45"),
        ("WHICH", "1", 2, "85"),
        ("WHICH", "4", 4, "85"),
        ("WHICH", "KR4", 4, "85"),
        ("WHICH", "kr2", 2, "85"),
        ("WHICH", "办结率", 4, "85"),
        ("WHICH", "覆盖率那个", 2, "85"),
        ("WHICH", "第二个", 4, "85"),
        ("WHICH", "KR2 反诈宣传覆盖率", 2, "85"),
        ("WHICH", "KR1", 1, "85"),
        ("FRACTION", "80", 2, "80"),
        ("FRACTION", "80%", 2, "80"),
        ("FRACTION", "0.8", 2, "0.8"),
        ("FRACTION", "就是0.8", 2, "0.8"),
        ("UNKNOWN", "KR1", 1, "3"),
        ("UNKNOWN", "5", 5, "3"),
        ("UNKNOWN", "培训", 5, "3"),
        ("UNKNOWN", "1。", 1, "3"),
        ("UNKNOWN", "就是KR1", 1, "3"),
        ("UNKNOWN", "kr1吧", 1, "3"),
        ("UNKNOWN", "KR1 入户走访", 1, "3"),
        ("UNKNOWN", "走访那项", 1, "3"),
        ("NO_VALUE", "35", 1, "35"),
        ("NO_VALUE", "+3", 1, "26"),
        ("NO_VALUE", "没变化", 1, "23"),
        ("NO_VALUE", "还是 23 户", 1, "23"),
        ("MILESTONE", "完成了", 3, "1"),
        ("MILESTONE", "是", 3, "1"),
        ("MILESTONE", "没完成", 3, "0"),
        ("OVER", "就是120", 2, "120"),
        ("OVER", "12", 2, "12"),
    ],
)
def test_an_answer_is_kept(asked: str, reply: str, number: int, value: str) -> None:
    answer = _answer(asked, reply)

    assert answer.outcome is Outcome.KEPT
    assert answer.entry is not None
    assert (answer.entry.number, str(answer.entry.value)) == (number, value)


def test_the_note_of_the_report_stays_with_the_answer() -> None:
    answer = _answer("TOO_LARGE", "45")

    assert answer.entry is not None
    assert answer.entry.note == "下雨"


def test_a_note_of_the_answer_replaces_it() -> None:
    answer = _answer("TOO_LARGE", "45，系统录错了")

    assert answer.entry is not None
    assert answer.entry.note == "系统录错了"


@pytest.mark.parametrize("reply", ["不记", "不记了", "算了", "取消", "不是", "都不是", "打错了", "第三个"])
def test_a_refusal_drops_the_doubt(reply: str) -> None:
    assert _answer("TOO_LARGE", reply) == Answer(Outcome.DROPPED)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("WHICH", "2"),
        ("WHICH", "是"),
        ("WHICH", "KR9"),
        ("WHICH", "率"),
        ("UNKNOWN", "户"),
        ("WHICH", "第九个"),
        ("FRACTION", "是"),
        ("NO_VALUE", "是"),
        ("TOO_LARGE", "1"),
        ("TOO_LARGE", "2"),
        ("TOO_LARGE", "60000"),
        ("TOO_LARGE", "三十多户"),
        ("UNKNOWN", "KR3"),
    ],
)
def test_an_answer_that_is_not_clear_is_asked_again(asked: str, reply: str) -> None:
    answer = _answer(asked, reply)

    assert answer.outcome is Outcome.ASKED_AGAIN
    assert answer.doubt is not None


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("TOO_LARGE", "谢谢"),
        ("TOO_LARGE", "KR2 80"),
        ("TOO_LARGE", "覆盖率80"),
        ("WHICH", "谢谢"),
        ("WHICH", "KR1 35"),
        ("WHICH", "和上周一样"),
        ("WHICH", "KR4 有风险"),
        ("WHICH", "办结率很难提高"),
        ("WHICH", "KR4 入户走访"),
        ("WHICH", "4 abc"),
        ("UNKNOWN", "KR1 abc"),
        ("UNKNOWN", "KR1 下雨了跑不动"),
        ("UNKNOWN", "走访很辛苦"),
        ("UNKNOWN", "入户走仿"),
        ("NO_VALUE", "请问怎么填"),
    ],
)
def test_a_reply_about_something_else_is_no_answer(asked: str, reply: str) -> None:
    assert _answer(asked, reply) == Answer(Outcome.NOT_AN_ANSWER)


def test_a_lone_digit_that_is_offered_is_that_value() -> None:
    (doubt,) = read_report("KR1 20", (AWKWARD[0],)).doubts or read_report("KR1 200", (AWKWARD[0],)).doubts

    answer = answer_doubt(doubt, "2", (AWKWARD[0],))

    assert answer.entry is not None
    assert answer.entry.value == 2


def test_a_doubt_about_a_key_result_that_is_gone_is_no_longer_answered() -> None:
    (doubt,) = read_report("KR1 5000", COMMUNITY).doubts

    assert answer_doubt(doubt, "45", COMMUNITY[1:]) == Answer(Outcome.NOT_AN_ANSWER)


def test_a_stored_button_without_entry_or_key_result_keeps_nothing() -> None:
    doubt = Doubt(DoubtKind.UNKNOWN_LINE, "没有 KR9 这一项，是哪一项？", (Option("不记"),), "KR9 3")

    assert answer_doubt(doubt, "是", COMMUNITY).outcome is Outcome.ASKED_AGAIN
    assert answer_doubt(doubt, "第一个", COMMUNITY) == Answer(Outcome.DROPPED)
    assert answer_doubt(doubt, "9", COMMUNITY).outcome is Outcome.ASKED_AGAIN
