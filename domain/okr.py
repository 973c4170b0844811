"""Objectives and key results: how far they are, what may be set, and the line that sets one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.errors import DomainError
from domain.numerals import CHINESE_DIGITS, read_number, read_percent
from domain.text import fold_in_place

MAX_OBJECTIVES = 5
MAX_KEY_RESULTS = 5
MAX_TITLE = 60
MAX_LINE = 300  # the search for a target is quadratic
MAX_UNIT = 8


class Confidence(StrEnum):
    """How its owner feels about a key result; a field of its own beside progress and review score."""

    CONFIDENT = "有信心"
    AT_RISK = "有风险"
    UNLIKELY = "难完成"


class UnmeasurableError(DomainError, ValueError):
    """Start and target are the same, or all weights are zero: no progress can be computed."""


class BoundsError(DomainError, ValueError):
    """More or fewer objectives or key results than a person can hold."""


class KeyResultLineError(DomainError, ValueError):
    """The line does not say a title and a target."""


@dataclass(frozen=True, slots=True)
class KeyResultDraft:
    """A key result as its owner typed it."""

    title: str
    start: Decimal
    target: Decimal
    unit: str
    weight: Decimal


def progress(*, start: Decimal, target: Decimal, current: Decimal) -> Fraction:
    """Share of the way from start to target, 0 to 1, exact; falling targets too. Refuses start = target."""
    if start == target:
        raise UnmeasurableError("起始值和目标值一样，算不出进度。改一下其中一个。")
    share = Fraction(current - start) / Fraction(target - start)
    return max(Fraction(0), min(Fraction(1), share))


def weighted_progress(parts: Iterable[tuple[Decimal, Fraction]]) -> Fraction:
    """Σwp/Σw over (weight, progress): of an objective's key results, or of a period's objectives. Refuses Σw = 0."""
    weighted = [(Fraction(weight), share) for weight, share in parts]
    total = sum((weight for weight, _ in weighted), Fraction(0))
    if total <= 0:
        raise UnmeasurableError("权重加起来是 0，算不出总进度。至少给一项写上权重。")
    return sum((weight * share for weight, share in weighted), Fraction(0)) / total


def whole_percent(share: Fraction) -> int:
    """Percent as shown in chat: whole, rounded half up."""
    return (share * 200 + 1) // 2


def check_objective_count(count: int) -> None:
    """Refuses fewer than 1 or more than 5 objectives."""
    if not 1 <= count <= MAX_OBJECTIVES:
        raise BoundsError(f"一个周期写 1 到 {MAX_OBJECTIVES} 个目标，现在是 {count} 个。")


def check_key_result_count(count: int) -> None:
    """Refuses fewer than 1 or more than 5 key results of one objective."""
    if not 1 <= count <= MAX_KEY_RESULTS:
        raise BoundsError(f"一个目标写 1 到 {MAX_KEY_RESULTS} 条关键结果，现在是 {count} 条。")


_EXAMPLE = "比如“入户走访 0→50 户 权重2”。"
# 万 and 亿 after Arabic digits stay with the unit: 1.2亿元 is 1.2 of 亿元.
_ARABIC = r"\d[\d,]*(?:\.\d+)?(?:\s?%)?"
_NUMERAL = rf"-?{_ARABIC}|百分之[\d.{CHINESE_DIGITS}]+|[{CHINESE_DIGITS}]+成?"
_UNIT = rf"(?P<unit>[^\s\d,;。:()→%]{{0,{MAX_UNIT}}})"
_WEIGHT = re.compile(r"[,;]?\s*\(?权重\s*[:=]?\s*(\d{1,3}(?:\.\d{1,2})?)(?![\d.])%?\)?")
_FROM_TO = re.compile(
    rf"(?:从|由|起始值?|现在)?\s*:?\s*(?P<start>{_NUMERAL})(?P<start_unit>[^\s\d,;。:()→%>=-]{{0,{MAX_UNIT}}}?)\s*"
    r"(?:-+>|=+>|→|➔|➜|⇒|>|[,;\s]*目标值?\s*[:是为]?|(?:提高|提升|下降|上升|增加|减少|升|降|增|减|做)?[到至])\s*"
    rf"(?P<target>{_NUMERAL})\s*{_UNIT}"
)
_TO = re.compile(rf"(?:目标值?|达到|不少于|不低于)\s*[:是为]?\s*(?P<target>{_NUMERAL})\s*{_UNIT}")
_LAST = re.compile(
    rf"(?P<target>(?<![\d.·/-]){_ARABIC}|百分之[\d.{CHINESE_DIGITS}]+|(?<=\s)[{CHINESE_DIGITS}]+"
    rf"|[{CHINESE_DIGITS}]+(?=[户家场次件起条]$))"
    rf"\s*(?P<unit>[^\s\d,;。:()→%]{{0,2}}|(?<=\s)[^\s\d,;。:()→%]{{3,{MAX_UNIT}}}|[平公]方?[米里]|分钟|小时|万元|亿元|人次)$"
)
_COUNTED = re.compile(r"\d\s*[户家场次件起个人名条项处份篇](?!楼|幢|栋)")
_EDGES = " ,;:，；：。、-"


def read_key_result_line(text: str) -> KeyResultDraft:
    """Title, start, target, unit and weight of 入户走访 0→50 户 权重2; a line without a number is a milestone (0→1).

    Refuses a line without a title, one whose target cannot be read, and start = target.
    """
    if len(text) > MAX_LINE:
        raise KeyResultLineError(f"这一行有 {len(text)} 个字，一条关键结果用不着这么长。缩短一点再发，{_EXAMPLE}")
    weight, line = _take_weight(" ".join(text.split()))
    folded = fold_in_place(line)
    found = _FROM_TO.search(folded) or _TO.search(folded) or _LAST.search(folded)
    if found is None:
        if _COUNTED.search(folded):
            raise KeyResultLineError("目标值没看清，把数字写在最后，" + _EXAMPLE)
        return KeyResultDraft(_read_title(line), Decimal(0), Decimal(1), "", weight)
    given = found.groupdict()
    target, is_percent = _read_value(given["target"])
    start, starts_as_percent = _read_value(given.get("start") or "0")
    unit = "%" if is_percent or starts_as_percent else given["unit"] or given.get("start_unit") or ""
    if start == target:
        raise KeyResultLineError("起始值和目标值一样，算不出进度。改一下再发，" + _EXAMPLE)
    title = _read_title(f"{line[: found.start()]} {line[found.end() :]}")
    if not unit and title.endswith("率"):
        unit = "%"
    return KeyResultDraft(title, start, target, unit, weight)


def _take_weight(line: str) -> tuple[Decimal, str]:
    """The weight, 1 if none is given, and the line without it."""
    folded = fold_in_place(line)
    found = _WEIGHT.search(folded)
    if found is None:
        if "权重" in folded:
            raise KeyResultLineError("权重没看清，写成数字就行，" + _EXAMPLE)
        return Decimal(1), line
    return Decimal(found[1]), f"{line[: found.start()]} {line[found.end() :]}".strip()


def _read_value(token: str) -> tuple[Decimal, bool]:
    """The number and whether it is a percentage."""
    digits = token.removeprefix("-")
    percent = read_percent(digits)
    value = read_number(digits) if percent is None else percent
    if value is None:
        raise KeyResultLineError(f"“{token}”没看清是多少，写成数字就行，{_EXAMPLE}")
    return (-value if token.startswith("-") else value), percent is not None


def _read_title(text: str) -> str:
    title = " ".join(text.split()).strip(_EDGES).removeprefix("把").removeprefix("将")
    if not title:
        raise KeyResultLineError("还差这条关键结果的名称，" + _EXAMPLE)
    if len(title) > MAX_TITLE:
        raise KeyResultLineError(f"名称有 {len(title)} 个字，{MAX_TITLE} 个字以内手机上才看得全。缩短一点再发。")
    return title
