"""Reads single cells of the workbook: what Excel and people make of codes, numbers, dates and lists."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from domain.errors import DomainError
from domain.text import fold, normalise

# Six decimals and twelve digits are what a stored number holds.
SMALLEST_STEP = Decimal("0.000001")
TOO_LARGE = Decimal(10) ** 12

_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+0{1,2}:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
_NUMBER_WITH_UNIT = re.compile(r"[-+]?[\d,]*\.?\d+\s*[^\d\s.,+\-eE][^\d]*")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
_BREAKS = re.compile(r"[、,;，；\n]+")


class CellError(DomainError):
    """The cell cannot be read; the message says what to write instead."""


Reader = Callable[[object], Any]


def read_text(value: object) -> str:
    """The words of a cell on one line; a number keeps its digits (1001.0 is 1001)."""
    return " ".join(normalise(_as_text(value)).split())


def read_code(value: object) -> str:
    """A code: 1001, 1001.0, "1001" and "１００１" are the same one. Refuses dates and yes/no, which Excel made of it."""
    return _half_width(_as_text(value))


def read_account(value: object) -> str:
    """A WeCom account as typed: 1 to 64 letters, digits and `_-@.`, a letter or digit first."""
    account = read_code(value)
    if not _ACCOUNT.fullmatch(account):
        raise CellError("账号只能用字母、数字和 _-@. ，以字母或数字开头，最多64个字符，请照企业微信里的账号填")
    return account


def read_number(value: object) -> Decimal:
    """A number, also one typed as text, to six decimals. Refuses units, percent signs and what is too large to keep."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise CellError("请填数字")
    return _number(value)


def read_whole(value: object) -> int:
    """A whole number of at least 0."""
    number = read_number(value)
    if number != int(number) or not 0 <= number <= 2_000_000_000:
        raise CellError("请填不小于0的整数")
    return int(number)


def read_step(value: object) -> int:
    """A whole number of at most 10 000, also below 0."""
    number = read_number(value)
    if number != int(number) or abs(number) > 10_000:
        raise CellError("请填整数，提前的写负数，最多10000")
    return int(number)


def read_position(value: object) -> int:
    """A place in a list, from 1."""
    number = read_whole(value)
    if not 1 <= number <= 999:
        raise CellError("序号请填1、2、3这样的整数")
    return number


def read_weight(value: object) -> Decimal:
    """A weight above 0."""
    number = read_number(value)
    if number <= 0:
        raise CellError("权重要大于0，请改成正数；不想算的一行可以删掉")
    return number


def read_date(value: object) -> date:
    """A day: an Excel date, or text such as 2026-10-01, 2026/10/1, 2026年10月1日, 20261001."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | str) and not isinstance(value, bool):
        return _day(str(value))
    raise CellError("请填日期，例如 2026-10-01")


def read_flag(value: object) -> bool:
    """是 or 否."""
    if isinstance(value, bool):
        return value
    word = fold(_as_text(value))
    if word not in ("是", "否", "true", "false"):
        raise CellError("请填 是 或 否")
    return word in ("是", "true")


def read_list(value: object) -> tuple[str, ...]:
    """Words separated by 、 (a comma or semicolon does as well), each once, in order."""
    words = (read_text(word) for word in _BREAKS.split(normalise(_as_text(value))))
    return tuple(dict.fromkeys(word for word in words if word))


def choice_of(words: Sequence[str]) -> Reader:
    """A reader that takes exactly one of the words, in any width or case."""
    by_fold = {fold(word): word for word in words}

    def read(value: object) -> str:
        word = by_fold.get(fold(_as_text(value)))
        if word is None:
            raise CellError(f"只能填 {' / '.join(words)}")
        return word

    return read


def choices_of(words: Sequence[str]) -> Reader:
    """A reader that takes several of the words, separated by 、."""
    one = choice_of(words)

    def read(value: object) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one(word) for word in read_list(value)))

    return read


def read_numbers(value: object) -> tuple[Decimal, ...]:
    """One number, or several separated by 、."""
    if isinstance(value, str):
        return tuple(read_number(word) for word in _BREAKS.split(value) if word.strip())
    return (read_number(value),)


def header_key(value: object) -> str:
    """What spellings of one header have in common: width, case, spaces, and a mark (*, ·) for a required column."""
    return re.sub(r"[\s*·•✱＊]", "", fold(_as_text(value))) if isinstance(value, str) else ""


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        raise CellError("这一格变成了 TRUE/FALSE，请把这一列设成文本格式再填")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int | str):
        return str(value)
    raise CellError("这一格变成了日期或时间，请把这一列设成文本格式再填")


@lru_cache(maxsize=65_536)
def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", normalise(text)).strip()


@lru_cache(maxsize=65_536, typed=True)
def _number(value: int | float | str | Decimal) -> Decimal:
    text = _half_width(str(value)).replace("−", "-")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        if _NUMBER_WITH_UNIT.fullmatch(text):
            raise CellError("这里只填数字，不带单位和百分号（80% 就填 80）") from None
        raise CellError("请填数字") from None
    if not number.is_finite():
        raise CellError("请填数字")
    if abs(number) >= TOO_LARGE:
        raise CellError("这个数太大了，请换更大的单位，例如万元、亿元")
    return number.quantize(SMALLEST_STEP, ROUND_HALF_UP).normalize() + 0


@lru_cache(maxsize=4_096)
def _day(text: str) -> date:
    found = _DATE.fullmatch(_half_width(text))
    if found:
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            raise CellError("没有这一天，请改成存在的日期") from None
    raise CellError("请填日期，例如 2026-10-01")
