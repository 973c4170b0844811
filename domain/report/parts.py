"""Divides a message into parts, one key result each, and gives every figure, state and note to one of them."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.report import words
from domain.report.lexer import FIGURES, Kind, Token, scan, split_unit
from domain.report.names import Reference, find_numbered, find_titles, guess
from domain.report.shapes import Line
from domain.text import fold_in_place

_SEPARATOR = re.compile(r"(?:[\s,;。!?:、()\[\]【】|—…~]|\.(?![0-9]))+")
_ROLES = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in words.ROLES))
_NO_NEWS = re.compile(f"{words.FUNCTION_WORDS}|" + "|".join(f"(?:{pattern})" for _, pattern in words.ROLES))
_CONFIDENCE = re.compile("|".join(f"(?:{pattern})" for _, pattern in words.CONFIDENCES))
_LABELS = frozenset(confidence.value for confidence, _ in words.CONFIDENCES)
_REASON = re.compile(words.REASONS)
_GLOBAL = re.compile(f"{words.REST}|{words.EVERY}")
_REST = re.compile(words.REST)
_ASKING = re.compile(r"(?:吗|么|对不对|对不|行不|是不是.*|多少)$")
_HEADING_LENGTH = 12
_LONG_LEAD = 5  # characters before a figure that are worth keeping with the note


@dataclass(slots=True)
class Part:
    """What one stretch of the message says about one key result, or about one of several that fit the words."""

    start: int
    numbers: frozenset[int]
    is_explicit: bool = False
    end: int = 0
    figures: list[tuple[Token, str]] = field(default_factory=list)
    note: tuple[int, int] | None = None
    is_asking: bool = False
    is_heading: bool = False

    def add_note(self, start: int, end: int) -> None:
        """Widens the note to take in [start, end)."""
        self.note = (min(self.note[0], start), end) if self.note else (start, end)
        self.end = max(self.end, end)


@dataclass(slots=True)
class Clause:
    """A stretch of text between two separators."""

    start: int
    end: int
    opens_line: bool
    is_asking: bool
    tokens: list[Token] = field(default_factory=list)
    pieces: list[Reference] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """A divided message. `others` is the state told of all key results that no part is about."""

    folded: str
    parts: list[Part]
    others: Token | None = None


def divide(text: str, lines: Sequence[Line]) -> Message:
    """The parts of a normalised report text."""
    return _Divider(text, lines).run()


def accepts(line: Line, token: Token) -> bool:
    """Whether the figure's unit can be meant in the unit of the key result."""
    if not token.unit:
        return True
    if "%" in (token.unit, line.unit):
        return token.unit == line.unit
    return same_unit(split_unit(line.unit.lower())[1], split_unit(token.unit)[1])


def same_unit(ours: str, theirs: str) -> bool:
    """Whether people use the two units for one another."""
    if not ours or theirs in (ours, "个") or ours == "个":
        return True
    if ours in theirs or theirs in ours:
        return True
    return any(ours in family and theirs in family for family in words.UNIT_FAMILIES)


class _Divider:
    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.lines = {line.number: line for line in lines}
        # A full-width comma divides; only a half-width one can group thousands.
        folded = fold_in_place(text.replace("，", "；"))
        self.numbered = find_numbered(folded, lines)
        for reference in self.numbered:
            folded = folded[: reference.start] + "\t" * (reference.end - reference.start) + folded[reference.end :]
        self.folded = folded
        self.message = Message(folded, [])
        self.part: Part | None = None
        self.heading: Clause | None = None

    def run(self) -> Message:
        references = iter(self.numbered)
        reference = next(references, None)
        for clause in self._clauses():
            while reference and reference.start < clause.start:
                self._open(Part(reference.start, reference.numbers, is_explicit=True, end=reference.end))
                reference = next(references, None)
            self._take(clause)
        while reference:
            self._open(Part(reference.start, reference.numbers, is_explicit=True, end=reference.end))
            reference = next(references, None)
        return self.message

    def _clauses(self) -> list[Clause]:
        tokens, masks = scan(self.folded, list(self.lines.values()))
        pieces = find_titles(self.folded, list(self.lines.values()))
        tokens = _outside_titles(tokens, pieces, self.lines)
        whole = bytearray(len(self.folded))
        for start, end in [*masks, *((t.start, t.end) for t in tokens), *((p.start, p.end) for p in pieces)]:
            whole[start:end] = b"\1" * (end - start)
        clauses, at = [], 0
        before = "\n"
        for found in _SEPARATOR.finditer(self.folded + "\n"):
            if found.start() < len(whole) and whole[found.start()]:
                continue
            if found.start() > at:
                asks = "?" in found[0] or bool(_ASKING.search(self.folded, at, found.start()))
                clauses.append(Clause(at, found.start(), "\n" in before, asks))
            before, at = found[0], found.end()
        _deal(clauses, tokens, pieces)
        return clauses

    def _open(self, part: Part) -> Part:
        self.message.parts.append(part)
        self.part, self.heading = part, None
        return part

    def _take(self, clause: Clause) -> None:
        if not clause.tokens:
            self._take_words(clause)
            return
        if self._is_about_others(clause):
            self.message.others = clause.tokens[0]
            return
        part, at = None, clause.start
        items: list[Token | Reference] = [*clause.tokens, *clause.pieces]
        items.sort(key=lambda item: item.start)
        pending: list[Reference] = []
        for index, item in enumerate(items):
            if isinstance(item, Reference):
                pending.append(item)
                continue
            names = pending or (_following(items, index) if part is None else [])
            owner = self._owner(item, names, clause, part)
            if owner is None:
                continue
            self._give(owner, item, clause, at)
            part, at, pending = owner, item.end, []
        if part is None:
            self._take_note(clause.start, clause.end)
        elif _is_note(self.folded[at : clause.end]):
            part.add_note(at, clause.end)

    def _take_words(self, clause: Clause) -> None:
        """A clause without a figure: a heading, or a piece of the note."""
        words_left = self._bare(clause.start, clause.end, clause.pieces)
        is_open = self.part is None or bool(self.part.figures)
        names = _named(clause.pieces)
        if names and not words_left:
            if is_open or (self.part and not self.part.is_explicit):
                self._open(Part(clause.start, names, end=clause.end, is_heading=True))
            elif self.part and not self.part.numbers & names:
                self.part.numbers |= names
            return
        if is_open and len(words_left) <= _HEADING_LENGTH and not _CONFIDENCE.search(words_left):
            self.heading = clause
        self._take_note(clause.start, clause.end)

    def _take_note(self, start: int, end: int) -> None:
        if self.part and _is_note(self.folded[start:end]):
            self.part.add_note(start, end)
        elif self.part:
            self.part.end = end

    def _is_about_others(self, clause: Clause) -> bool:
        text = self.folded[clause.start : clause.end]
        if clause.pieces or len(clause.tokens) > 1:
            return False
        if clause.tokens[0].kind is Kind.UNCHANGED:
            return self.part is None or bool(_REST.search(text)) or bool(self.part.figures and _GLOBAL.search(text))
        return clause.tokens[0].kind is Kind.DONE and self.part is None and bool(_GLOBAL.search(text))

    def _owner(self, token: Token, names: list[Reference], clause: Clause, part: Part | None) -> Part | None:
        """The part a figure belongs to; None when it is only a piece of a note."""
        current = self.part
        numbers = self._fitting(_named(names), token)
        if not numbers:
            return part or self._owner_without_name(token, clause)
        if current and not current.figures and current.is_explicit:
            if not current.numbers & numbers and not self._only_fits(current, numbers, token):
                current.numbers |= numbers
            return current
        if current and current.numbers & numbers and (current.is_heading and not current.figures):
            current.numbers &= numbers
            return current
        if current and current.numbers == numbers:
            return current if self._is_value(token, clause, current) else None
        if self._role(clause.start, token.start) == "part" and current:
            return None
        return self._open(Part(clause.start if part is None else names[0].start, numbers, end=clause.end))

    def _owner_without_name(self, token: Token, clause: Clause) -> Part | None:
        current = self.part
        if current and not current.figures:
            return current
        lead = self._bare(clause.start, token.start, ())
        if current is None or clause.opens_line:
            named = lead or (self._bare(self.heading.start, self.heading.end, ()) if self.heading else "")
            return self._open_guessed(token, clause, named)
        if self.heading and not lead:
            heading = self.heading
            numbers = self._guess(self._bare(heading.start, heading.end, ()), token)
            if numbers:
                current.note = None if current.note and current.note[0] >= heading.start else current.note
                return self._open(Part(heading.start, numbers, end=clause.end))
        return current if self._is_value(token, clause, current) else None

    def _open_guessed(self, token: Token, clause: Clause, named: str) -> Part | None:
        """A part found by looser likeness, or one without any key result when a figure stands on its own line."""
        numbers = self._guess(named, token) if named else frozenset(self.lines)
        if not numbers and self.part and not self._looks_like_item(clause, token):
            return self.part if self._is_value(token, clause, self.part) else None
        start = self.heading.start if self.heading else clause.start
        return self._open(Part(start, self._fitting(numbers, token), end=clause.end))

    def _looks_like_item(self, clause: Clause, token: Token) -> bool:
        lead = self._bare(clause.start, token.start, ())
        return (
            bool(lead)
            and len(lead) <= _HEADING_LENGTH
            and not _is_note(self.folded[token.end : clause.end])
            and (token.kind in FIGURES and not _REASON.match(self.folded[clause.start : token.start]))
        )

    def _guess(self, named: str, token: Token) -> frozenset[int]:
        if not named or len(named) > _HEADING_LENGTH:
            return frozenset()
        return self._fitting(guess(named, list(self.lines.values())), token)

    def _fitting(self, numbers: frozenset[int], token: Token) -> frozenset[int]:
        """Those whose unit takes the figure, or all of them if none does."""
        return frozenset(number for number in numbers if accepts(self.lines[number], token)) or numbers

    def _only_fits(self, current: Part, numbers: frozenset[int], token: Token) -> bool:
        """Whether the unit speaks for the numbered key result and against the one the words resemble."""
        fits = {
            number: number in self.lines and accepts(self.lines[number], token) for number in current.numbers | numbers
        }
        return bool(token.unit) and any(fits[n] for n in current.numbers) and not any(fits[n] for n in numbers)

    def _is_value(self, token: Token, clause: Clause, part: Part) -> bool:
        """Whether a later figure is about the key result itself and not a detail of the note."""
        if token.kind in FIGURES and not any(accepts(self.lines[n], token) for n in part.numbers if n in self.lines):
            return False
        spans = clause.pieces
        if token.kind not in FIGURES:
            return not self._bare(clause.start, clause.end, spans, clause.tokens)
        tail = self._bare(token.end, clause.end, spans, clause.tokens)
        role = self._role(clause.start, token.start)
        if role == "part" or len(tail) > 1:
            return False
        return bool(role or token.sign) or not self._bare(clause.start, token.start, spans, clause.tokens)

    def _give(self, part: Part, token: Token, clause: Clause, at: int) -> None:
        role = self._role(at, token.start)
        lead = self._bare(at, token.start, clause.pieces, clause.tokens)
        if len(lead) >= _LONG_LEAD:
            part.add_note(at, token.end)
        part.figures.append((token, role))
        part.is_asking = part.is_asking or clause.is_asking
        part.end = max(part.end, token.end)
        self.heading = None

    def _role(self, start: int, end: int) -> str:
        last = ""
        for found in _ROLES.finditer(self.folded, start, end):
            last = found.lastgroup or ""
        return last

    def _bare(self, start: int, end: int, pieces: Sequence[Reference], tokens: Sequence[Token] = ()) -> str:
        """What is left of the text without titles, figures and words that carry no news."""
        text = list(self.folded[start:end])
        for item in (*pieces, *tokens):
            for at in range(max(item.start, start), min(item.end, end)):
                text[at - start] = " "
        left = _NO_NEWS.sub("", _CONFIDENCE.sub("", "".join(text)))
        return "".join(filter(str.isalnum, left))


def _named(pieces: Sequence[Reference]) -> frozenset[int]:
    """The key results all the pieces fit, else those any of them fits; a whole title outweighs pieces."""
    pieces = [piece for piece in pieces if piece.is_whole_title] or list(pieces)
    if not pieces:
        return frozenset()
    return frozenset.intersection(*(piece.numbers for piece in pieces)) or frozenset().union(
        *(piece.numbers for piece in pieces)
    )


def _following(items: Sequence[Token | Reference], index: int) -> list[Reference]:
    names: list[Reference] = []
    for item in items[index + 1 :]:
        if isinstance(item, Token):
            break
        names.append(item)
    return names


def _is_note(text: str) -> bool:
    stripped = text.strip(" \t,;。.!:、()")
    return stripped not in _LABELS and bool("".join(filter(str.isalnum, re.sub(words.FUNCTION_WORDS, "", stripped))))


def _outside_titles(tokens: list[Token], pieces: list[Reference], lines: dict[int, Line]) -> list[Token]:
    """Without the figures and states that are part of a title, as in 110接警 or 3·15宣传."""
    kept, index = [], 0
    for token in tokens:
        while index < len(pieces) and pieces[index].end <= token.start:
            index += 1
        piece = pieces[index] if index < len(pieces) else None
        covers = (
            piece
            and piece.start <= token.start
            and token.end <= piece.end
            and (piece.end - piece.start) > (token.end - token.start)
        )
        if (
            piece
            and covers
            and not (
                token.unit
                and not piece.is_whole_title
                and any(accepts(lines[number], token) for number in piece.numbers)
            )
        ):
            continue
        kept.append(token)
    return kept


def _deal(clauses: list[Clause], tokens: list[Token], pieces: list[Reference]) -> None:
    """Puts every token and piece into its clause."""
    starts = [clause.start for clause in clauses]
    for token in tokens:
        clauses[bisect_right(starts, token.start) - 1].tokens.append(token)
    for piece in pieces:
        clauses[bisect_right(starts, piece.start) - 1].pieces.append(piece)
