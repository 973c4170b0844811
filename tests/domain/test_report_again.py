"""Additions in a week that has been reported already."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.report import Outcome, added_to, answer_doubt, read_report
from tests.domain.reporters import PROJECTS, STATION, describe

# 入户走访 went from 20 to 23 and 发案数 from 12 to 11 by an addition this week.
ADDED = tuple(
    replace(each, before=before, current=current, was_added=True)
    for each, before, current in ((STATION[0], Decimal(20), Decimal(23)), (STATION[4], Decimal(12), Decimal(11)))
)
TOTAL = tuple(replace(each, was_added=False) for each in ADDED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KR1 +3", "?two_values 1=26|1=23"),
        ("今天走访3户", "?two_values 1=26|1=23"),
        ("今天走访3户，累计26户", "1=26"),
        ("本周走访3户", "1=23"),
        ("KR1 从20到35", "1=35"),
        ("KR1 23户（+3）", "1=23"),
        ("KR1 26户（+3）", "1=26"),
        ("KR1 27户（+3）", "?two_values 1=27|1=26"),
        ("KR5 少了1起", "?two_values 5=10|5=11"),
        ("上周20户，本周26户", "1=26"),
    ],
)
def test_a_second_addition_is_asked_back_and_all_else_is_clear(text: str, expected: str) -> None:
    assert describe(read_report(text, ADDED)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("KR1 +3", "1=26"), ("今天走访3户", "1=26"), ("本周走访3户", "1=23"), ("KR5 少了1起", "5=10")],
)
def test_an_addition_to_a_total_is_clear(text: str, expected: str) -> None:
    assert describe(read_report(text, TOTAL)) == expected


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("KR1 +3", {1}),
        ("今天走访3户，KR5 少了1起", {1, 5}),
        ("KR1 35", set()),
        ("本周走访3户", set()),
        ("KR1 没变化", set()),
        ("你好", set()),
    ],
)
def test_additions_are_told_from_totals(text: str, numbers: set[int]) -> None:
    assert added_to(text, TOTAL) == numbers


@pytest.mark.parametrize(
    ("reply", "value"), [("再加", 26), ("再加一次", 26), ("重算", 23), ("重算，23 户", 23), ("再加，26", 26)]
)
def test_the_beginning_of_a_button_is_an_answer(reply: str, value: int) -> None:
    (doubt,) = read_report("KR1 +3", ADDED).doubts

    answer = answer_doubt(doubt, reply, ADDED)

    assert answer.outcome is Outcome.KEPT
    assert answer.entry is not None
    assert answer.entry.value == value
    assert doubt.question == "KR1 这周已经从 20 户加到 23 户，先没记。是再加，还是从 20 户重算？"
    assert [option.label for option in doubt.options] == ["再加，26 户", "重算，23 户", "不记"]


def test_a_milestone_that_is_asked_about_is_asked_back_in_words() -> None:
    (doubt,) = read_report("KR2 完成了没", PROJECTS).doubts

    assert doubt.question == "KR2 制度建设 记成完成吗？先没记。"
    assert [option.label for option in doubt.options] == ["记完成", "不记"]
    assert doubt.options[0].entry is not None
    assert doubt.options[0].entry.note == ""


def test_words_that_only_begin_like_a_button_press_none() -> None:
    (doubt,) = read_report("KR1 +3", ADDED).doubts

    assert answer_doubt(doubt, "再加一次吧", ADDED).outcome is Outcome.KEPT
    assert answer_doubt(doubt, "再加把劲", ADDED).outcome is Outcome.NOT_AN_ANSWER
