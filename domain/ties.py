"""The declared chain that breaks ties: read from 并列规则, and the places it leads to."""

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

from domain.errors import DomainError
from domain.text import normalise

K = TypeVar("K", bound=Hashable)


class Tie(StrEnum):
    """What decides between equal scores, in the order in which the plan names them."""

    VETO = "没有一票否优"
    CORE = "关键指标得分高"
    SATISFACTION = "满意率高"
    OVERDUE = "逾期少"


_WORDS = {
    Tie.VETO: ("否优", "否决"),
    Tie.CORE: ("关键", "KPI", "核心"),
    Tie.SATISFACTION: ("满意",),
    Tie.OVERDUE: ("逾期", "超期", "超时"),
}
_BETWEEN = re.compile(r"\s*(?:→|[-=]*>|[、,;/|\n])\s*")
STAND = ("并列", "不再区分")


def read_ties(text: str) -> tuple[Tie, ...]:
    """The chain that a plan declares, such as 没有一票否优→关键指标得分高→满意率高→逾期少; empty where ties stand.

    Refuses a step that is not recognised, and one that is named twice.
    """
    plain = unicodedata.normalize("NFKC", normalise(text)).upper()
    steps = [step for step in _BETWEEN.split(plain) if step and step not in STAND]
    chain = tuple(_read_step(step) for step in steps)
    for tie in chain:
        if chain.count(tie) > 1:
            raise DomainError(f"“{tie}”写了两次，请只留一个")
    return chain


def _read_step(step: str) -> Tie:
    for tie, words in _WORDS.items():
        if any(word in step for word in words):
            return tie
    raise DomainError(f"不认得“{step}”，可以用 {'→'.join(Tie)}，按先后写")


def places(scores: Mapping[K, Decimal], chain: Sequence[Mapping[K, Fraction]]) -> dict[K, int]:
    """Competition places (1, 2, 2, 4), the highest published score first; ties go through the chain, the higher first.

    A step for which not all of the tied have a figure is passed over. Whom no step tells apart shares a place.
    """
    found: dict[K, int] = {}
    for tied in _by(sorted(scores, key=lambda one: -scores[one]), scores):
        for equals in _break(tied, chain):
            found |= dict.fromkeys(equals, len(found) + 1)
    return found


def _break(tied: list[K], chain: Sequence[Mapping[K, Fraction]]) -> list[list[K]]:
    if len(tied) == 1 or not chain:
        return [tied]
    step, rest = chain[0], chain[1:]
    if any(one not in step for one in tied):
        return _break(tied, rest)
    ordered = sorted(tied, key=lambda one: -step[one])
    return [equals for group in _by(ordered, step) for equals in _break(group, rest)]


def _by(ordered: Sequence[K], values: Mapping[K, Decimal] | Mapping[K, Fraction]) -> list[list[K]]:
    return [list(group) for _, group in groupby(ordered, key=lambda one: values[one])]
