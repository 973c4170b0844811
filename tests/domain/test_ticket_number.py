"""Ticket numbers, whole and by their tail."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.ticket_number import Kind, TicketNumber, find_number, read_number, take_number

DAY = date(2026, 11, 20)
SEVEN = TicketNumber(Kind.REQUEST, DAY, 7)
NEXT_SEVEN = TicketNumber(Kind.REQUEST, date(2026, 11, 21), 7)
OLD_SEVEN = TicketNumber(Kind.REQUEST, date(2025, 11, 20), 7)
SEVENTEEN = TicketNumber(Kind.REQUEST, DAY, 17)
REPORT = TicketNumber(Kind.REPORT, DAY, 7)


@given(
    st.builds(
        TicketNumber, st.sampled_from(Kind), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999)
    )
)
def test_what_is_written_is_read_again(number: TicketNumber) -> None:
    assert read_number(str(number)) == number


def test_a_number_is_letter_date_and_four_digits() -> None:
    assert str(SEVEN) == "Q261120-0007"
    assert str(TicketNumber(Kind.WORK_ORDER, DAY, 12345)) == "W261120-12345"


@pytest.mark.parametrize(
    "text",
    ["q261120-0007", "Ｑ２６１１２０－０００７", " Q261120—0007 ", "Q2611200007", "#Q261120-0007", "Q261120-0007号"],
)
def test_a_number_in_any_dress(text: str) -> None:
    assert read_number(text) == SEVEN


@pytest.mark.parametrize(
    "text", ["", "7", "X261120-0007", "Q261320-0007", "Q260230-0007", "Q261120-0000", "Q261120-0007 谢谢"]
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    "said", ["7", "0007", "７", "1120-7", "1120-0007", "261120-7", "Q7", "q0007", "Q261120-0007", "7号", "#7"]
)
def test_a_tail_is_enough_where_it_is_unique(said: str) -> None:
    assert find_number(said, [SEVEN, SEVENTEEN]) == SEVEN


@pytest.mark.parametrize(
    ("said", "own", "expected"),
    [
        ("1120-7", [SEVEN, NEXT_SEVEN], SEVEN),
        ("261120-7", [SEVEN, OLD_SEVEN], SEVEN),
        ("R7", [SEVEN, REPORT], REPORT),
        ("7", [SEVEN, SEVEN], SEVEN),
    ],
)
def test_more_said_tells_them_apart(said: str, own: list[TicketNumber], expected: TicketNumber) -> None:
    assert find_number(said, own) == expected


def test_a_shared_tail_is_asked_back_with_the_newest_first() -> None:
    with pytest.raises(DomainError) as asked:
        find_number("7", [SEVEN, NEXT_SEVEN])

    assert str(asked.value) == "“7”对得上几件：Q261121-0007、Q261120-0007。请回全编号，或者带上日期，比如 1121-7。"


def test_a_long_list_is_cut() -> None:
    own = [TicketNumber(Kind.REQUEST, date(2026, 11, day), 7) for day in range(1, 9)]

    with pytest.raises(DomainError, match=r"Q261108-0007、.*Q261104-0007 等 8 件"):
        find_number("7", own)


@pytest.mark.parametrize("said", ["8", "Q261120-0008", "1121-17", "abc", "", "Q" * 50])
def test_what_is_not_ones_own_is_not_there(said: str) -> None:
    with pytest.raises(DomainError, match="没找到"):
        find_number(said, [SEVEN, SEVENTEEN])


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("7 3天 等图纸", "7", "3天 等图纸"),
        ("7", "7", ""),
        ("7，已通电", "7", "已通电"),
        ("Q261120-0007 已对接职业学院", "q261120-0007", "已对接职业学院"),
        ("q 7 不归我管", "q7", "不归我管"),
        ("编号：7 已办", "7", "已办"),
        ("1120-7号 已办", "1120-7", "已办"),
        ("1120—7 已办 HR", "1120-7", "已办 HR"),
        ("3天 等图纸", "", "3天 等图纸"),
        ("已通电", "", "已通电"),
        ("", "", ""),
    ],
)
def test_a_number_is_taken_from_the_head_of_a_command(text: str, number: str, rest: str) -> None:
    assert take_number(text) == (number, rest)
