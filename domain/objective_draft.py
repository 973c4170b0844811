"""An objective while its owner is still writing it: lines in any order, corrected by their place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.errors import DomainError
from domain.numerals import read_number
from domain.okr import MAX_KEY_RESULTS, MAX_TITLE, KeyResultDraft, read_key_result_line
from domain.text import fold, fold_in_place

# The database keeps six decimals of a figure and twelve digits before the point.
LARGEST = Decimal(10) ** 12
SMALLEST_STEP = Decimal("0.000001")

_NUMERAL = "[0-9一二三四五六七八九十]{1,2}"
_PLACE = rf"(?:第\s*)?(?:kr\s*)?({_NUMERAL})\s*[条项个]?"
_REMOVES = re.compile(rf"(?:删除?|去掉|不要)\s*{_PLACE}")
_REPLACES = re.compile(rf"第\s*({_NUMERAL})\s*[条项个]\s*(?:改成|改为|改|换成)?\s*[:,、]?\s*(?=\S)")
_RETITLES = re.compile(r"(?:标题|题目|目标(?:名称)?)(?:\s*(?:改成|改为|是|[:,])|\s)\s*(?=\S)")
_NAMES_OBJECTIVE = re.compile(rf"(?:o\s*[1-9]\s*[:.、,]?|目标\s*(?:{_NUMERAL})?\s*:)\s*")
_MARKER = re.compile(
    rf"(?:kr\s*\d{{1,2}}|关键(?:结果|成果)\s*{_NUMERAL}|[(（]\d{{1,2}}[)）]|\d{{1,2}}[.、](?!\d)|\d{{1,2}}\)|[①-⑩]|[-•·*])\s*[:.、,]?\s*"
)
_LOOKS_MEASURED = re.compile(r"→|->|=>|⇒|权重")


class DraftError(DomainError, ValueError):
    """A line of a draft cannot be kept as it is."""


@dataclass(frozen=True, slots=True)
class ObjectiveDraft:
    """What is written so far."""

    title: str = ""
    key_results: tuple[KeyResultDraft, ...] = ()


def take_lines(draft: ObjectiveDraft, text: str) -> tuple[ObjectiveDraft, list[str]]:
    """The draft with the lines of a message: the first one is the title when there is none yet.

    Also gives a sentence for each line that was left out; the other lines are kept, but none without a title.
    """
    refused: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        try:
            draft = _take_line(draft, line)
        except DomainError as fault:
            refused.append(f"“{line}”没收：{fault}")
            if not draft.title:
                break
    return draft, refused


def check_title(title: str) -> str:
    """The title on one line; refuses one that is empty or longer than a phone shows."""
    title = " ".join(title.split())
    if not title:
        raise DraftError("还差目标，一句话说要做成什么。")
    if len(title) > MAX_TITLE:
        raise DraftError(f"目标有 {len(title)} 个字，{MAX_TITLE} 个字以内手机上才看得全。缩短一点再发。")
    return title


def check_figures(draft: KeyResultDraft) -> KeyResultDraft:
    """The key result unchanged; refuses a weight of zero, figures out of range, and start = target."""
    if draft.weight <= 0:
        raise DraftError("权重要大于 0。不写就是 1。")
    if max(abs(draft.start), abs(draft.target)) >= LARGEST:
        raise DraftError("数字太大了，换成万或亿再写，比如“1.2亿元”。")
    if draft.start.quantize(SMALLEST_STEP) == draft.target.quantize(SMALLEST_STEP):
        raise DraftError("起始值和目标值一样，算不出进度。改一下其中一个。")
    return draft


def show_line(one: KeyResultDraft) -> str:
    """入户走访 0→50 户 权重2, as it can be typed again; a milestone shows its title alone."""
    if one.start == 0 and one.target == 1 and not one.unit:
        shown = one.title
    elif one.unit == "%":
        shown = f"{one.title} {_plain(one.start)}%→{_plain(one.target)}%"
    else:
        shown = f"{one.title} {_plain(one.start)}→{_plain(one.target)} {one.unit}".rstrip()
    return shown if one.weight == 1 else f"{shown} 权重{_plain(one.weight)}"


def draft_to_json(draft: ObjectiveDraft) -> dict[str, Any]:
    """The draft as JSON can keep it; figures are text."""
    return {
        "title": draft.title,
        "key_results": [
            [one.title, str(one.start), str(one.target), one.unit, str(one.weight)] for one in draft.key_results
        ],
    }


def draft_from_json(data: dict[str, Any]) -> ObjectiveDraft:
    """The draft that `draft_to_json` wrote."""
    return ObjectiveDraft(
        data["title"],
        tuple(
            KeyResultDraft(title, Decimal(start), Decimal(target), unit, Decimal(weight))
            for title, start, target, unit, weight in data["key_results"]
        ),
    )


def _take_line(draft: ObjectiveDraft, line: str) -> ObjectiveDraft:
    folded = fold_in_place(line)
    if found := _REMOVES.fullmatch(folded):
        at = _place(draft, found[1])
        return replace(draft, key_results=draft.key_results[:at] + draft.key_results[at + 1 :])
    if found := _RETITLES.match(folded):
        return replace(draft, title=check_title(line[found.end() :]))
    if not draft.title:
        return replace(draft, title=_read_title(line, folded))
    if found := _REPLACES.match(folded):
        at = _place(draft, found[1])
        others = draft.key_results[:at] + draft.key_results[at + 1 :]
        one = _read_key_result(line[found.end() :], others)
        return replace(draft, key_results=(*draft.key_results[:at], one, *draft.key_results[at + 1 :]))
    if len(draft.key_results) == MAX_KEY_RESULTS:
        raise DraftError(f"一个目标最多 {MAX_KEY_RESULTS} 条，要换就说“第2条 …”。")
    one = _read_key_result(line, draft.key_results)
    return replace(draft, key_results=(*draft.key_results, one))


def _read_title(line: str, folded: str) -> str:
    if _LOOKS_MEASURED.search(folded):
        raise DraftError("这像一条关键结果。先用一句话说目标，再发关键结果。")
    named = _NAMES_OBJECTIVE.match(folded)
    return check_title(line[named.end() :] if named else line)


def _read_key_result(line: str, others: Iterable[KeyResultDraft]) -> KeyResultDraft:
    marker = _MARKER.match(fold_in_place(line))
    one = check_figures(read_key_result_line(line[marker.end() :] if marker else line))
    if any(fold(other.title) == fold(one.title) for other in others):
        raise DraftError("已经有一条叫这个名字，报进展时分不开。换个名字再发。")
    return one


def _place(draft: ObjectiveDraft, token: str) -> int:
    number = int(read_number(token) or 0)
    if not 1 <= number <= len(draft.key_results):
        raise DraftError(f"没有第 {number} 条，现在有 {len(draft.key_results)} 条。")
    return number - 1


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
