"""What the words around a figure say: its role, and whether they are news or only filling."""

import re
from collections.abc import Sequence

from domain.report import words
from domain.report.lexer import Token
from domain.report.names import Reference

_ROLES = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in words.ROLES))
_PLANS = re.compile(words.PLANS)
_FILLING = re.compile(f"{words.FUNCTION_WORDS}|" + "|".join(f"(?:{pattern})" for _, pattern in words.ROLES))
_FUNCTION_WORDS = re.compile(words.FUNCTION_WORDS)
_CONFIDENCE = re.compile("|".join(f"(?:{pattern})" for _, pattern in words.CONFIDENCES))
_LABELS = frozenset(confidence.value for confidence, _ in words.CONFIDENCES)
_SHORTEST_NOTE = 2
_REASON = re.compile(words.REASONS)


def role_of(folded: str, start: int, end: int) -> str:
    """What the figure that begins at `end` is: total, week, increase …; a plan, or what the last word before it says."""
    if _PLANS.search(folded, start, end):
        return "plan"
    roles = [found.lastgroup or "" for found in _ROLES.finditer(folded, start, end)]
    if "total" in roles and roles[-1] in ("day", "week", "month"):  # 截至今天
        return "total"
    return roles[-1] if roles else ""


def residue(folded: str, start: int, end: int, known: Sequence[Token | Reference] = ()) -> str:
    """The letters left without what is understood already and without words that carry no news."""
    kept, at = [], start
    for item in sorted(known, key=lambda item: item.start):
        if item.end > at and item.start < end:
            kept.append(folded[at : max(at, item.start)])
            at = item.end
    kept.append(folded[at : max(at, end)])
    text = _FILLING.sub("", _CONFIDENCE.sub("", " ".join(kept)))
    return "".join(filter(str.isalnum, text))


def is_note(text: str) -> bool:
    """Whether the words are worth keeping: not mere filling, and not the name of a confidence."""
    stripped = text.strip(" \t,;。.!:、()")
    says_something = any(map(str.isalnum, _FUNCTION_WORDS.sub("", stripped)))
    return says_something and stripped not in _LABELS and sum(map(str.isalnum, stripped)) >= _SHORTEST_NOTE


def sounds_sure(text: str) -> bool:
    """Whether the words tell a confidence."""
    return _CONFIDENCE.search(text) is not None


def gives_reason(text: str) -> bool:
    """Whether the words begin like an explanation."""
    return _REASON.match(text) is not None
