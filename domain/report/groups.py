"""Key results told of together: 35户 KR1, KR1、KR2 都完成, KR1和KR2分别是35户和15件."""

from itertools import pairwise

from domain.report.lexer import SHARED
from domain.report.parts import Message, Part


def name_backwards(message: Message) -> None:
    """35户 KR1: a figure without a name takes the bare number behind it."""
    parts = message.parts
    for part, following in pairwise(tuple(parts)):
        if part.is_unnamed and following.is_explicit and not following.figures and not following.note:
            part.numbers, part.end, part.is_unnamed, part.is_explicit = following.numbers, following.end, False, True
            parts.remove(following)


def share_states(message: Message) -> None:
    """KR1、KR2 都完成: a key result named without a word of its own takes the state of the next one."""
    following: Part | None = None
    for part in reversed(message.parts):
        bare = part.is_explicit and not part.figures and not part.note
        if bare and following and not message.folded[part.end : following.start].strip(" \t、,;和与跟及"):
            part.figures = [pair for pair in following.figures if pair[0].kind in SHARED]
        following = part if part.is_explicit and not part.note else None
