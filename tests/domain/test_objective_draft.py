"""Drafts of objectives: lines taken, corrected and left out."""

from decimal import Decimal

import pytest

from domain.objective_draft import (
    DraftError,
    ObjectiveDraft,
    check_figures,
    check_title,
    draft_from_json,
    draft_to_json,
    show_line,
    take_lines,
)
from domain.okr import KeyResultDraft, read_key_result_line

SHOP = KeyResultDraft("商铺走访", Decimal(0), Decimal(80), "家", Decimal(2))
RATE = KeyResultDraft("整改率", Decimal(60), Decimal(95), "%", Decimal(1))
WALL = KeyResultDraft("台账上墙", Decimal(0), Decimal(1), "", Decimal(1))
DRAFT = ObjectiveDraft("管好商铺", (SHOP, RATE, WALL))


def test_the_first_line_is_the_title_and_the_others_are_key_results() -> None:
    assert take_lines(ObjectiveDraft(), "管好商铺\n商铺走访 0→80 家 权重2\n\n整改率 60%→95%\n台账上墙") == (DRAFT, [])


@pytest.mark.parametrize("line", ["O1 管好商铺", "O1：管好商铺", "目标：管好商铺", "目标一：管好商铺", "标题 管好商铺"])
def test_the_title_may_be_named(line: str) -> None:
    assert take_lines(ObjectiveDraft(), line)[0].title == "管好商铺"


@pytest.mark.parametrize("marker", ["KR1 ", "kr1：", "1. ", "1、", "（1）", "①", "- ", "关键结果一："])
def test_the_marker_of_a_list_is_no_part_of_the_title(marker: str) -> None:
    draft, refused = take_lines(ObjectiveDraft("管好商铺"), f"{marker}商铺走访 0→80 家 权重2")
    assert (draft.key_results, refused) == ((SHOP,), [])


def test_a_figure_at_the_head_is_no_marker() -> None:
    draft, _ = take_lines(ObjectiveDraft("管好商铺"), "1.5万元以上项目 0→3 个")
    assert draft.key_results[0].title == "1.5万元以上项目"


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("删第1条", ["整改率", "台账上墙"]),
        ("删除第二条", ["商铺走访", "台账上墙"]),
        ("删 3", ["商铺走访", "整改率"]),
        ("不要KR3", ["商铺走访", "整改率"]),
        ("第2条 夜查 0→6 次", ["商铺走访", "夜查", "台账上墙"]),
        ("第三条改成：夜查 0→6 次", ["商铺走访", "整改率", "夜查"]),
        ("第1条 商铺走访 0→90 家", ["商铺走访", "整改率", "台账上墙"]),
        ("夜查 0→6 次", ["商铺走访", "整改率", "台账上墙", "夜查"]),
    ],
)
def test_lines_are_corrected_by_their_place(line: str, titles: list[str]) -> None:
    draft, refused = take_lines(DRAFT, line)
    assert [one.title for one in draft.key_results] == titles
    assert refused == []


@pytest.mark.parametrize("line", ["标题 守好沿街", "目标改成守好沿街", "目标 守好沿街", "题目：守好沿街"])
def test_the_title_can_be_replaced(line: str) -> None:
    assert take_lines(DRAFT, line)[0] == ObjectiveDraft("守好沿街", DRAFT.key_results)


def test_a_key_result_may_begin_like_a_correction() -> None:
    draft, _ = take_lines(DRAFT, "目标人群走访 0→6 次")
    assert (draft.title, draft.key_results[-1].title) == ("管好商铺", "目标人群走访")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("夜查 5→5", "起始值和目标值一样"),
        ("夜查 0→0.0000001", "起始值和目标值一样"),
        ("夜查 0→6 权重0", "权重要大于 0"),
        ("夜查 0→1000000000000 次", "数字太大了"),
        ("台账上墙", "已经有一条叫这个名字"),
        ("删第9条", "没有第 9 条，现在有 3 条"),
        ("删第0条", "没有第 0 条"),
        (f"标题 {'长' * 61}", "60 个字以内"),
    ],
)
def test_what_cannot_be_is_left_out_and_named(line: str, fault: str) -> None:
    draft, refused = take_lines(DRAFT, f"{line}\n夜巡 0→9 次")
    assert fault in refused[0]
    assert line in refused[0]
    assert draft.key_results[:3] == DRAFT.key_results
    assert draft.key_results[3].title == "夜巡"


def test_without_a_title_the_lines_after_a_bad_one_are_not_taken_for_it() -> None:
    draft, refused = take_lines(ObjectiveDraft(), "商铺走访 0→80 家\n台账上墙")
    assert draft == ObjectiveDraft()
    assert len(refused) == 1
    assert "这像一条关键结果" in refused[0]


def test_a_sixth_key_result_is_left_out() -> None:
    draft, refused = take_lines(DRAFT, "甲查 0→6\n乙查 0→6\n丙查 0→6")
    assert len(draft.key_results) == 5
    assert "最多 5 条" in refused[0]


@pytest.mark.parametrize(
    "one", [SHOP, RATE, WALL, KeyResultDraft("发案", Decimal(12), Decimal(8), "起", Decimal("1.5"))]
)
def test_a_line_that_is_shown_can_be_typed_again(one: KeyResultDraft) -> None:
    assert read_key_result_line(show_line(one)) == one


def test_a_draft_survives_json() -> None:
    assert draft_from_json(draft_to_json(DRAFT)) == DRAFT


def test_a_title_is_needed() -> None:
    with pytest.raises(DraftError, match="还差目标"):
        check_title("  ")


def test_figures_that_are_fine_are_given_back() -> None:
    assert check_figures(SHOP) is SHOP
