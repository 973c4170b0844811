"""Lines of a plan, and numbers beside the title of another key result: asked back, never kept."""

import pytest

from domain.report import Outcome, answer_doubt, read_report
from tests.domain.reporters import COMMUNITY, describe

PLANS = (
    "第1条 入户走访 12→6 户 权重2",
    "KR1 12→60 权重 2",
    "KR1 12->60户，权重2",
    "入户走访 0→50 户 权重2",
    "入户走访 0户=>50户（权重2）",
    "第1条 电诈发案数 12→6 起 权重2",
    "KR2 60%→95% 权重2",
    "KR9 0→50 户，权重2",
)


@pytest.mark.parametrize("text", PLANS)
def test_the_line_of_a_plan_is_asked_back(text: str) -> None:
    reading = read_report(text, COMMUNITY)

    assert (reading.entries, len(reading.doubts)) == ((), 1)
    assert not any(option.entry for option in reading.doubts[0].options)


@pytest.mark.parametrize("text", PLANS)
@pytest.mark.parametrize("reply", ["是", "KR1", "第一个"])
def test_no_answer_keeps_the_figures_of_a_plan(text: str, reply: str) -> None:
    (doubt,) = read_report(text, COMMUNITY).doubts

    assert answer_doubt(doubt, reply, COMMUNITY).entry is None


def test_the_value_is_told_instead_of_the_plan() -> None:
    (doubt,) = read_report("入户走访 0→50 户 权重2", COMMUNITY).doubts

    answer = answer_doubt(doubt, "35", COMMUNITY)

    assert doubt.question == "“入户走访 0→50 户 权重2”像是在定目标，先没记。KR1 现在到多少户了？"
    assert answer.outcome is Outcome.KEPT
    assert answer.entry is not None
    assert answer.entry.value == 35


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KR1 电诈发案数 12", "?which_key_result 1=12"),
        ("第1条 电诈发案数 12", "?which_key_result 1=12"),
        ("1. 电诈发案数 12", "?which_key_result 1=12"),
        ("KR1 电诈发案数12", "?which_key_result 1=12"),
        ("KR1 破案率：12", "?which_key_result 1=12"),
        ("KR1 矛盾化解 12", "?which_key_result 1=12"),
        ("KR1 电诈发案数 12→6", "?which_key_result 1=6"),
        ("KR1 案件办结率 35户", "?which_key_result 1=35|KR4 案件办结率"),
        ("KR1 组织法制培训 35户", "?which_key_result 1=35|KR5 组织法制培训"),
        ("KR1 反诈宣传覆盖率 60→95 %", "?which_key_result KR1 入户走访|2=95"),
        ("KR1 走访 12→35", "1=35"),
        ("KR1 走访户数 35", "1=35 「走访户数」"),
        ("KR1 宣传35户", "1=35"),
        ("KR1 下雨影响 35", "1=35 「下雨影响」"),
        ("KR1 老人太多了 35户", "1=35 「老人太多了」"),
        ("KR1 累计数量 35", "1=35"),
        ("KR1 进展顺利 35", "1=35 有信心"),
        ("KR5 2\nKR1 0→50 户 权重2", "5=2; ?no_value"),
        ("KR1 20→35，权重没变", "1=35 「权重没变」"),
    ],
)
def test_a_number_beside_another_title_is_asked_back(text: str, expected: str) -> None:
    assert describe(read_report(text, COMMUNITY)) == expected
