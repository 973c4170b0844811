"""Which of many short texts say the same thing: three or more that are alike make one class of case."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from domain.text import fold

FEWEST = 3
# A text is compared with so many that share two characters with it: some words stand in nearly all of a category.
MOST_SHARING = 40

_ALIKE = 0.6
_NOT_WORDS = re.compile(r"[\W_\d一二两三四五六七八九十百千万]+")
_SHINGLE = 2


@dataclass(frozen=True, slots=True)
class Likeness:
    """Texts that are alike, by their positions; `first` says best what they are about."""

    first: int
    members: tuple[int, ...]


def alike(texts: Sequence[str], fewest: int = FEWEST) -> list[Likeness]:
    """The groups of at least `fewest` texts that are alike, the largest first; a text stands in one group at most.

    Two are alike when, without figures and signs, at least 60 % of their characters agree in order (1 minus the Indel
    distance over both lengths), and they share two characters in a row. Every member is like the group's `first`, so
    that a chain of small differences does not bring strangers together.
    """
    plain = [_NOT_WORDS.sub("", fold(text)) for text in texts]
    near = _neighbours(plain)
    groups: list[Likeness] = []
    taken: set[int] = set()
    for position in sorted(near, key=lambda one: (-len(near[one]), one)):
        members = {position, *near[position]} - taken
        if position not in taken and len(members) >= fewest:
            taken |= members
            groups.append(Likeness(position, tuple(sorted(members))))
    return sorted(groups, key=lambda group: (-len(group.members), group.first))


def _neighbours(plain: Sequence[str]) -> dict[int, set[int]]:
    """For each text the others that are like it."""
    same: dict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(plain):
        if len(text) >= _SHINGLE:
            same[text].append(position)
    near: dict[str, set[str]] = {text: set() for text in same}
    for text, others in _candidates(list(same)).items():
        for other in others:
            if Indel.normalized_similarity(text, other, score_cutoff=_ALIKE):
                near[text].add(other)
                near[other].add(text)
    return {
        position: {one for other in (text, *near[text]) for one in same[other]} - {position}
        for text, positions in same.items()
        for position in positions
    }


def _candidates(texts: Sequence[str]) -> dict[str, set[str]]:
    """For each text those before it that share two characters in a row with it."""
    by_shingle: dict[str, list[str]] = defaultdict(list)
    found: dict[str, set[str]] = {}
    for text in texts:
        shingles = {text[at : at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1)}
        found[text] = {other for shingle in shingles for other in by_shingle[shingle][-MOST_SHARING:]}
        for shingle in shingles:
            by_shingle[shingle].append(text)
    return found
