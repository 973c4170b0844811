"""Grades: how many places of a pool are 优秀, and who has one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.grade import COMPETENT, EXCELLENT, excellent_places, grade

TWENTY = Fraction(20)


@pytest.mark.parametrize(
    ("sizes", "given"),
    [
        ({"a": 8, "b": 16}, {"a": 1, "b": 3}),
        ({"a": 9}, {"a": 1}),
        ({"a": 4}, {"a": 0}),
        ({"a": 3, "b": 4, "c": 10}, {"a": 0, "b": 1, "c": 2}),
        ({"a": 4, "b": 4, "c": 2}, {"a": 1, "b": 1, "c": 0}),
        ({}, {}),
    ],
)
def test_places_are_rounded_down_and_small_groups_share_theirs(sizes: dict[str, int], given: dict[str, int]) -> None:
    assert excellent_places(sizes, TWENTY) == given


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 60), max_size=12))
def test_no_pool_has_more_than_its_share(sizes: dict[str, int]) -> None:
    assert sum(excellent_places(sizes, TWENTY).values()) <= sum(sizes.values()) * TWENTY / 100


def test_the_first_places_are_excellent() -> None:
    assert grade({"a": 1, "b": 2, "c": 3}, 2, frozenset()) == {"a": EXCELLENT, "b": EXCELLENT, "c": COMPETENT}


def test_those_who_share_a_place_beyond_the_limit_are_none_of_them_excellent() -> None:
    assert grade({"a": 1, "b": 2, "c": 2}, 2, frozenset()) == {"a": EXCELLENT, "b": COMPETENT, "c": COMPETENT}


def test_a_veto_caps_the_grade_whatever_the_place() -> None:
    assert grade({"a": 1, "b": 2}, 1, frozenset("a")) == {"a": COMPETENT, "b": COMPETENT}
