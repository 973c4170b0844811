"""Reads a leader's words, which may be about the unit's key results as well as their own: 单位KR1 35, KR1 12."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from domain.report import words
from domain.report.answer import answer_doubt as answer_for
from domain.report.names import Reference, find_numbered, find_titles
from domain.report.read import read_lines, two_entries
from domain.report.shapes import UNIT_NUMBERS, Answer, Doubt, Entry, Line, Reading, code_of
from domain.text import fold, fold_in_place

_BODY = "单位|大队|中队|支队|部门|街道|局|所|队|处|科|室|股|站|镇|院|办"
# 单位 at the head of a clause, or with 本, 全 or 我们 before it any other body; 我的 and 个人 lead back.
_HEAD = re.compile(
    r"(?<![^\s,;。、:!()\[\]【】])(?:"
    rf"(?P<unit>(?:(?:我们|咱们?|我)?单位|(?:[本全我]|我们|咱们?|整个)(?:{_BODY})|[局所队处科]里)(?:里|整体|层面|这边)?)"
    r"|(?P<own>我(?:自己|个人|本人)?的|(?:我)?(?:自己|个人|本人)的?))的?(?P<gap>[ \t:,]*)"
)
_BY_NUMBER = re.compile(
    r"(?:o[0-9]\s*[-.]?\s*)?k\s?r|关键[结成]果|[①-⑳]|第[^\s]{1,3}[项条个]|[0-9]{1,2}\s?[、.)](?![0-9])"
)
_BY_STATE = re.compile(rf"(?:(?:都|全部|全|各项|指标|目标)*(?:{words.UNCHANGED}|{words.DONE}))|[都全](?:部|都)?完成")
_BETWEEN = re.compile(r"(?:[这本上]周|目前|现在|累计|已经?|共|今天|也|还|了|[ \t])*")
_THEIRS = re.compile(r"(?:是|说的是)?(?:(?:我们|咱们?|[本全我])?单位|[本全](?:局|所|队))的?(?:那[个项条])?")
_MINE = re.compile(r"(?:是|说的是)?(?:我自己|个人|本人|自己|我个人)的?(?:那[个项条])?")
_EDGES = " \t\n,;。.!:、~"


class Owner(Enum):
    """Whose key results a stretch of the text is about; `BARE` where it does not say."""

    BARE = "bare"
    OWN = "own"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class _Stretch:
    owner: Owner
    text: str


def read_report(text: str, lines: Sequence[Line]) -> Reading:
    """What a normalised message says about these key results, a person's own and those of the unit they lead.

    单位, 本所 and the like at the head of a clause apply to the rest of the line. A bare KR number is the person's own;
    for whoever has none at all it is the unit's. Words of a title are whosever title they fit, and asked back where they
    fit both.
    """
    own, units = _divided(lines)
    if not units:
        return read_lines(text, lines)
    stretches = list(_stretches(text, lines))
    if not own:
        return read_lines("\n".join(stretch.text for stretch in stretches), units)
    against = {Owner.UNIT: units, Owner.OWN: own, Owner.BARE: lines}
    readings = [
        read_lines(words, against[owner])
        for owner in (Owner.UNIT, Owner.OWN, Owner.BARE)
        if (words := _of(owner, stretches))
    ]
    return _together([reading for reading in readings if reading.is_report], lines)


def answer_doubt(doubt: Doubt, text: str, lines: Sequence[Line]) -> Answer:
    """What a reply makes of an open doubt (see `answer.answer_doubt`); 单位的 and 我自己的 choose between owners."""
    own, units = _divided(lines)
    said = fold(text).strip(_EDGES)
    if not units or any(fold(option.label) == said for option in doubt.options):
        return answer_for(doubt, text, lines)
    told = {option.number for option in doubt.options if option.number} | {doubt.number or 0} - {0}
    theirs = [option for option in doubt.options if (option.number or 0) > UNIT_NUMBERS]
    mine = [option for option in doubt.options if 0 < (option.number or 0) < UNIT_NUMBERS]
    for pattern, options in ((_THEIRS, theirs), (_MINE, mine)):
        if pattern.fullmatch(said) and len(options) == 1:
            return answer_for(doubt, options[0].label, lines)
    stretches = [stretch for stretch in _stretches(text, lines) if stretch.text.strip(_EDGES)]
    owner = stretches[0].owner if len(stretches) == 1 else Owner.BARE
    if owner is not Owner.BARE:
        return answer_for(doubt, stretches[0].text, units if owner is Owner.UNIT else own)
    return answer_for(doubt, text, units if told and min(told) > UNIT_NUMBERS else lines)


def read_report_again(text: str, lines: Sequence[Line]) -> tuple[Reading, frozenset[int]]:
    """What it says, with the key results whose value in it builds on the latest one, as in +3 or 今天5户."""
    reading = read_report(text, lines)
    current = {line.number: line.current for line in lines}
    moved = {entry.number: entry.value for entry in reading.entries if entry.value != current[entry.number]}
    if not moved:
        return reading, frozenset()
    shifted = [replace(line, current=line.current + 1, before=line.began) for line in lines]
    values = {entry.number: entry.value for entry in read_report(text, shifted).entries}
    return reading, frozenset(number for number, value in moved.items() if values.get(number, value) != value)


def added_to(text: str, lines: Sequence[Line]) -> frozenset[int]:
    """The key results whose value in this message builds on the latest one."""
    return read_report_again(text, lines)[1]


def numbers_own(text: str, lines: Sequence[Line]) -> bool:
    """Whether the text tells a key result by its bare number, without a word that it is the unit's."""
    stretches = list(_stretches(text, lines))
    return any(find_numbered(fold_in_place(_of(owner, stretches)), lines) for owner in (Owner.BARE, Owner.OWN))


def names_unit(text: str, lines: Sequence[Line]) -> bool:
    """Whether a part of the text says that it is about the unit's key results."""
    return bool(_of(Owner.UNIT, list(_stretches(text, lines))))


def _divided(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    return [line for line in lines if not line.is_units], [line for line in lines if line.is_units]


def _stretches(text: str, lines: Sequence[Line]) -> Iterator[_Stretch]:
    """The text in pieces of one owner each, without the words that say whose; a heading on its own line holds on."""
    folded = fold_in_place(text)
    titles = find_titles(folded, lines)
    start, holding = 0, Owner.BARE
    while start <= len(text):
        end = text.find("\n", start) % (len(text) + 1)  # of the last line the end of the text
        owner = holding = holding if folded[start:end].strip() else Owner.BARE
        at = start
        for head in _HEAD.finditer(folded, start, end):
            is_alone = not folded[start : head.start()].strip() and not folded[head.end() : end].strip()
            if not is_alone and not _leads(folded, head, end, titles):
                continue
            yield _Stretch(owner, text[at : head.start()])
            owner, at = Owner.UNIT if head["unit"] else Owner.OWN, head.end()
            holding = owner if is_alone else holding
        yield _Stretch(owner, text[at:end])
        start = end + 1


def _leads(folded: str, head: re.Match[str], end: int, titles: Sequence[Reference]) -> bool:
    """Whether the word says whose the following key result is, and is not itself the beginning of a title or a note."""
    if any(title.start == head.start() and title.end > head.start("gap") for title in titles):
        return False
    if _BY_NUMBER.match(folded, head.end(), end) or _BY_STATE.match(folded, head.end(), end):
        return True
    at = (_BETWEEN.match(folded, head.end(), end) or head).end()
    is_titled = any(title.start in (head.end(), at) for title in titles)
    return is_titled or (bool(head["gap"]) and folded[head.end() : head.end() + 1].isdigit())


def _of(owner: Owner, stretches: Sequence[_Stretch]) -> str:
    return "\n".join(stretch.text for stretch in stretches if stretch.owner is owner).strip()


def _together(readings: Sequence[Reading], lines: Sequence[Line]) -> Reading:
    """One reading of several; where they differ about a key result, it is asked back.

    和上周一样 of all the others does not unsay what the unit's own line tells.
    """
    current = {line.number: line.current for line in lines}
    entries: dict[int, Entry] = {}
    doubts = [doubt for reading in readings for doubt in reading.doubts]
    for entry in (entry for reading in readings for entry in reading.entries):
        first = entries.setdefault(entry.number, entry)
        if entry.value != first.value and entry.value != current[entry.number]:
            doubts.append(two_entries(entries.pop(entry.number), entry, f"{code_of(entry.number)} {entry.value}"))
    asked = {doubt.number for doubt in doubts}
    kept = sorted((entry for entry in entries.values() if entry.number not in asked), key=lambda entry: entry.number)
    return Reading(tuple(kept), tuple(doubts), is_report=bool(kept or doubts))
