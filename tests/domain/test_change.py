"""Wishes to change a key result, as they are typed, and what becomes of the key result."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.change import ChangeError, Field, Wish, changed, read_field, read_wish, shown, split_reason
from domain.errors import DomainError
from domain.okr import KeyResultDraft

ONE = KeyResultDraft("入户走访", Decimal(0), Decimal(50), "户", Decimal(1))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("1 目标 60 辖区扩大", Wish(1, Field.TARGET, "60", "辖区扩大")),
        ("KR1 目标值改为60户，因为辖区扩大", Wish(1, Field.TARGET, "60户", "辖区扩大")),
        ("２ 权重 ３ 理由：更重要", Wish(2, Field.WEIGHT, "３", "更重要")),
        ("3 的名称改成 新名字", Wish(3, Field.TITLE, "新名字", "")),
        ("4 起始值:10", Wish(4, Field.START, "10", "")),
        ("5 单位 堂", Wish(5, Field.UNIT, "堂", "")),
        ("5 目标", Wish(5, Field.TARGET, "", "")),
        ("1 60", Wish(1)),
        ("", Wish()),
        ("目标 60", Wish()),
    ],
)
def test_a_wish_says_what_it_says_and_no_more(text: str, wish: Wish) -> None:
    assert read_wish(text) == wish


def test_a_field_may_come_alone() -> None:
    assert read_field("权重 2", 7) == Wish(7, Field.WEIGHT, "2", "")


def test_nothing_holds_neither_value_nor_reason() -> None:
    assert split_reason("  ") == ("", "")


@pytest.mark.parametrize(
    ("field", "value", "after"),
    [
        (Field.TARGET, "60", replace(ONE, target=Decimal(60))),
        (Field.TARGET, "六十", replace(ONE, target=Decimal(60))),
        (Field.TARGET, "六十户", replace(ONE, target=Decimal(60))),
        (Field.TARGET, "1,200户", replace(ONE, target=Decimal(1200))),
        (Field.TARGET, "90%", replace(ONE, target=Decimal(90))),
        (Field.START, "-5", replace(ONE, start=Decimal(-5))),
        (Field.WEIGHT, "2.5", replace(ONE, weight=Decimal("2.5"))),
        (Field.TITLE, " 走访  入户 ", replace(ONE, title="走访 入户")),
        (Field.UNIT, "家", replace(ONE, unit="家")),
    ],
)
def test_one_field_is_altered(field: Field, value: str, after: KeyResultDraft) -> None:
    assert changed(ONE, field, value) == after


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        (Field.TARGET, "50", "目标值本来就是 50"),
        (Field.TARGET, "0", "起始值和目标值一样"),
        (Field.TARGET, "很多", "没看清是多少"),
        (Field.WEIGHT, "0", "权重要大于 0"),
        (Field.WEIGHT, "-1", "权重要大于 0"),
        (Field.TITLE, "长" * 61, "60 个字以内"),
        (Field.UNIT, "长" * 9, "8 个字以内"),
    ],
)
def test_what_may_not_be_set_is_refused(field: Field, value: str, fault: str) -> None:
    with pytest.raises(DomainError, match=fault):
        changed(ONE, field, value)


def test_a_refused_change_is_one_the_person_can_mend() -> None:
    with pytest.raises(ChangeError):
        changed(ONE, Field.TITLE, "入户走访")


@pytest.mark.parametrize(
    ("field", "text", "label"),
    [
        (Field.TARGET, "50", "目标值"),
        (Field.START, "0", "起始值"),
        (Field.WEIGHT, "1", "权重"),
        (Field.TITLE, "入户走访", "名称"),
        (Field.UNIT, "户", "单位"),
    ],
)
def test_every_field_can_be_shown(field: Field, text: str, label: str) -> None:
    assert (shown(ONE, field), field.label) == (text, label)
