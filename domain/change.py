"""A wish to alter an approved key result, as its owner types it: which one, what of it, the new value and why."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.errors import DomainError
from domain.numerals import CHINESE_DIGITS, read_number, read_percent
from domain.objective_draft import check_figures
from domain.okr import MAX_TITLE, MAX_UNIT, KeyResultDraft
from domain.text import fold_in_place


class Field(StrEnum):
    """What of a key result may be changed; the values are what the database keeps."""

    TARGET = "target"
    START = "start"
    WEIGHT = "weight"
    TITLE = "title"
    UNIT = "unit"

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    Field.TARGET: "目标值",
    Field.START: "起始值",
    Field.WEIGHT: "权重",
    Field.TITLE: "名称",
    Field.UNIT: "单位",
}
_WORDS = {
    "目标值": Field.TARGET,
    "目标": Field.TARGET,
    "起始值": Field.START,
    "起始": Field.START,
    "起点": Field.START,
    "权重": Field.WEIGHT,
    "名称": Field.TITLE,
    "名字": Field.TITLE,
    "标题": Field.TITLE,
    "计量单位": Field.UNIT,
    "单位": Field.UNIT,
}
_LONGEST = {Field.TITLE: MAX_TITLE, Field.UNIT: MAX_UNIT}  # of what is words; the others are figures
_INTO = r"\s*(?:值\s*)?(?:改成|改为|改到|变成|变为|调到|调整为|换成|为|到|成|[:=])?\s*:?\s*"
_FIELD = re.compile(rf"\s*(?:的\s*)?({'|'.join(_WORDS)}){_INTO}")
_NUMBER = re.compile(r"\s*(?:k\s?r)?\s*(\d{1,2})(?!\d)[\s:,、]*")
_VALUE = re.compile(r"[^\s,;。]+")
_BECAUSE = re.compile(r"[\s,;:。]*(?:(?:原因|理由)\s*[是为:]?|因为|由于)?[\s,:]*")
_FIGURE = re.compile(rf"(-?)([\d.,]*\d|[{CHINESE_DIGITS}]+)\s*%?[^\s\d%]{{0,{MAX_UNIT}}}")


class ChangeError(DomainError, ValueError):
    """The words name no change that could be made."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A change as far as it has been said; what is missing is None or empty."""

    number: int | None = None
    field: Field | None = None
    value: str = ""
    reason: str = ""


def read_wish(text: str) -> Wish:
    """What KR1 目标 60 辖区扩大 says; whatever it leaves out must be asked for."""
    number = _NUMBER.match(fold_in_place(text))
    return read_field(text[number.end() :], int(number[1])) if number else Wish()


def read_field(text: str, number: int) -> Wish:
    """What 目标 60 辖区扩大 says about the key result `number`."""
    found = _FIELD.match(fold_in_place(text))
    if found is None:
        return Wish(number)
    value, reason = split_reason(text[found.end() :])
    return Wish(number, _WORDS[found[1]], value, reason)


def split_reason(text: str) -> tuple[str, str]:
    """A value, up to the first space or comma, and the reason after it; either may be empty."""
    text = text.strip()
    folded = fold_in_place(text)
    value = _VALUE.match(folded)
    if value is None:
        return "", ""
    because = _BECAUSE.match(folded, value.end())
    assert because is not None  # it matches nothing at all, too
    return text[: value.end()], text[because.end() :].strip()


def changed(one: KeyResultDraft, field: Field, value: str) -> KeyResultDraft:
    """The key result with one field altered to what the words say.

    Refuses a figure that cannot be read, a value that is too long, one that alters nothing, and what may not be set.
    """
    longest = _LONGEST.get(field)
    new = _read_figure(value) if longest is None else _read_words(value, field, longest)
    altered: dict[str, Any] = {field.value: new}
    after = replace(one, **altered)
    if after == one:
        raise ChangeError(f"{field.label}本来就是 {shown(one, field)}，不用改。")
    return check_figures(after)


def shown(one: KeyResultDraft, field: Field) -> str:
    """The field's value as text: 50, 入户走访."""
    value = getattr(one, field.value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _read_figure(text: str) -> Decimal:
    folded = fold_in_place(text).strip()
    value = read_percent(folded)
    if value is None:
        value = read_number(folded)
    if value is None and (found := _FIGURE.fullmatch(folded)):
        value = read_number(found[2])
        value = -value if value is not None and found[1] else value
    if value is None:
        raise ChangeError(f"“{text}”没看清是多少，写成数字就行，比如 60。")
    return value


def _read_words(text: str, field: Field, longest: int) -> str:
    words = " ".join(text.split())
    if len(words) > longest:
        raise ChangeError(f"{field.label}有 {len(words)} 个字，{longest} 个字以内就好。")
    return words
