"""The pieces a message is divided into, and whether a figure can belong to a key result."""

from dataclasses import dataclass, field

from domain.report.lexer import Token, split_unit
from domain.report.names import Reference
from domain.report.shapes import Line
from domain.report.words import UNIT_FAMILIES


@dataclass(slots=True)
class Clause:
    """A stretch of text between two separators, with the figures, states and pieces of titles in it."""

    start: int
    end: int
    opens_line: bool
    is_asking: bool
    tokens: list[Token] = field(default_factory=list)
    pieces: list[Reference] = field(default_factory=list)

    @property
    def known(self) -> list[Token | Reference]:
        """All that is understood in it."""
        return [*self.tokens, *self.pieces]


@dataclass(slots=True)
class Part:
    """What one stretch of the message says about one key result, or about one of several that fit the words."""

    start: int
    numbers: frozenset[int]
    end: int
    is_explicit: bool = False
    is_heading: bool = False
    is_unnamed: bool = False
    is_likely: bool = False
    is_asking: bool = False
    is_listed: bool = False
    figures: list[tuple[Token, str]] = field(default_factory=list)
    note: tuple[int, int] | None = None

    def add_note(self, start: int, end: int) -> None:
        """Widens the note to take in [start, end)."""
        self.note = (min(self.note[0], start), end) if self.note else (start, end)
        self.end = max(self.end, end)

    def cut(self, at: int) -> None:
        """Gives up what lies behind `at`: it turned out to open the next part."""
        self.end = min(self.end, at)
        if self.note and self.note[1] > at:
            self.note = (self.note[0], at) if self.note[0] < at else None


@dataclass(slots=True)
class Message:
    """A divided message. `others` is the state told of all key results that no part is about."""

    folded: str
    parts: list[Part]
    others: Token | None = None


def accepts(line: Line, token: Token) -> bool:
    """Whether the figure's unit can be meant in the unit of the key result."""
    if not token.unit:
        return True
    if "%" in (token.unit, line.unit):
        return token.unit == line.unit
    if line.is_milestone and not line.unit:
        return token.unit in ("个", "项")
    return _is_same_unit(split_unit(line.unit.lower())[1], split_unit(token.unit)[1])


def _is_same_unit(ours: str, theirs: str) -> bool:
    """Whether people use the two units for one another."""
    if not ours or theirs in (ours, "个") or ours == "个":
        return True
    if ours in theirs or theirs in ours:
        return True
    return any(ours in family and theirs in family for family in UNIT_FAMILIES)
