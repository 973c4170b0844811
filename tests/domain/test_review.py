"""Scores of a review: which are clear, which are asked back, which are none."""

from decimal import Decimal

import pytest

from domain.review import Score, ScoreError, read_score, show_score, split_by_number


@pytest.mark.parametrize(
    ("text", "value", "sentence"),
    [
        ("0.8 走访覆盖到位", "0.8", "走访覆盖到位"),
        ("0.8，走访覆盖到位", "0.8", "走访覆盖到位"),
        ("０.８", "0.8", ""),
        ("0.8分", "0.8", ""),
        (".7", "0.7", ""),
        ("自评 0.85 还行", "0.85", "还行"),
        ("零点八", "0.8", ""),
        ("1", "1", ""),
        ("1.0 都做完了", "1", "都做完了"),
        ("0", "0", ""),
    ],
)
def test_a_clear_score_is_read_with_its_sentence(text: str, value: str, sentence: str) -> None:
    assert read_score(text) == Score(Decimal(value), sentence, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80%", "0.8"),
        ("百分之八十", "0.8"),
        ("八成", "0.8"),
        ("8分", "0.8"),
        ("8", "0.8"),
        ("80分", "0.8"),
        ("1分", "1"),
        ("10", "1"),
    ],
)
def test_a_score_on_another_scale_is_not_sure(text: str, value: str) -> None:
    score = read_score(text)
    assert (score.value, score.is_sure) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["", "还行", "-0.5", "1.5", "120", "-80%", "0.333", "三四"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(ScoreError):
        read_score(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("KR1 0.8 走访到位\nKR2 0.5 下雨", [(1, "0.8 走访到位"), (2, "0.5 下雨")]),
        ("kr1：0.8，KR2：0.5。", [(1, "0.8"), (2, "0.5。")]),
        ("KR1=0.8 KR12=0.5", [(1, "0.8"), (12, "0.5")]),
        ("KR1", [(1, "")]),
        ("0.8 比KR2好", []),
        ("", []),
    ],
)
def test_a_message_is_split_at_its_key_results(text: str, pieces: list[tuple[int, str]]) -> None:
    assert split_by_number(text) == pieces


@pytest.mark.parametrize(("value", "shown"), [("1", "1.0"), ("0.8", "0.8"), ("0.85", "0.85"), ("0", "0.0")])
def test_a_score_shows_one_decimal_at_least(value: str, shown: str) -> None:
    assert show_score(Decimal(value)) == shown
