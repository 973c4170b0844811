"""Each formula: its published vectors, its edges, and what holds for any figure."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import indicators  # noqa: F401 importing it registers every formula
from domain.errors import DomainError
from domain.formula import FORMULAS, Figure, indicator, read_number, written
from domain.parameters import read_parameters


def marks(
    name: str, full: str, value: str, parameters: str = "", *, target: str | None = None, best: str | None = None
) -> Fraction:
    figure = Figure(
        value=Fraction(value),
        full=Fraction(full),
        target=None if target is None else Fraction(target),
        best=None if best is None else Fraction(best),
        parameters=read_parameters(parameters),
    )
    return FORMULAS[name].compute(figure).value


@pytest.mark.parametrize(
    ("name", "full", "target", "parameters", "value", "expected"),
    [
        ("threshold", "1", "20", "a=0.05", "17", "0.85"),
        ("threshold", "1", "20", "a=0.05", "20", "1"),
        ("threshold", "1", "20", "a=0.05", "25", "1"),
        ("threshold", "1", "20", "a=0.05", "-1", "0"),
        ("threshold", "10", "90", "a=1; u=5", "80", "8"),
        ("threshold_reverse", "2", "38", "a=0.5", "40", "1"),
        ("threshold_reverse", "2", "38", "a=0.5", "38", "2"),
        ("threshold_reverse", "2", "38", "a=0.5", "99", "0"),
        ("threshold_reverse", "2", "38", "a=0.5; u=2", "40", "1.5"),
        ("completion", "10", "30", "cap=1.2", "33", "11"),
        ("completion", "10", "30", "cap=1.2", "60", "12"),
        ("completion", "10", "30", "", "33", "10"),
        ("completion", "10", "30", "", "15", "5"),
        ("completion", "10", "30", "", "-3", "0"),
        ("rank_points", "20", None, "table=20,19,18,17,16", "1", "20"),
        ("rank_points", "20", None, "table=20,19,18,17,16", "5", "16"),
        ("rank_points", "20", None, "table=20,19,18,17,16", "9", "16"),
        ("rank_points", "20", None, "a=4", "3", "12"),
        ("rank_points", "20", None, "a=4", "9", "0"),
        ("count_deduction", "1", None, "a=0.5; k=2", "0", "1"),
        ("count_deduction", "1", None, "a=0.5; k=2", "1", "0.5"),
        ("count_deduction", "1", None, "a=0.5; k=2", "2", "0"),
        ("count_deduction", "10", None, "a=1; k=3", "3", "0"),
        ("count_deduction", "1", None, "a=0.8; k=9", "2", "0"),
        ("bands", "10", None, "", "90", "10"),
        ("bands", "10", None, "", "89.99", "8"),
        ("bands", "10", None, "", "70", "6"),
        ("bands", "10", None, "", "60", "4"),
        ("bands", "10", None, "", "59", "2"),
        ("bands", "10", None, "bands=70:6, 90:10", "60", "0"),
        ("bands", "10", None, "bands=70:6, 90:10", "95", "10"),
        ("efficacy", "100", None, "yes=100; no=60", "80", "80"),
        ("efficacy", "20", None, "yes=100; no=80", "100", "20"),
        ("efficacy", "20", None, "yes=0; no=10; c=50; d=50", "10", "10"),
        ("efficacy", "20", None, "yes=100; no=80", "0", "0"),
        ("borrowed", "10", None, "scale=0.1", "87", "8.7"),
        ("borrowed", "10", None, "", "87", "10"),
        ("veto", "10", None, "", "1", "0"),
    ],
)
def test_a_figure_gives_its_marks(
    name: str, full: str, target: str | None, parameters: str, value: str, expected: str
) -> None:
    assert marks(name, full, value, parameters, target=target) == Fraction(expected)


@pytest.mark.parametrize(
    ("value", "best", "expected"),
    [("30", "40", "4.5"), ("40", "40", "6"), ("3", None, "6"), ("0", "0", "0"), ("-2", "4", "0"), ("-2", "-1", "0")],
)
def test_the_best_of_the_group_has_full_marks(value: str, best: str | None, expected: str) -> None:
    assert marks("ratio_to_best", "6", value, best=best) == Fraction(expected)


@pytest.mark.parametrize(
    ("name", "value", "parameters", "target", "cure"),
    [
        ("completion", "3", "", "0", "目标值是 0"),
        ("completion", "3", "", None, "没有目标值"),
        ("completion", "3", "cap=0", "5", "cap 要大于 0"),
        ("threshold", "3", "", "5", "缺参数 a"),
        ("threshold", "3", "a=1; u=0", "5", "u 要大于 0"),
        ("threshold", "3", "a=many", "5", "“many”不是数字"),
        ("rank_points", "0", "a=1", None, "名次要是 1、2、3 这样的整数，现在是 0"),
        ("rank_points", "1.5", "a=1", None, "现在是 1.5"),
        ("efficacy", "3", "yes=5; no=5", None, "yes 和不允许值 no 一样"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_the_cure(
    name: str, value: str, parameters: str, target: str | None, cure: str
) -> None:
    with pytest.raises(DomainError, match=cure):
        marks(name, "10", value, parameters, target=target)


def test_the_words_carry_the_subjects_own_numbers() -> None:
    figure = Figure(Fraction(17), Fraction(1), Fraction(20), parameters={"a": "0.05"})

    assert FORMULAS["threshold"].compute(figure).words == "17 比目标 20 少 3，每少 1 扣 0.05 分，满分 1，得 0.85 分"


def test_a_veto_has_no_marks_and_says_whether_it_bites() -> None:
    compute = FORMULAS["veto"].compute

    assert not FORMULAS["veto"].scores
    assert "等次最高称职" in compute(Figure(Fraction(1), Fraction(0))).words
    assert "没有发生" in compute(Figure(Fraction(0), Fraction(0))).words


def test_a_second_formula_of_a_name_ends_the_start() -> None:
    with pytest.raises(ValueError, match="threshold is registered twice"):
        indicator("threshold", label="")(FORMULAS["threshold"].compute)


@pytest.mark.parametrize(
    ("number", "text"), [("17", "17"), ("0.85", "0.85"), ("1/3", "0.3333"), ("2/3", "0.6667"), ("-1/2", "-0.5"), ("-1/99999", "0")]
)  # fmt: skip
def test_numbers_are_written_as_people_read_them(number: str, text: str) -> None:
    assert written(Fraction(number)) == text


def test_a_number_is_read_exactly() -> None:
    assert read_number(" 0.1 ") == Fraction(1, 10)


values = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
RISING = {
    "threshold": "a=0.5; u=2",
    "completion": "cap=1.2",
    "ratio_to_best": "",
    "bands": "",
    "efficacy": "yes=100; no=60",
    "borrowed": "scale=0.3",
}
FALLING = {"threshold_reverse": "a=0.5; u=2", "count_deduction": "a=0.3; k=4", "veto": ""}


def at(name: str, value: Fraction, parameters: str) -> Fraction:
    figure = Figure(value, Fraction(10), Fraction(30), Fraction(1000), read_parameters(parameters))
    return FORMULAS[name].compute(figure).value


@pytest.mark.parametrize(("name", "parameters"), RISING.items())
@given(one=values, other=values)
def test_more_never_gives_fewer_marks(name: str, parameters: str, one: Fraction, other: Fraction) -> None:
    assert at(name, min(one, other), parameters) <= at(name, max(one, other), parameters)


@pytest.mark.parametrize(("name", "parameters"), FALLING.items())
@given(one=values, other=values)
def test_more_of_what_is_bad_never_gives_more_marks(name: str, parameters: str, one: Fraction, other: Fraction) -> None:
    assert at(name, min(one, other), parameters) >= at(name, max(one, other), parameters)


@given(one=st.integers(1, 40), other=st.integers(1, 40))
def test_a_better_place_never_gives_fewer_marks(one: int, other: int) -> None:
    for parameters in ("table=20,19,18", "a=0.5"):
        better, worse = (at("rank_points", Fraction(place), parameters) for place in sorted((one, other)))
        assert better >= worse


def test_every_formula_is_held_to_be_monotone() -> None:
    assert {*RISING, *FALLING, "rank_points"} == set(FORMULAS)
