"""Finds key results by their number or by a piece of their title; a tie is told, never broken."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rapidfuzz import fuzz

from domain.numerals import CHINESE_DIGITS, read_number
from domain.report.shapes import UNIT_NUMBERS, Line
from domain.report.words import GENERIC
from domain.text import fold_in_place

_NUMBER = f"[0-9]+|[{CHINESE_DIGITS}]{{1,3}}"
_OBJECTIVE = r"(?:o[0-9]\s*[-.]?\s*)?"
_EXPLICIT = re.compile(
    rf"(?<![a-z])(?:{_OBJECTIVE}k\s?r\s*[.:#]?\s*|kr[-_](?=[0-9])|关键(?:结果|成果)\s*|k(?=[0-9]{{1,2}}[\s:,]))(?P<digits>{_NUMBER})(?:\.(?=[0-9]))?"
)
_ORDINAL = re.compile(
    r"(?P<sign>[①-⑳⑴-⒇⒈-⒛❶-❿])|(?P<keycap>[0-9])\ufe0f?\u20e3"
    rf"|(?:(?<=^)|(?<=[\s,;。])|(?=第[^项条个]{{1,3}}项))第\s?(?P<digits>{_NUMBER})[项条个]"
)
_MARKER = re.compile(
    r"(?:(?<=^)|(?<=[\s,;。])|(?P<tight>(?<=[\u4e00-\u9fff%])(?=[0-9][.、)][^0-9.]))|(?=[(\[【][0-9]{1,2}[)\]】]))[(\[【]?(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,2}(?=[、)\]】]))"
    r"(?P<mark>[)\]】]\s*[、.:]?|\s?、|\.|:|\s+(?=[0-9+]|完成|还?没|未|√))"
)
_LISTED = re.compile(
    r"kr ?[0-9]{1,2}(?:(?P<range>\s*(?:[-~到至]|—+)\s*(?:kr ?)?[0-9]{1,2}(?![0-9]))|(?:\s*[、,;和与跟及/]\s*(?:kr ?)?[0-9]{1,2}(?![0-9]))+)"
    r"(?=\s*(?:[都均各全也]|分别|没|未|无|不变|持平|完成|和上|跟上|同上|照旧))"
)
_SHORTEST_PIECE = 2
_CLOSE_ENOUGH = 65
_CLEARLY_BETTER = 15


@dataclass(frozen=True, slots=True)
class Reference:
    """Where the text names key results: one number, or several that the same words fit."""

    start: int
    end: int
    numbers: frozenset[int]
    is_explicit: bool = False
    is_whole_title: bool = False


def find_numbered(folded: str, lines: Sequence[Line]) -> list[Reference]:
    """KR1 or 关键结果1; failing those ① or 第一项; failing those a list whose items start with 1、 2、 in rising order.

    The numbers are the person's own; where all the lines are the unit's, the unit's.
    """
    own = frozenset(line.number for line in lines if not line.is_units)
    if own or not lines:
        return _numbered_of(folded, own)
    found = _numbered_of(folded, frozenset(line.number - UNIT_NUMBERS for line in lines))
    return [replace(each, numbers=frozenset(number + UNIT_NUMBERS for number in each.numbers)) for each in found]


def _numbered_of(folded: str, known: frozenset[int]) -> list[Reference]:
    for pattern in (_EXPLICIT, _ORDINAL):
        references = [reference for found in pattern.finditer(folded) if (reference := _numbered(found))]
        if references:
            return _with_lists(folded, references, known)
    return _list_items(folded, known)


def find_titles(folded: str, lines: Sequence[Line]) -> list[Reference]:
    """The longest pieces of titles, two characters or more, that say more than 工作 or 完成."""
    titles = {line.number: fold_in_place(line.title) for line in lines}
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, title in titles.items():
        for at in range(len(title) - 1):
            if not title[at : at + 2].isspace():
                starts[title[at : at + 2]].append((number, at))
    references, at = [], 0
    while at < len(folded) - 1:
        found = _longest(folded, at, titles, starts.get(folded[at : at + 2], ()))
        if found:
            references.append(found)
        at = found.end if found else at + 1
    return references


def spelled(words: str, lines: Sequence[Line]) -> frozenset[int]:
    """The key results whose title has these characters in order, as 反诈率 of 反诈宣传覆盖率."""
    return frozenset(line.number for line in lines if _in_order(words, fold_in_place(line.title)))


def resembling(words: str, lines: Sequence[Line]) -> frozenset[int]:
    """The key results that a slip of the finger may have meant: good for a question, never for an entry."""
    if len(words) <= _SHORTEST_PIECE:  # two characters are too few to forgive one
        return frozenset()
    scores = {line.number: fuzz.partial_ratio(words, fold_in_place(line.title)) for line in lines}
    best = max(scores.values(), default=0)
    return frozenset(n for n, score in scores.items() if score >= _CLOSE_ENOUGH and score > best - _CLEARLY_BETTER)


def _with_lists(folded: str, references: Sequence[Reference], known: frozenset[int]) -> list[Reference]:
    """With those of KR1、2、3都完成 and KR1到KR3都完成, where a word for all of them follows."""
    listed = {reference.start: reference for reference in references}
    between: list[Reference] = []
    for found in _LISTED.finditer(folded):
        spans = [(digits.start(), digits.end(), int(digits[0])) for digits in re.finditer("[0-9]+", found[0])]
        offset, told = found.start(), [number for _, _, number in spans]
        if not known.issuperset(told):
            continue
        for start, end, number in spans:
            if not any(each.start <= offset + start < each.end for each in references):
                listed[offset + start] = Reference(offset + start, offset + end, frozenset((number,)), is_explicit=True)
        if found["range"]:
            at = offset + found[0].rindex(found["range"])
            inner = range(told[0] + 1, told[-1])
            between += [Reference(at, at, frozenset((number,)), is_explicit=True) for number in inner]
    return sorted((*listed.values(), *between), key=lambda each: (each.start, min(each.numbers)))


def _numbered(found: re.Match[str]) -> Reference | None:
    groups = found.groupdict()
    sign, token = groups.get("sign"), groups.get("keycap") or groups["digits"]
    value = Decimal(int(unicodedata.numeric(sign))) if sign else read_number(token)
    return None if value is None else Reference(*found.span(), frozenset((int(value),)), is_explicit=True)


def _list_items(folded: str, known: frozenset[int]) -> list[Reference]:
    items: list[Reference] = []
    last, may_be_decimal = 0, False
    for found in _MARKER.finditer(folded):
        number = int(read_number(found["number"]) or 0)
        opens_line = not folded[folded.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t([【")
        is_next = bool(items) and number == last + 1
        inline = (
            is_next
            if found["tight"] is not None or found["mark"] == ":"
            else bool(items) and bool(found["mark"].strip())
        )
        if number > last and (opens_line or inline):
            may_be_decimal = may_be_decimal or (
                found["mark"] == "." and folded[found.end() : found.end() + 1].isdigit()
            )
            items.append(Reference(*found.span(), frozenset((number,)), is_explicit=True))
            last = number
    if not any(item.numbers & known for item in items) or (may_be_decimal and len(items) == 1):
        return []
    return items


def _longest(folded: str, at: int, titles: dict[int, str], starts: Sequence[tuple[int, int]]) -> Reference | None:
    length, numbers, is_whole = 0, set[int](), False
    for number, offset in starts:
        title = titles[number]
        reach = 2
        while at + reach < len(folded) and folded[at + reach] == title[offset + reach : offset + reach + 1]:
            reach += 1
        if reach > length:
            length, numbers, is_whole = reach, set(), False
        if reach == length:
            numbers.add(number)
            is_whole = is_whole or reach == len(title)
    piece = folded[at : at + length].strip()
    if sum(map(str.isalpha, piece)) < _SHORTEST_PIECE or (piece in GENERIC and not is_whole):
        return None
    return Reference(at, at + length, frozenset(numbers), is_whole_title=is_whole)


def _in_order(words: str, title: str) -> bool:
    rest = iter(title)
    return bool(words) and all(character in rest for character in words)
