"""The review of a key result: a score from 0 to 1, which is neither its progress nor its confidence, and a sentence."""

import re
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import DomainError
from domain.numerals import CHINESE_DIGITS, read_number, read_percent
from domain.text import fold_in_place

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_NUMERAL = rf"-?\d+(?:\.\d+)?|-?\.\d+|百分之[\d.{CHINESE_DIGITS}]+|[{CHINESE_DIGITS}]+(?:点[{CHINESE_DIGITS}]+)?"
_SCORE = re.compile(rf"\s*(?:打|给|自评|得)?\s*(?P<token>{_NUMERAL})\s*(?P<mark>%|成半?|分)?(?![\d.])[\s,;:、。]*")
_HEAD = re.compile(r"(?:^|(?<=[\s,;。、]))k\s?r\s*(\d{1,2})\s*[:=,、]?\s*")


class ScoreError(DomainError, ValueError):
    """The text holds no score from 0 to 1 with at most two decimals."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score and the sentence after it; `is_sure` is false for 8分 or 80%, which must be asked back."""

    value: Decimal
    sentence: str
    is_sure: bool


def read_score(text: str) -> Score:
    """The score at the head of a text: 0.8 走访覆盖到位, 0.8分, 零点八; unsure of 8分, 80%, 八成, 1分.

    Refuses a text that does not begin with a number, and a number that is no score in any reading.
    """
    found = _SCORE.match(fold_in_place(text))
    if found is None:
        raise ScoreError("先写分数，0 到 1 之间，再加一句话，比如“0.8 走访覆盖到位”。")
    value, is_sure = _read_value(found["token"], found["mark"] or "")
    if not 0 <= value <= 1:
        raise ScoreError("分数在 0 到 1 之间，比如 0.8。")
    if value != value.quantize(_HUNDREDTH):
        raise ScoreError("分数写到两位小数就够了，比如 0.85。")
    return Score(value.normalize() + 0, text[found.end() :].strip(), is_sure)


def split_by_number(text: str) -> list[tuple[int, str]]:
    """The pieces of KR1 0.8 走访到位，KR2 0.5 …, each with its number; empty when no key result is named."""
    heads = list(_HEAD.finditer(fold_in_place(text)))
    ends = [head.start() for head in heads[1:]] + [len(text)] * bool(heads)
    return [(int(head[1]), text[head.end() : end].strip(" \n,;，；、")) for head, end in zip(heads, ends, strict=True)]


def show_score(value: Decimal) -> str:
    """0.8, 1.0, 0.85: one decimal at least."""
    return str(value.quantize(_TENTH if value == value.quantize(_TENTH) else _HUNDREDTH))


def _read_value(token: str, mark: str) -> tuple[Decimal, bool]:
    digits = token.removeprefix("-")
    percent = read_percent(f"{digits}{mark}") if mark != "分" else None
    if percent is not None:
        return _signed(token, percent / 100), False
    value = read_number(f"0{digits}" if digits.startswith(".") else digits)
    if value is None:
        raise ScoreError("分数没看清，写成 0 到 1 之间的数，比如 0.8。")
    if value >= 2:  # 8分 of ten, 80 of a hundred
        return _signed(token, value / 10 if value <= 10 else value / 100), False
    return _signed(token, value), not (mark == "分" and value == 1)


def _signed(token: str, value: Decimal) -> Decimal:
    return -value if token.startswith("-") and value else value
