"""Grades: how many of a pool may be 优秀, and who is."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

EXCELLENT, COMPETENT = "优秀", "称职"
EXCELLENT_PERCENT = 20


def excellent_places(sizes: Mapping[K, int], percent: Fraction) -> dict[K, int]:
    """How many of each group may be 优秀: `percent` of its size, rounded down.

    Groups too small for one place share theirs: the sum of their sizes gives the places, which go to the largest
    remainders, the bigger group and then the earlier one first.
    """
    share = percent / 100
    given = {group: int(size * share) for group, size in sizes.items()}
    small = [group for group in sizes if not given[group]]
    pooled = int(sum(sizes[group] for group in small) * share)
    # sorted keeps the order of equals; all of them have less than one place, so the size is the remainder.
    for group in sorted(small, key=lambda one: -sizes[one])[:pooled]:
        given[group] = 1
    return given


def grade(places: Mapping[K, int], limit: int, vetoed: frozenset[K]) -> dict[K, str]:
    """The grade of everybody ranked in a group: 优秀 for the first places as far as all who share one fit the limit.

    A veto caps the grade at 称职, and its place under the limit is given to nobody else.
    """
    reached = {place: reached for reached, place in enumerate(sorted(places.values()), 1)}
    within = {one for one, place in places.items() if reached[place] <= limit}
    return {one: EXCELLENT if one in within - vetoed else COMPETENT for one in places}
