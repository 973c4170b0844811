"""Progress, bounds, and the line that sets a key result."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.okr import (
    BoundsError,
    KeyResultDraft,
    KeyResultLineError,
    UnmeasurableError,
    check_key_result_count,
    check_objective_count,
    progress,
    read_key_result_line,
    weighted_progress,
    whole_percent,
)


@pytest.mark.parametrize(
    ("start", "target", "current", "share"),
    [
        ("0", "50", "35", Fraction(7, 10)),
        ("0", "50", "0", Fraction(0)),
        ("0", "50", "60", Fraction(1)),
        ("20", "50", "15", Fraction(0)),
        ("75", "95", "80", Fraction(1, 4)),
        ("12", "8", "10", Fraction(1, 2)),
        ("12", "8", "15", Fraction(0)),
        ("12", "8", "7", Fraction(1)),
        ("0", "-10", "-3", Fraction(3, 10)),
        ("0", "3", "1", Fraction(1, 3)),
        ("0.1", "0.4", "0.2", Fraction(1, 3)),
    ],
)
def test_progress_is_the_exact_share_of_the_way(start: str, target: str, current: str, share: Fraction) -> None:
    assert progress(start=Decimal(start), target=Decimal(target), current=Decimal(current)) == share


def test_a_start_that_is_the_target_is_refused() -> None:
    with pytest.raises(UnmeasurableError, match="起始值和目标值一样"):
        progress(start=Decimal(5), target=Decimal("5.0"), current=Decimal(5))


@given(*(st.decimals(-1000, 1000, places=2) for _ in range(3)))
def test_progress_stays_between_none_and_all(start: Decimal, target: Decimal, current: Decimal) -> None:
    if start != target:
        assert 0 <= progress(start=start, target=target, current=current) <= 1


def test_weights_count_in_the_total() -> None:
    parts = [(Decimal(2), Fraction(1, 2)), (Decimal(1), Fraction(1))]

    assert weighted_progress(parts) == Fraction(2, 3)


@pytest.mark.parametrize("parts", [[], [(Decimal(0), Fraction(1))]])
def test_weights_that_add_up_to_nothing_are_refused(parts: list[tuple[Decimal, Fraction]]) -> None:
    with pytest.raises(UnmeasurableError, match="权重加起来是 0"):
        weighted_progress(parts)


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        (Fraction(7, 10), 70),
        (Fraction(1, 3), 33),
        (Fraction(2, 3), 67),
        (Fraction(5, 1000), 1),
        (Fraction(1, 8), 13),
        (Fraction(1), 100),
    ],
)
def test_percentages_are_whole_and_rounded_half_up(share: Fraction, percent: int) -> None:
    assert whole_percent(share) == percent


@pytest.mark.parametrize("count", [1, 3, 5])
def test_one_to_five_may_be_set(count: int) -> None:
    check_objective_count(count)
    check_key_result_count(count)


@pytest.mark.parametrize("count", [0, 6])
def test_none_or_more_than_five_are_refused(count: int) -> None:
    with pytest.raises(BoundsError, match="个目标"):
        check_objective_count(count)
    with pytest.raises(BoundsError, match="条关键结果"):
        check_key_result_count(count)


@pytest.mark.parametrize(
    ("text", "title", "start", "target", "unit", "weight"),
    [
        ("入户走访 0→50 户 权重2", "入户走访", "0", "50", "户", "2"),
        ("入户走访0->50户", "入户走访", "0", "50", "户", "1"),
        ("入户走访 从0到50户", "入户走访", "0", "50", "户", "1"),
        ("把入户走访从0做到50户", "入户走访", "0", "50", "户", "1"),
        ("入户走访 目标50户", "入户走访", "0", "50", "户", "1"),
        ("入户走访：目标：50户，权重：1.5", "入户走访", "0", "50", "户", "1.5"),
        ("入户走访 起始10 目标50户", "入户走访", "10", "50", "户", "1"),
        ("入户走访 ０→５０　户（权重２）", "入户走访", "0", "50", "户", "2"),
        ("权重3 入户走访 50户", "入户走访", "0", "50", "户", "3"),
        ("盗窃警情 12→8 起", "盗窃警情", "12", "8", "起", "1"),
        ("平均办结天数 从12天降到8天", "平均办结天数", "12", "8", "天", "1"),
        ("110接警平均到场 12→8 分钟", "110接警平均到场", "12", "8", "分钟", "1"),
        ("覆盖率 80%→95%", "覆盖率", "80", "95", "%", "1"),
        ("覆盖率 80 % → 95 %", "覆盖率", "80", "95", "%", "1"),
        ("反诈覆盖率从八成提高到百分之九十五", "反诈覆盖率", "80", "95", "%", "1"),
        ("满意率 95", "满意率", "0", "95", "%", "1"),
        ("案件办结率达到90%", "案件办结率", "0", "90", "%", "1"),
        ("发案同比 -5→-10 %", "发案同比", "-5", "-10", "%", "1"),
        ("3·15宣传 4场", "3·15宣传", "0", "4", "场", "1"),
        ("组织法制培训四场", "组织法制培训", "0", "4", "场", "1"),
        ("一标三实采集 0→1,200条", "一标三实采集", "0", "1200", "条", "1"),
        ("重大项目投资 3→12 亿元", "重大项目投资", "3", "12", "亿元", "1"),
        ("重大项目投资 0→1.2亿元", "重大项目投资", "0", "1.2", "亿元", "1"),
        ("台账系统上线", "台账系统上线", "0", "1", "", "1"),
        ("一标三实建账 权重2", "一标三实建账", "0", "1", "", "2"),
        ("3幢加装电梯", "3幢加装电梯", "0", "1", "", "1"),
    ],
)
def test_a_key_result_is_set_with_one_line(
    text: str,
    title: str,
    start: str,
    target: str,
    unit: str,
    weight: str,
) -> None:
    draft = KeyResultDraft(title, Decimal(start), Decimal(target), unit, Decimal(weight))

    assert read_key_result_line(text) == draft


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "还差这条关键结果的名称"),
        ("0→50户", "还差这条关键结果的名称"),
        ("权重2", "还差这条关键结果的名称"),
        ("入户走访 50→50户", "起始值和目标值一样"),
        ("入户走访 0户", "起始值和目标值一样"),
        ("新建充电桩3个项目", "目标值没看清"),
        ("入户走访 50户 权重很大", "权重没看清"),
        ("入户走访 从十百到50户", "没看清是多少"),
        ("走" * 61, "名称有 61 个字"),
    ],
)
def test_a_line_that_does_not_say_enough_is_refused_with_the_cure(text: str, sentence: str) -> None:
    with pytest.raises(KeyResultLineError, match=sentence) as refusal:
        read_key_result_line(text)
    assert isinstance(refusal.value, DomainError)
    assert isinstance(refusal.value, ValueError)


@given(st.text(max_size=80))
def test_any_line_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        said = read_key_result_line(text).title
    except DomainError as refusal:
        said = str(refusal)
    assert said
