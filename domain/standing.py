"""Where a rate stands among comparable ones: pulled towards the group's where cases are few, with an interval and a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.rates import competition_ranks, shrunk_rate, wilson_interval


@dataclass(frozen=True, slots=True)
class Standing:
    """The rate that is ranked and the ends of its Wilson 95 % interval, in percent, and the place from 1."""

    fair: Decimal
    low: Decimal
    high: Decimal
    place: int


def standings(samples: Sequence[tuple[int | Decimal, int]]) -> list[Standing | None]:
    """The standing of each (successes, cases) within the group they form; None for those without cases.

    They are ranked by (s + m·p₀) / (n + m), p₀ being the rate of all of them together, so that one lucky case leads no
    list; equals share a place (1, 2, 2, 4).
    """
    cases = sum(n for _, n in samples)
    if not cases:
        return [None for _ in samples]
    group = sum((Fraction(successes) for successes, _ in samples), Fraction()) / cases
    fair = [shrunk_rate(successes, n, group) for successes, n in samples if n]
    places = iter(zip(fair, competition_ranks(fair), strict=True))
    found: list[Standing | None] = []
    for successes, n in samples:
        if not n:
            found.append(None)
            continue
        rate, place = next(places)
        found.append(Standing(rate, *wilson_interval(successes, n), place))
    return found
