"""Key results told of together: 35户 KR1, KR1、KR2 都完成, KR1和KR2分别是35户和15件."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from domain.report.lexer import FIGURES, SHARED, Token, scan
from domain.report.parts import Message, Part
from domain.report.shapes import Line

_ALONGSIDE = re.compile(r"[ \t、,;/]*(?:和|与|跟|及|以及|[-~到至]|—+)?[ \t、,;/]*")
_TOGETHER = re.compile(r"[ \t]*(?:、|和|与|跟|及|以及)[ \t]*")
_EACH = re.compile(r"都|均|各|全")


def name_backwards(message: Message) -> None:
    """35户 KR1: a figure without a name takes the bare number behind it."""
    parts = message.parts
    for part, following in pairwise(tuple(parts)):
        if part.is_unnamed and following.is_explicit and not following.figures and not following.note:
            part.numbers, part.end, part.is_unnamed, part.is_explicit = following.numbers, following.end, False, True
            parts.remove(following)


def share(message: Message, lines: Sequence[Line]) -> None:
    """KR1、KR2 都完成: key results named without a word of their own take what is said behind the last of them.

    As many figures as names are taken in turn. A name that is left without a value among others with one is asked for.
    """
    group: list[Part] = []
    for index, part in enumerate(message.parts):
        group.append(part)
        following = message.parts[index + 1] if index + 1 < len(message.parts) else None
        if following is None or not _goes_on(part, following, message):
            _share_out(group, message, following.start if following else len(message.folded), lines)
            group = []


def _goes_on(part: Part, following: Part, message: Message) -> bool:
    """Whether a bare name is followed by another one of the same list."""
    is_bare = not part.figures and not part.note and (part.is_explicit or part.is_heading)
    pattern = _ALONGSIDE if part.is_explicit else _TOGETHER
    return is_bare and pattern.fullmatch(message.folded, part.end, max(part.end, following.start)) is not None


def _share_out(group: list[Part], message: Message, until: int, lines: Sequence[Line]) -> None:
    *bare, last = group
    if not bare:
        return
    start = last.end if not last.figures else last.start
    tokens, _ = scan(message.folded[start:until], lines)
    figures = [_moved(token, start) for token in tokens if token.kind in FIGURES]
    if len(figures) == len(group):
        for part, token in zip(group, figures, strict=True):
            part.figures, part.note = [(token, "")], None
        return
    is_each = last.figures and _EACH.search(message.folded, last.start, last.figures[0][0].start)
    for part in bare:
        part.figures = [pair for pair in last.figures if pair[0].kind in SHARED or is_each]
        part.is_listed = bool(last.figures) and bool(message.folded[part.end : last.start].strip(" \t"))


def _moved(token: Token, by: int) -> Token:
    return replace(token, start=token.start + by, end=token.end + by)
