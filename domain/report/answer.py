"""Reads what a person types instead of pressing one of a doubt's buttons."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.numerals import CHINESE_DIGITS, read_number
from domain.report.divide import divide
from domain.report.names import find_numbered, spelled
from domain.report.read import read_for, read_lines
from domain.report.shapes import UNIT_NUMBERS, Answer, Doubt, DoubtKind, Entry, Line, Option, Outcome
from domain.text import fold

_NAMES_ONE = frozenset({DoubtKind.WHICH_KEY_RESULT, DoubtKind.UNKNOWN_LINE})
_NO = re.compile(
    r"(?:先|还是|就)?(?:不记|别记|不用记?|不要记?|算了|取消|都不是|不是|不对|否|错了|打错了|写错了|不|no)[了吧的]*"
)
_YES = re.compile(r"(?:是|对|嗯+|好|行|可以|没错|确认|确定|ok|yes|y)(?:的|啊|呀|吧|了|滴)?")
_ORDINAL = re.compile(rf"第([0-9]|[{CHINESE_DIGITS}])(?:个|项|条)?|([①-⑨])|([0-9]|[{CHINESE_DIGITS}])")
_FILLING = re.compile(r"^(?:我?说的|应该|就|选)?是?\s*|(?:[那这]一?[个项条]|[吧啊呀的呢])*$")
_SAID_ONCE = re.compile("(?:一[次下])?[吧的啊呀]?$")
_LEAD = re.compile(r"^(?:对|嗯|没错|不是|不对)?[,;。\s]*(?:就是|应该?是|应为|改成|改为|是)\s*")
_DIGIT = re.compile("[0-9]")
_EDGES = " \t\n,;。.!:、~"
_NOT_AN_ANSWER = Answer(Outcome.NOT_AN_ANSWER)


def answer_doubt(doubt: Doubt, text: str, lines: Sequence[Line]) -> Answer:
    """What a normalised reply makes of an open doubt: a label, 是, 不记, 第一个, KR2, 就是5000 or another figure.

    A lone digit picks the button or the key result of that number where a key result was asked for; where a value was
    asked for it is the value, and asked again when it may also mean a button.
    """
    said = fold(text).strip(_EDGES)
    for option in doubt.options:
        if fold(option.label) == said:
            return _choose(doubt, option, lines)
    begun = [option for option in doubt.options if len(said) > 1 and _begins_alike(fold(option.label), said)]
    if len(begun) == 1 and not _DIGIT.search(said):
        return _choose(doubt, begun[0], lines)
    if _NO.fullmatch(said):
        return Answer(Outcome.DROPPED)
    if _YES.fullmatch(said):
        is_yes_or_no = "吗？" in doubt.question and doubt.options[0].number is not None
        return _choose(doubt, doubt.options[0], lines) if is_yes_or_no else Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    if ordinal := _ORDINAL.fullmatch(said):
        return _take_ordinal(doubt, ordinal, lines)
    return _take_name(doubt, text, lines) if doubt.kind in _NAMES_ONE else _take_value(doubt, text, lines)


def _begins_alike(label: str, said: str) -> bool:
    """Whether the words are the beginning of the label, or its first half as it is said: 再加, 再加一次."""
    first, comma, _ = label.partition(",")
    return label.startswith(said) or bool(comma and _SAID_ONCE.sub("", said) == first)


def _choose(doubt: Doubt, option: Option, lines: Sequence[Line]) -> Answer:
    if option.entry:
        return Answer(Outcome.KEPT, entry=option.entry)
    line = next((line for line in lines if line.number == option.number), None)
    return Answer(Outcome.DROPPED) if line is None else _outcome(read_for(doubt.text, line))


def _outcome(reading: Entry | Doubt) -> Answer:
    if isinstance(reading, Entry):
        return Answer(Outcome.KEPT, entry=reading)
    return Answer(Outcome.ASKED_AGAIN, doubt=reading)


def _take_ordinal(doubt: Doubt, ordinal: re.Match[str], lines: Sequence[Line]) -> Answer:
    """第一个 is a button. A lone 2 may be a button, a key result or a value: taken only where it is one of them."""
    sign = ordinal[1] or ordinal[3]
    place = int(read_number(sign) or 0) if sign else int(unicodedata.numeric(ordinal[2]))
    pressed = doubt.options[place - 1 : place] if place else ()
    if not ordinal[3]:
        return _choose(doubt, pressed[0], lines) if pressed else Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    if doubt.kind in _NAMES_ONE:
        meant = {
            *pressed,
            *(option for option in doubt.options if option.number and option.number % UNIT_NUMBERS == place),
        }
        return _choose(doubt, meant.pop(), lines) if len(meant) == 1 else Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    if pressed and all(option.entry is None or option.entry.value != place for option in doubt.options):
        return Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    return _take_value(doubt, sign or "", lines)


def _take_name(doubt: Doubt, text: str, lines: Sequence[Line]) -> Answer:
    """A key result by its number or words of its title and nothing else: what says more is a new report."""
    known = {line.number: line for line in lines}
    said = _FILLING.sub("", fold(text).strip(_EDGES))
    told = find_numbered(said, lines)
    numbers = frozenset[int]().union(*(reference.numbers for reference in told))
    title = said
    for reference in reversed(told):
        title = title[: reference.start] + title[reference.end :]
    if title := title.strip(_EDGES):
        candidates = [known[option.number] for option in doubt.options if option.number in known]
        titled = _titled(title, lines if told else candidates)
        numbers = numbers & titled if told else titled
    if not numbers:
        return _NOT_AN_ANSWER
    if len(numbers) > 1 or len(title) == 1 or not numbers <= known.keys():
        return Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    (number,) = numbers
    offered = {option.number for option in doubt.options}
    if number not in offered and number + UNIT_NUMBERS in offered:  # KR2, where only the unit's was offered
        return Answer(Outcome.ASKED_AGAIN, doubt=doubt)
    return _choose(doubt, next((o for o in doubt.options if o.number == number), Option("", number=number)), lines)


def _titled(words: str, lines: Sequence[Line]) -> frozenset[int]:
    """The key results whose title has all these words in one piece, else those that have them shortened."""
    whole = frozenset(line.number for line in lines if words in fold(line.title))
    return whole or spelled(words, lines)


def _take_value(doubt: Doubt, text: str, lines: Sequence[Line]) -> Answer:
    """Another figure for the same key result; one that was offered is kept although it looks wrong."""
    line = next((line for line in lines if line.number == doubt.number), None)
    if line is None:
        return _NOT_AN_ANSWER
    text = _LEAD.sub("", fold(text))
    message = divide(text, lines)
    named = frozenset[int]().union(*(part.numbers for part in message.parts if not part.is_unnamed))
    if named - {line.number} or not (message.others or any(part.figures for part in message.parts)):
        return _NOT_AN_ANSWER
    if any(part.is_explicit for part in message.parts):
        report = read_lines(text, lines)
        readings: list[Entry | Doubt] = [*report.entries, *report.doubts]
        return _outcome(readings[0]) if readings else _NOT_AN_ANSWER
    reading = read_for(text, line)
    value = reading.value if isinstance(reading, Entry) else _insisted(reading)
    for option in doubt.options:
        if option.entry and option.entry.value == value:
            return _choose(doubt, option, lines)
    before = doubt.options[0].entry
    if isinstance(reading, Entry) and before:
        reading = replace(reading, confidence=reading.confidence or before.confidence, note=reading.note or before.note)
    return _outcome(reading)


def _insisted(doubt: Doubt) -> Decimal | None:
    """The value that a repeated doubt would keep if insisted on."""
    return next((o.entry.value for o in doubt.options if o.entry and o.label.startswith("就是")), None)
