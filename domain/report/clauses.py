"""Cuts folded text into clauses and puts every figure and piece of a title into its own."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain

from domain.report import words
from domain.report.lexer import Kind, Token, scan
from domain.report.names import Reference, find_titles
from domain.report.parts import Clause, accepts
from domain.report.shapes import Line

_SEPARATOR = re.compile(r"(?:[\s,;。!?:、()\[\]【】|—…~]|\.(?![0-9]))+")
_REST = re.compile(
    rf"(?<=[^\s,;。、:])(?=(?:{words.REST})(?:的|都|几项|各项|指标|全部|也|均|还是|是)*(?:{words.UNCHANGED}))"
)
_LONGEST_CLAUSE = 120
_MIDDLE = 2  # within a figure or a title, but for its first character
_ASKING = re.compile(words.ASKING)


def cut(folded: str, lines: Sequence[Line]) -> list[Clause]:
    """The clauses in order. A separator inside a figure, a time or a title does not divide."""
    tokens, masks = scan(folded, lines)
    pieces = find_titles(folded, lines)
    tokens = list(_outside_titles(folded, tokens, pieces, {line.number: line for line in lines}))
    spans = chain(masks, ((t.start, t.end) for t in tokens), ((p.start, p.end) for p in pieces))
    clauses = _divide(folded, spans)
    starts = [clause.start for clause in clauses]
    for token in tokens:
        clauses[bisect_right(starts, token.start) - 1].tokens.append(token)
    for piece in pieces:
        clauses[bisect_right(starts, piece.start) - 1].pieces.append(piece)
    return clauses


def _divide(folded: str, whole: Iterable[tuple[int, int]]) -> list[Clause]:
    is_inside = bytearray(len(folded) + 1)
    for start, end in whole:
        is_inside[start:end] = b"\1" + b"\2" * (end - start - 1)
    clauses: list[Clause] = []
    at, before = 0, "\n"
    for found in sorted(chain(_SEPARATOR.finditer(folded + "\n"), _REST.finditer(folded)), key=re.Match.start):
        # A title may end with a separator of its own, and the one behind it divides all the same.
        places = range(found.start(), max(found.end(), found.start() + 1))
        border = next((place for place in places if not is_inside[place]), None)
        if border is None:
            continue
        if border > at:
            asks = "?" in found[0] or bool(_ASKING.search(folded, at, border))
            for start, end in _pieces_of(at, border, is_inside):
                clauses.append(Clause(start, end, "\n" in before and start == at, asks))
        before, at = found[0], found.end()
    return clauses


def _pieces_of(start: int, end: int, is_inside: bytearray) -> Iterable[tuple[int, int]]:
    """The stretch, in several pieces if nobody would say so much in one breath: time stays in step with length."""
    while end - start > _LONGEST_CLAUSE:
        middle = start + _LONGEST_CLAUSE
        while middle < end and is_inside[middle] == _MIDDLE:
            middle += 1
        yield start, middle
        start = middle
    if end > start:
        yield start, end


def _outside_titles(
    folded: str, tokens: Iterable[Token], pieces: Sequence[Reference], lines: dict[int, Line]
) -> Iterable[Token]:
    """Without the figures and states that are part of a title, as in 110接警 or 3·15宣传."""
    index = 0
    for token in tokens:
        while index < len(pieces) and pieces[index].end <= token.start:
            index += 1
        is_told = token.kind is Kind.DONE and folded[token.end : token.end + 1] == "了"
        if (
            is_told
            or index == len(pieces)
            or (
                not _is_in_title(token, pieces[index], lines) and not _spells_title(folded, token, pieces[index], lines)
            )
        ):
            yield token


def _is_in_title(token: Token, piece: Reference, lines: dict[int, Line]) -> bool:
    """A figure with the key result's own unit is a value even where the title has the same words (创建10个示范点)."""
    if (
        not (piece.start <= token.start and token.end <= piece.end)
        or piece.end - piece.start == token.end - token.start
    ):
        return False
    return piece.is_whole_title or not token.unit or not any(accepts(lines[n], token) for n in piece.numbers)


def _spells_title(folded: str, token: Token, piece: Reference, lines: dict[int, Line]) -> bool:
    """Whether the digits are those of the title that follows, as in 315宣传 for 3·15宣传."""
    digits = folded[token.start : token.end]
    titles = ("".join(filter(str.isdigit, lines[number].title)) for number in piece.numbers)
    return token.start < piece.start <= token.end and len(digits) > 1 and digits in titles
