"""The three rates, small samples and places."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rates import (
    Counts,
    Rates,
    competition_ranks,
    percent,
    round_half_up,
    shrunk_rate,
    three_rates,
    wilson_interval,
)


def counts(**changed: int) -> Counts:
    vector = {
        "due": 670, "answered": 670, "reached": 670, "solved": 663, "satisfied": 614, "fair": 34, "dissatisfied": 22,
    }  # fmt: skip
    return Counts(**(vector | changed))


def test_the_published_vector() -> None:
    assert three_rates(counts()) == Rates(Decimal("100.00"), Decimal("98.96"), Decimal("94.69"))


def test_approved_exclusions_leave_the_base() -> None:
    excluded = counts(due=700, excluded=30)

    assert excluded.base == 670
    assert three_rates(excluded).response == Decimal("100.00")


def test_the_weight_of_fairly_satisfied_is_a_setting() -> None:
    assert three_rates(counts(), Decimal(1)).satisfaction == Decimal("96.72")
    assert three_rates(counts(), Decimal(0)).satisfaction == Decimal("91.64")


def test_missing_is_not_zero() -> None:
    nothing = Counts(due=0, answered=0, reached=0, solved=0, satisfied=0, fair=0, dissatisfied=0)

    assert three_rates(nothing) == Rates(None, None, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"excluded": 671},
        {"answered": 671},
        {"solved": 671},
        {"satisfied": 615},
        {"excluded": -1},
        {"solved": -1},
        {"dissatisfied": -1},
    ],
)
def test_counts_that_cannot_be_are_refused(changed: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        three_rates(counts(**changed))


@pytest.mark.parametrize("weight", ["-0.1", "1.1"])
def test_a_weight_is_a_share(weight: str) -> None:
    with pytest.raises(ValueError, match="counts"):
        three_rates(counts(), Decimal(weight))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 8, "12.50"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (5, 4000, "0.13"), (0, 5, "0.00")],
)
def test_halves_round_up(part: int, whole: int, expected: str) -> None:
    assert percent(part, whole) == Decimal(expected)


@given(st.fractions(0, 100))
def test_rounding_is_within_half_a_hundredth(value: Fraction) -> None:
    error = Fraction(round_half_up(value)) - value

    assert Fraction(-1, 200) < error <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("successes", "n", "shrunk", "low", "high"),
    [
        (12, 12, "96.88", "75.7", "100.0"),
        (11, 12, "93.75", "64.6", "98.5"),
        (199, 200, "99.09", "97.2", "99.9"),
        (8, 8, "96.43", "67.6", "100.0"),
    ],
)
def test_small_samples_by_the_published_vectors(successes: int, n: int, shrunk: str, low: str, high: str) -> None:
    interval = wilson_interval(successes, n)

    assert shrunk_rate(successes, n, Decimal("0.95")) == Decimal(shrunk)
    assert interval == (Decimal(low), Decimal(high))


def test_who_was_asked_nothing_has_the_groups_rate_and_may_be_anything() -> None:
    assert shrunk_rate(0, 0, Decimal("0.95")) == Decimal("95.00")
    assert wilson_interval(0, 0) == (Decimal("0.0"), Decimal("100.0"))


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate(sample: tuple[int, int]) -> None:
    successes, n = sample
    low, high = wilson_interval(successes, n)

    assert 0 <= low <= round_half_up(Fraction(successes * 100, n), 1) <= high <= 100


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        (["92.41", "91.87", "91.87", "90.00"], [1, 2, 2, 4]),
        (["80", "90", "80.00", "70"], [2, 1, 2, 4]),
        (["1", "1", "1"], [1, 1, 1]),
        ([], []),
    ],
)
def test_equals_share_a_place_and_the_next_is_skipped(scores: list[str], ranks: list[int]) -> None:
    assert competition_ranks([Decimal(score) for score in scores]) == ranks
