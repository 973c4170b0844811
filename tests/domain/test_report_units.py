"""A leader's words: about the unit's key results, their own, or asked back. U1 is 单位KR1."""

import re
from dataclasses import replace

import pytest

from domain.report import UNIT_NUMBERS, Line, Outcome, answer_doubt, numbers_own, read_report
from tests.domain.reporters import describe, line


def of_unit(one: Line) -> Line:
    return replace(one, number=one.number + UNIT_NUMBERS)


OWN = (
    line(1, "入户走访", "0", "50", "户", "20"),
    line(2, "案件办结率", "0", "90", "%", "60"),
    line(3, "单位内部安保检查", "0", "30", "家", "5"),
)
UNITS = (
    of_unit(line(1, "入户走访", "0", "500", "户", "200")),
    of_unit(line(2, "反诈宣传覆盖率", "0", "95", "%", "75")),
    of_unit(line(3, "全所实战训练", "0", "12", "场", "4")),
    of_unit(line(4, "矛盾纠纷化解", "0", "100", "件", "30")),
    of_unit(line(5, "勤务机制上线", "0", "1", "", "0")),
)
BOTH = OWN + UNITS


def told(text: str, lines: tuple[Line, ...]) -> str:
    return re.sub("1000(00)?", "U", describe(read_report(text, lines))).replace("U0", "U")


SAID_BY_A_LEADER = [
    ("单位KR1 235", "U1=235"),
    ("单位 KR1 235", "U1=235"),
    ("单位：KR1 235", "U1=235"),
    ("本单位KR1 235", "U1=235"),
    ("本所KR2 80%", "U2=80"),
    ("全所KR3 加2场", "U3=6"),
    ("我们单位KR4 40件", "U4=40"),
    ("本单位的KR4 40件", "U4=40"),
    ("所里KR4 四十件", "U4=40"),
    ("单位ｋｒ１ ２３５", "U1=235"),
    ("单位KR5完成", "U5=1"),
    ("单位 KR1 235，KR2 80%", "U1=235; U2=80"),
    ("单位KR1、KR4都完成", "U1=500; U4=100"),
    ("单位KR1 235，我看有风险", "U1=235 有风险 「我看有风险」"),
    ("单位KR1 +5", "U1=205"),
    ("单位KR1 235，其余不变", "U1=235; U2=75; U3=4; U4=30; U5=0"),
    ("单位：\nKR1 235\nKR2 80%\n\nKR1 35", "1=35; U1=235; U2=80"),
    ("KR1 35\n单位KR1 235", "1=35; U1=235"),
    ("单位KR1 235\nKR1 35", "1=35; U1=235"),
    ("KR1 35，单位KR1 235", "1=35; U1=235"),
    ("单位KR1 235，我的KR1 35", "1=35; U1=235"),
    ("KR1 35", "1=35"),
    ("KR2 80%，KR1 35", "1=35; 2=80"),
    ("办结率85", "2=85"),
    ("单位内部安保检查 8家", "3=8"),
    ("我的入户走访 35户", "1=35"),
    ("单位入户走访 235户", "U1=235"),
    ("本周单位入户走访 235户", "?which_key_result 1=235|U1=235"),
    ("覆盖率80", "U2=80"),
    ("纠纷化解 40件", "U4=40"),
    ("全所实战训练 6场", "U3=6"),
    ("KR1 35，单位停电耽误了3天", "1=35 有风险 「单位停电耽误了3天」"),
    ("KR2 80%，单位人手少", "2=80 「单位人手少」"),
    ("和上周一样", "1=20; 2=60; 3=5; U1=200; U2=75; U3=4; U4=30; U5=0"),
    ("单位和上周一样", "U1=200; U2=75; U3=4; U4=30; U5=0"),
    ("KR1 35\n单位KR1 235\n其余不变", "1=35; 2=60; 3=5; U1=235; U2=75; U3=4; U4=30; U5=0"),
    ("都完成了", "1=50; 2=90; 3=30"),
    ("入户走访 35", "?which_key_result 1=35|U1=35"),
    ("35户", "?which_key_result 1=35|3=35|U1=35"),
    ("KR4 40", "?unknown_line U4=40"),
    ("单位KR9 40", "?unknown_line U1=40|U2=40|U3=40|U4=40|单位KR5 勤务机制上线"),
    ("单位KR1235", "?unknown_line U1=235"),
    ("单位KR1 9000", "?too_large U1=90|U1=9000"),
    ("单位KR2 0.8", "?bare_fraction U2=80|U2=0.8"),
    ("单位KR1 235/600", "?target_differs U1=235"),
    ("单位KR1 235\n单位KR1 240", "?two_values U1=235|U1=240"),
    ("单位KR1怎么样？", "-"),
    ("单位今天停水", "-"),
]
SAID_BY_A_LEADER_WITHOUT_OWN = [
    ("KR1 235", "U1=235"),
    ("单位KR1 235，KR2 80%", "U1=235; U2=80"),
    ("入户走访235户", "U1=235"),
    ("和上周一样", "U1=200; U2=75; U3=4; U4=30; U5=0"),
    ("都完成了", "U1=500; U2=95; U3=12; U4=100; U5=1"),
    ("KR1 9000", "?too_large U1=90|U1=9000"),
    ("KR9 4", "?unknown_line U1=4|U2=4|U3=4|U4=4|单位KR5 勤务机制上线"),
]


@pytest.mark.parametrize(("text", "expected"), SAID_BY_A_LEADER)
def test_a_leader_reports_the_unit_beside_their_own(text: str, expected: str) -> None:
    assert told(text, BOTH) == expected


@pytest.mark.parametrize(("text", "expected"), SAID_BY_A_LEADER_WITHOUT_OWN)
def test_a_leader_without_objectives_means_the_unit(text: str, expected: str) -> None:
    assert told(text, UNITS) == expected


@pytest.mark.parametrize("text", ["单位KR1 35", "本所KR1 35"])
def test_words_of_whoever_leads_nothing_stay_their_own(text: str) -> None:
    assert told(text, OWN) == "1=35"


@pytest.mark.parametrize(
    ("said", "reply", "expected"),
    [
        ("入户走访 35", "单位KR1 入户走访", UNIT_NUMBERS + 1),
        ("入户走访 35", "单位KR1", UNIT_NUMBERS + 1),
        ("入户走访 35", "单位的", UNIT_NUMBERS + 1),
        ("入户走访 35", "KR1", 1),
        ("入户走访 35", "我自己的", 1),
        ("入户走访 35", "第二个", UNIT_NUMBERS + 1),
        ("KR4 40", "单位的", UNIT_NUMBERS + 4),
        ("单位KR1 9000", "是 90", UNIT_NUMBERS + 1),
        ("单位KR1 9000", "235", UNIT_NUMBERS + 1),
        ("单位KR1 9000", "KR1 235", UNIT_NUMBERS + 1),
        ("单位KR1 9000", "单位KR1 235", UNIT_NUMBERS + 1),
    ],
)
def test_the_answer_to_a_doubt_says_whose_it_is(said: str, reply: str, expected: int) -> None:
    (doubt,) = read_report(said, BOTH).doubts
    answer = answer_doubt(doubt, reply, BOTH)
    assert answer.outcome is Outcome.KEPT
    assert answer.entry
    assert answer.entry.number == expected


def test_another_key_result_is_no_answer_to_a_doubt_about_ones_own() -> None:
    (doubt,) = read_report("KR1 5000", BOTH).doubts
    assert answer_doubt(doubt, "单位KR1 235", BOTH).outcome is Outcome.NOT_AN_ANSWER


def test_the_question_names_the_units_key_result() -> None:
    (doubt,) = read_report("单位KR1 9000", BOTH).doubts
    assert doubt.question == "单位KR1 的目标是 500 户，9000 是目标的 18 倍，先没记。是 90 吗？"


@pytest.mark.parametrize(
    ("text", "expected"), [("KR1 35", True), ("单位KR1 35", False), ("单位KR1 35\nKR2 8", True), ("走访35户", False)]
)
def test_a_bare_number_is_told_from_the_units(text: str, expected: bool) -> None:
    assert numbers_own(text, UNITS) is expected
