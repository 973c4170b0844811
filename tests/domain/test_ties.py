"""Tie chains: how they are read, and the places they lead to."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.ties import Tie, places, read_ties


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("", ()),
        ("并列", ()),
        ("没有一票否优→关键指标得分高→满意率高→逾期少", tuple(Tie)),
        ("逾期少、满意率高", (Tie.OVERDUE, Tie.SATISFACTION)),
        ("KPI核心高 > 超期更少；否决", (Tie.CORE, Tie.OVERDUE, Tie.VETO)),
        ("无一票否优->kpi得分高", (Tie.VETO, Tie.CORE)),
    ],
)
def test_a_chain_is_read_in_the_order_written(text: str, chain: tuple[Tie, ...]) -> None:
    assert read_ties(text) == chain


@pytest.mark.parametrize(
    ("text", "cure"), [("满意率高→发言多", "不认得“发言多”"), ("满意率高、满意度高", "“满意率高”写了两次")]
)
def test_what_is_not_recognised_is_refused(text: str, cure: str) -> None:
    with pytest.raises(DomainError, match=cure):
        read_ties(text)


def scores(**given: str) -> dict[str, Decimal]:
    return {name: Decimal(score) for name, score in given.items()}


def test_places_are_shared_and_the_next_one_is_left_out() -> None:
    assert places(scores(a="90", b="80", c="90", d="70"), []) == {"a": 1, "c": 1, "b": 3, "d": 4}


def test_a_chain_tells_the_tied_apart_step_by_step() -> None:
    core = {"a": Fraction(5), "b": Fraction(5), "c": Fraction(6)}
    satisfaction = {"a": Fraction(1), "b": Fraction(2), "c": Fraction(0)}

    assert places(scores(a="90", b="90", c="90", d="95"), [core, satisfaction]) == {"d": 1, "c": 2, "b": 3, "a": 4}


def test_whom_no_step_tells_apart_share_a_place() -> None:
    core = {"a": Fraction(5), "b": Fraction(5), "c": Fraction(4)}

    assert places(scores(a="90", b="90", c="90"), [core]) == {"a": 1, "b": 1, "c": 3}


def test_a_step_that_one_of_the_tied_has_no_figure_for_is_passed_over() -> None:
    core, satisfaction = {"a": Fraction(9)}, {"a": Fraction(1), "b": Fraction(2)}

    assert places(scores(a="90", b="90"), [core, satisfaction]) == {"b": 1, "a": 2}


def test_nobody_is_nobody() -> None:
    assert places({}, []) == {}


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=8), st.randoms())
def test_places_do_not_depend_on_the_order(given: dict[str, tuple[int, int]], random: Random) -> None:
    shuffled = list(given)
    random.shuffle(shuffled)
    chain = [{name: Fraction(step) for name, (_, step) in given.items()}]

    one = places({name: Decimal(score) for name, (score, _) in given.items()}, chain)

    assert places({name: Decimal(given[name][0]) for name in shuffled}, chain) == one
