"""What holds for every report: nothing is invented, nothing is lost, and time stays short."""

import time
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.okr import Confidence
from domain.report import (
    Doubt,
    DoubtKind,
    Entry,
    doubt_from_json,
    doubt_to_json,
    entry_from_json,
    entry_to_json,
    read_report,
)
from domain.text import normalise
from tests.domain.reporters import AWKWARD, COMMUNITY, describe, line

FRAGMENTS = st.sampled_from(
    [
        "KR1",
        "KR2",
        "kr3：",
        "KR9",
        "1、",
        "2.",
        "①",
        "第一项",
        "入户走访",
        "覆盖率",
        "培训",
        "率",
        "台账",
        "35",
        "八成",
        "80%",
        "一半",
        "35/50",
        "35/60",
        "+3",
        "-3",
        "户",
        "场",
        "万",
        "。",
        "，",
        "\n",
        "本周",
        "累计",
        "多",
        "少",
        "完成",
        "没完成",
        "还没开始",
        "和上周一样",
        "其他",
        "都",
        "？",
        "吗",
        "有风险",
        "难完成",
        "没问题",
        "下雨影响",
        "3幢",
        "15:07",
        "11月20日",
        "→",
        "(",
        ")",
        "三里屯",
        "三分之二",
        "百分之八十",
        "0.8",
        "5000",
        "30多户",
        "99999999999999999999",
        "亿",
        "点",
        "成",
        "预计",
        "目标",
        "还差",
        "上周",
        "其中",
        "一个不落",
        "√",
        "×",
        "ok",
    ]
)
MESSAGES = st.lists(FRAGMENTS, max_size=25).map("".join) | st.text(max_size=200).map(normalise)


@given(MESSAGES)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_and_its_notes_are_word_for_word(text: str) -> None:
    for lines in (COMMUNITY, AWKWARD):
        reading = read_report(text, lines)
        assert reading.is_report == bool(reading.entries or reading.doubts)
        assert len({entry.number for entry in reading.entries}) == len(reading.entries)
        assert all(entry.note in text for entry in reading.entries)
        assert all(doubt.text in text for doubt in reading.doubts)
        assert all(doubt_from_json(doubt_to_json(doubt)) == doubt for doubt in reading.doubts)


@given(st.tuples(*(st.integers(0, 90) for _ in COMMUNITY)), st.sampled_from(["", "，下雨影响", "，有风险"]))
@settings(max_examples=100, deadline=None)
def test_a_filled_form_comes_back_as_it_was_filled(values: tuple[int, ...], ending: str) -> None:
    filled = [
        (key_result, min(value, 1) if key_result.is_milestone else min(value, 39))
        for key_result, value in zip(COMMUNITY, values, strict=True)
    ]
    form = "\n".join(
        f"KR{each.number} {each.title} {value}/{each.target} {each.unit}{ending}" for each, value in filled
    )

    reading = read_report(form, COMMUNITY)

    assert [(entry.number, entry.value) for entry in reading.entries] == [
        (each.number, Decimal(value)) for each, value in filled
    ]
    assert reading.doubts == ()


def test_notes_keep_full_width_signs_and_spaces() -> None:
    reading = read_report("KR1 35户，ＡＢ小区　停电，老人多！（１２３栋）", COMMUNITY)

    assert reading.entries[0].note == "ＡＢ小区　停电，老人多！（１２３栋"


def test_every_question_says_that_nothing_was_kept() -> None:
    texts = ("率 85", "KR1 5000", "KR2 0.8", "KR9 3", "KR1 35/60", "KR1 -5", "KR1 35 40", "KR1", "KR2 120", "KR1 35多")
    questions = [doubt.question for text in texts for doubt in read_report(text, COMMUNITY).doubts]

    assert len(questions) == len(texts)
    assert all("先没记" in question or question.endswith("是哪一项？") for question in questions)


def test_ten_times_the_target_is_asked_back_in_so_many_words() -> None:
    (doubt,) = read_report("KR1 5000", COMMUNITY).doubts

    assert doubt.question == "KR1 的目标是 50 户，5000 是目标的 100 倍，先没记。是 50 吗？"
    assert [option.label for option in doubt.options] == ["是 50", "就是 5000", "不记"]
    assert doubt.number == 1


def test_a_phrase_that_fits_two_key_results_offers_both() -> None:
    (doubt,) = read_report("率 85", COMMUNITY).doubts

    assert doubt.question == "“率 85”对得上两项，是哪一项？"
    assert [option.label for option in doubt.options] == ["KR2 反诈宣传覆盖率", "KR4 案件办结率", "不记"]
    assert doubt.number is None


def test_a_single_key_result_needs_no_name() -> None:
    assert describe(read_report("35", COMMUNITY[:1])) == "1=35"
    assert describe(read_report("完成", COMMUNITY[:1])) == "1=50"


def test_without_key_results_nothing_is_a_report() -> None:
    assert not read_report("KR1 35", ()).is_report


def test_a_long_title_is_cut_on_its_button() -> None:
    lines = (line(1, "辖区规模以上工业企业走访", "0", "9", "家", "0"), line(2, "辖区沿街商铺走访", "0", "9", "家", "0"))

    (doubt,) = read_report("走访 3", lines).doubts

    assert [option.label for option in doubt.options] == ["KR1 辖区规模以上工业企…", "KR2 辖区沿街商铺走访", "不记"]


def test_a_large_value_that_was_once_confirmed_is_not_asked_again() -> None:
    confirmed = (replace(COMMUNITY[0], current=Decimal(600)),)

    assert describe(read_report("KR1 610", confirmed)) == "1=610"
    assert describe(read_report("KR1 6000", confirmed)).startswith("?too_large")


def test_a_share_under_one_per_cent_is_taken_where_the_target_is_one() -> None:
    lines = (line(1, "发案率", "1.2", "0.5", "%", "1"),)

    assert describe(read_report("KR1 0.8", lines)) == "1=0.8"


def test_entries_and_doubts_survive_storage() -> None:
    entry = Entry(2, Decimal("37.5"), Confidence.AT_RISK, "下雨")
    doubt = read_report("KR2 0.8，下雨，有风险", COMMUNITY).doubts[0]

    assert entry_from_json(entry_to_json(entry)) == entry
    assert entry_from_json(entry_to_json(Entry(1, Decimal(3)))) == Entry(1, Decimal(3))
    assert doubt_from_json(doubt_to_json(doubt)) == doubt
    assert isinstance(doubt, Doubt)
    assert doubt.kind is DoubtKind.BARE_FRACTION


@pytest.mark.parametrize(
    "text",
    [
        "KR1 35 ",
        "走访35户",
        "1、35 ",
        "从3到",
        "3-",
        "1,234",
        "百分之",
        "和上周",
        "没有",
        "预计",
        "走访35户，",
        "下雨，3户，",
        "你",
        " ",
        "1",
        "o1",
        "a1",
    ],
)
def test_the_longest_message_is_read_in_a_moment(text: str) -> None:
    started = time.process_time()

    read_report((text * 2048)[:2048], COMMUNITY)

    assert time.process_time() - started < 1


def test_what_is_longer_than_a_message_can_be_is_no_report() -> None:
    started = time.process_time()

    assert not read_report("KR1 35 " * 3000, COMMUNITY).is_report
    assert time.process_time() - started < 0.2


def test_emoji_and_joined_characters_do_no_harm() -> None:
    assert describe(read_report(unicodedata.normalize("NFD", "👨‍👩‍👧 KR1 35户 é"), COMMUNITY)).startswith("1=35")


@pytest.mark.parametrize(
    ("titles", "text", "expected"),
    [
        (("入户  走访", "培训"), "入户  走访 3户", "1=3"),
        (("反诈宣传覆盖率", "反诈骗"), "反诈宣传 8", "1=8"),
        (("反诈骗", "反诈宣传覆盖率"), "反诈宣传 8", "2=8"),
        (("入户走访", "入户走访（重点户）"), "入户走访（重点户） 8", "2=8"),
        (("AI建模", "培训"), "ai建模 8", "1=8"),
        (("A", "培训"), "KR1 8", "1=8"),
    ],
)
def test_the_longest_piece_of_a_title_decides(titles: tuple[str, str], text: str, expected: str) -> None:
    lines = tuple(line(number, title, "0", "9", "户次", "0") for number, title in enumerate(titles, 1))

    assert describe(read_report(text, lines)) == expected
