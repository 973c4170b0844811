"""The three rates of tickets (响应率, 解决率, 满意率), their ranking safe for small samples, and how sure they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

FAIR_WEIGHT = Decimal("0.6")
SHRINKAGE = 20
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Counts:
    """The cases of one group and period.

    `due` fell due in it, `excluded` of these by approval; `answered` of the rest were answered in time, `reached` had
    their requester reached, of whom `solved` confirmed, and so many were satisfied, fairly satisfied or dissatisfied.
    """

    due: int
    answered: int
    reached: int
    solved: int
    satisfied: int
    fair: int
    dissatisfied: int
    excluded: int = 0

    @property
    def base(self) -> int:
        """Due in the period less approved exclusions."""
        return self.due - self.excluded


@dataclass(frozen=True, slots=True)
class Rates:
    """Percentages with two decimals, rounded half up; None where there is nothing to divide by."""

    response: Decimal | None
    resolution: Decimal | None
    satisfaction: Decimal | None


def three_rates(counts: Counts, fair_weight: Decimal = FAIR_WEIGHT) -> Rates:
    """响应率 = answered / base, 解决率 = solved / reached, 满意率 = (满意 + w·基本满意) / reached.

    Refuses counts that cannot be: parts larger than their whole, negative ones, a weight outside 0 to 1.
    """
    _check(counts, fair_weight)
    return Rates(
        response=percent(counts.answered, counts.base),
        resolution=percent(counts.solved, counts.reached),
        satisfaction=percent(counts.satisfied + fair_weight * counts.fair, counts.reached),
    )


def percent(part: int | Decimal, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, two decimals, half up; None when there is no whole."""
    if whole == 0:
        return None
    return round_half_up(Fraction(part) * 100 / whole)


def shrunk_rate(successes: int | Decimal, n: int, group_rate: Decimal | Fraction, m: int = SHRINKAGE) -> Decimal:
    """(s + m·p₀) / (n + m) in percent, two decimals, half up: a small sample is ranked near its group's rate."""
    return round_half_up((Fraction(successes) + m * Fraction(group_rate)) * 100 / (n + m))


def wilson_interval(successes: int | Decimal, n: int, z: float = Z_95) -> tuple[Decimal, Decimal]:
    """The Wilson interval of s/n in percent, one decimal, half up; all of 0 to 100 when nobody was asked.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if n == 0:
        return Decimal("0.0"), Decimal("100.0")
    rate = float(successes) / n
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    low, high = max(centre - half, 0.0), min(centre + half, 1.0)
    return round_half_up(Fraction(low) * 100, 1), round_half_up(Fraction(high) * 100, 1)


def competition_ranks(scores: Sequence[Decimal]) -> list[int]:
    """The places of scores, the highest first, equals sharing one (1, 2, 2, 4); give it the published, rounded ones."""
    places = competition_places(Counter(scores))
    return [places[score] for score in scores]


def competition_places(counts: Mapping[Decimal, int]) -> dict[Decimal, int]:
    """The place of each score, given how many have it."""
    places: dict[Decimal, int] = {}
    before = 0
    for score in sorted(counts, reverse=True):
        places[score] = before + 1
        before += counts[score]
    return places


def round_half_up(value: Fraction, places: int = 2) -> Decimal:
    """A number from 0 up, exact until now, to so many decimals."""
    return Decimal(int(value * 10**places + Fraction(1, 2))).scaleb(-places)


def _check(counts: Counts, fair_weight: Decimal) -> None:
    rated = counts.satisfied + counts.fair + counts.dissatisfied
    parts = (
        (counts.excluded, counts.due),
        (counts.answered, counts.base),
        (counts.solved, counts.reached),
        (rated, counts.reached),
    )
    if any(part > whole for part, whole in parts) or not 0 <= fair_weight <= 1:
        raise ValueError(f"counts that cannot be: {counts}")
    if min(counts.excluded, counts.answered, counts.solved, counts.satisfied, counts.fair, counts.dissatisfied) < 0:
        raise ValueError(f"counts below zero: {counts}")
