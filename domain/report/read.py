"""Reads a whole message: what may be kept at once, and what must be asked back."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.okr import Confidence
from domain.report import words
from domain.report.amounts import amount_of
from domain.report.choose import Amount, Unclear
from domain.report.divide import divide
from domain.report.figures import figure, plain, tidy
from domain.report.groups import name_backwards, share
from domain.report.lexer import FIGURES, Kind, Token, split_unit
from domain.report.parts import Message, Part, accepts
from domain.report.plausible import check
from domain.report.shapes import UNIT_NUMBERS, Doubt, DoubtKind, Entry, Line, Option, Reading, code_of
from domain.report.subjects import foreign_rate, is_title_and_figure, names_other

LONGEST_MESSAGE = 2048  # characters; WeCom lets nobody send more
NOTHING = Option("不记")
_MOST_OPTIONS = 5
_LONGEST_LABEL = 14
_LONGEST_QUOTE = 40
_QUESTION = re.compile(words.QUESTION_START)
_ASKING = re.compile(words.QUESTION_ANYWHERE)
_CONFIDENCE = re.compile("|".join(f"(?P<{confidence.name}>{pattern})" for confidence, pattern in words.CONFIDENCES))
_FROM_TO = re.compile(r"[0-9%][^\s0-9]{0,3}\s*(?:→|⇒|->|=>)\s*[-+]?[0-9]")
_WEIGHT = re.compile(r"权重\s*[:：=]?\s*[0-9]")
_EDGES = " \t\n,，;；。.!！:：、()（）[]【】|"


def read_lines(text: str, lines: Sequence[Line]) -> Reading:
    """What a normalised message says about these key results.

    A number of this week alone (本周走访12户) is added to the latest value of a rising count. A percentage of a target
    counted from zero is taken exactly, 75% of 50 户 being 37.5. Figures that can mean two things become doubts.
    """
    if not lines or len(text) > LONGEST_MESSAGE or _QUESTION.match(text):
        return Reading((), (), is_report=False)
    message = divide(text, lines)
    if not message.others and not any(part.figures for part in message.parts) and _ASKING.search(text):
        return Reading((), (), is_report=False)
    name_backwards(message)
    share(message, lines)
    known = {line.number: line for line in lines}
    found: list[tuple[Entry | Doubt, str]] = []
    alone = len(message.parts) == 1 and message.others is None
    for index, part in enumerate(message.parts):
        until = message.parts[index + 1].start if index + 1 < len(message.parts) else len(text)
        says_more = part.note or _confidence(part, text, message)
        if part.figures or part.is_listed or (part.is_explicit and says_more) or alone:
            reading = _read_part(part, text[:until], message, known)
            found.append((reading, text[part.start : part.end].strip(_EDGES)))
    entries, doubts = _merged(found)
    if message.others:
        entries += _read_others(message.others, {*(e.number for e in entries), *(d.number for d in doubts)}, lines)
    is_named = any(part.is_explicit or part.numbers for part in message.parts)
    if not entries and not is_named and not _is_unknown_alone(message, lines):
        return Reading((), (), is_report=False)
    has_figure = any(token.kind in FIGURES for part in message.parts for token, _ in part.figures)
    is_nameless = not entries and all(part.is_unnamed for part in message.parts)
    if is_nameless and not (has_figure and any(map(_has_entry, doubts))):
        return Reading((), (), is_report=False)
    entries.sort(key=lambda entry: entry.number)
    return Reading(tuple(entries), tuple(doubts), is_report=bool(entries or doubts))


def _is_unknown_alone(message: Message, lines: Sequence[Line]) -> bool:
    """Whether the message is one sentence that tells a figure of something that is no key result of the person."""
    figures = [token for part in message.parts for token, _ in part.figures]
    is_asking = any(part.is_asking for part in message.parts)
    return len(figures) == 1 and not is_asking and is_title_and_figure(message.folded, figures[0], lines)


def read_for(text: str, line: Line) -> Entry | Doubt:
    """The fragment read again, now that its key result is known."""
    message = divide(text, [line])
    figures = [pair for part in message.parts for pair in part.figures]
    if message.others:
        figures.append((message.others, ""))
    note = next((part.note for part in message.parts if part.note), None)
    whole = Part(0, frozenset((line.number,)), len(text), figures=figures, note=note)
    return _read_line(whole, text, message, line)


def _read_part(part: Part, text: str, message: Message, known: dict[int, Line]) -> Entry | Doubt:
    lines = [known[number] for number in sorted(part.numbers) if number in known]
    if len(lines) == 1 and len(part.numbers) == 1 and _is_sure(part, lines[0], known):
        reading = _read_line(part, text, message, lines[0])
        if isinstance(reading, Doubt) or not _is_called_otherwise(part, message, lines[0]):
            return reading
    if part.is_explicit and not lines:
        return _unknown(part, text, message, known, f"没有 {code_of(min(part.numbers))} 这一项")
    if not lines:
        return _unknown(part, text, message, known, "有一句没对上")
    fragment = _plan(part, text) or text[part.start : max(part.end, part.start)].strip(_EDGES)
    if len(lines) == 1:
        question = f"“{_quote(fragment)}”说的是 {lines[0].code} {lines[0].title} 吗？先没记。"
    else:
        question = f"“{_quote(fragment)}”对得上{_count(len(lines))}项，是哪一项？"
    return Doubt(DoubtKind.WHICH_KEY_RESULT, question, _candidates(part, text, message, lines), fragment)


def _is_sure(part: Part, line: Line, known: dict[int, Line]) -> bool:
    """Whether the words name the key result; a bare figure does by the very unit of only one, or where there is only one."""
    if part.is_likely or not part.is_unnamed or len(known) == 1:
        return not part.is_likely
    return all(token.unit and token.unit == split_unit(line.unit)[1] for token, _ in part.figures)


def _is_called_otherwise(part: Part, message: Message, line: Line) -> bool:
    return part.is_explicit and bool(part.figures) and names_other(message.folded, part.start, part.figures[0][0], line)


def _plan(part: Part, text: str) -> str:
    """The line of a plan (入户走访 0→50 户 权重2) that the part stands in; it tells no value."""
    before, rest = text[: part.start].rpartition("\n")[2], text[part.start :].partition("\n")[0]
    return (before + rest).strip(_EDGES) if _FROM_TO.search(rest) and _WEIGHT.search(before + rest) else ""


def _read_line(part: Part, text: str, message: Message, line: Line) -> Entry | Doubt:
    """The part as a report on this key result."""
    if plan := _plan(part, text):
        unit = "" if line.unit == "%" else line.unit
        question = f"“{_quote(plan)}”像是在定目标，先没记。{line.code} 现在到多少{unit}了？"
        return Doubt(DoubtKind.NO_VALUE, question, (NOTHING,), plan, line.number)
    confidence, note = _confidence(part, text, message), _note(part, text)
    amount = amount_of(part.figures, line)
    unclear = amount if isinstance(amount, Unclear) else check(amount, line)
    if unclear is None and part.is_asking and isinstance(amount, Amount):
        value = amount.value
        said = "完成" if line.is_milestone and value == line.target else f" {figure(line, value)}"
        question = f"{line.code} {line.title} 记成{said}吗？先没记。"
        unclear = Unclear(DoubtKind.ASKED, question, ((f"记{said}", value),))
    if unclear is None and isinstance(amount, Amount):
        return Entry(line.number, tidy(amount.value), confidence, note)
    assert unclear is not None
    options = tuple(
        Option(label, Entry(line.number, tidy(value), confidence, note), line.number)
        for label, value in unclear.choices
    )
    fragment = text[part.start : part.end].strip(_EDGES)
    return Doubt(unclear.kind, unclear.question, (*options, NOTHING), fragment, line.number)


def _unknown(part: Part, text: str, message: Message, known: dict[int, Line], what: str) -> Doubt:
    fragment = _plan(part, text) or text[part.start : part.end].strip(_EDGES)
    have = f"（{_numbers_of(known)}）" if part.is_explicit and len(known) > 1 else ""
    question = f"{what}{have}，“{_quote(fragment)}”先没记。是哪一项？"
    units = known.get(min(part.numbers, default=0) + UNIT_NUMBERS)
    maybe = [units] if part.is_explicit and units else known.values()
    lines = [line for line in maybe if all(accepts(line, token) for token, _ in part.figures)]
    if part.figures and foreign_rate(message.folded, part.start, part.figures[0][0].start, ()):
        lines = [line for line in lines if line.unit == "%"]
    lines = lines if len(lines) <= _MOST_OPTIONS else []
    options = _candidates(part, text, message, lines) if part.figures else _run_together(part, known)
    return Doubt(DoubtKind.UNKNOWN_LINE, question, options, fragment)


def _numbers_of(known: dict[int, Line]) -> str:
    own = [number for number in known if number < UNIT_NUMBERS] or list(known)
    return f"现在有 {code_of(min(own))} 到 KR{max(own) % UNIT_NUMBERS}"


def _run_together(part: Part, known: dict[int, Line]) -> tuple[Option, ...]:
    """KR135 may be KR1 with 35 typed without a space."""
    number = min(part.numbers, default=0)
    digits = str(number % UNIT_NUMBERS)
    alike = [line for line in known.values() if line.is_units == (number > UNIT_NUMBERS)]
    split = [(line, digits.removeprefix(str(line.number % UNIT_NUMBERS))) for line in alike]
    guesses = [
        Option(f"{line.code} 是 {figure(line, Decimal(rest))}", Entry(line.number, Decimal(rest)), line.number)
        for line, rest in split
        if rest not in ("", digits) and check(Amount(Decimal(rest)), line) is None
    ]
    return (*guesses, NOTHING)


def _candidates(part: Part, text: str, message: Message, lines: Sequence[Line]) -> tuple[Option, ...]:
    """A button for each key result that it may be, if they fit on the screen."""
    options = []
    for line in lines[:_MOST_OPTIONS]:
        reading = _read_line(part, text, message, line)
        label = f"{line.code} {line.title}"
        label = label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
        options.append(Option(label, reading if isinstance(reading, Entry) else None, line.number))
    return (*options, NOTHING)


def _read_others(state: Token, told: set[int | None], lines: Sequence[Line]) -> list[Entry]:
    """Of those not told: 和上周一样 is said of all; that everything is done, of the person's own where there are any."""
    unchanged = state.kind is Kind.UNCHANGED
    own = [line for line in lines if not line.is_units]
    lines = lines if unchanged or not own else own
    return [Entry(line.number, line.current if unchanged else line.target) for line in lines if line.number not in told]


def _has_entry(doubt: Doubt) -> bool:
    return any(option.entry for option in doubt.options)


def _merged(found: Sequence[tuple[Entry | Doubt, str]]) -> tuple[list[Entry], list[Doubt]]:
    """One entry per key result; two that differ become a doubt."""
    entries: dict[int, Entry] = {}
    doubts: list[Doubt] = []
    for item, fragment in found:
        if isinstance(item, Doubt):
            doubts.append(item)
        elif item.number in entries and entries[item.number].value != item.value:
            doubts.append(two_entries(entries[item.number], item, fragment))
        else:
            entries[item.number] = _joined(entries.get(item.number, item), item)
    for doubt in tuple(doubts):
        first = entries.get(doubt.number or 0)
        if first and doubt.kind is DoubtKind.NO_VALUE and doubt.options[0].entry:
            entries[first.number] = _joined(first, doubt.options[0].entry)
            doubts.remove(doubt)
        elif first:
            entries.pop(first.number)
    return list(entries.values()), doubts


def _joined(first: Entry, second: Entry) -> Entry:
    return replace(first, confidence=second.confidence or first.confidence, note=first.note or second.note)


def two_entries(first: Entry, second: Entry, fragment: str) -> Doubt:
    """The question which of two values of one key result counts."""
    options = tuple(Option(f"是 {plain(entry.value)}", entry, entry.number) for entry in (first, second))
    question = (
        f"{code_of(first.number)} 写了两个数：{plain(first.value)} 和 {plain(second.value)}，先没记。以哪个为准？"
    )
    return Doubt(DoubtKind.TWO_VALUES, question, (*options, NOTHING), fragment, first.number)


def _confidence(part: Part, text: str, message: Message) -> Confidence | None:
    last = None
    for found in _CONFIDENCE.finditer(message.folded, part.start, max(part.end, part.start)):
        last = found.lastgroup
    return Confidence[last] if last else None


def _note(part: Part, text: str) -> str:
    if part.note is None:
        return ""
    note = text[part.note[0] : part.note[1]].strip(_EDGES).removeprefix("了").strip(_EDGES)
    return "" if note == "没" else note  # of 完成了没


def _quote(fragment: str) -> str:
    return fragment if len(fragment) <= _LONGEST_QUOTE else fragment[:_LONGEST_QUOTE] + "…"


def _count(number: int) -> str:
    return {2: "两", 3: "三", 4: "四", 5: "五"}.get(number, f" {number} ")
