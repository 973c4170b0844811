"""Text as it comes in, and as it is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import fold, fold_in_place, normalise


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  KR1 35 \n", "KR1 35"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("a\x00b\x07c\x7fd", "abcd"),
        ("坏\ud800掉", "坏掉"),
        ("零\u200b宽\ufeff字", "零宽字"),
        ("e\u0301", "é"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("１\t２", "１\t２"),
        ("", ""),
    ],
)
def test_what_is_stored_is_clean_and_otherwise_as_typed(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＫＲ１：３５／５０", "kr1:35/50"),
        ("KR1　 35\n 户 ", "kr1 35 户"),
        ("ÄÖ", "äö"),
        ("İ", "İ"),
        ("入户走访", "入户走访"),
    ],
)
def test_width_case_and_spaces_do_not_count_when_comparing(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_offsets_stay_true_when_folding_in_place(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


@given(st.text(alphabet=st.characters()))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    once.encode()


def test_lines_stay_apart_when_folding_in_place() -> None:
    assert fold_in_place("一\n二\u00a0三\t四") == "一\n二 三\t四"
