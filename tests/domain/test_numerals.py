"""Numbers in Arabic and Chinese, and what is none."""

from decimal import Decimal

import pytest

from domain.numerals import read_fraction, read_number, read_percent


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("35", "35"),
        ("３５", "35"),
        ("1,234", "1234"),
        ("1,234,567.5", "1234567.5"),
        ("0.8", "0.8"),
        (" 35 ", "35"),
        ("三十五", "35"),
        ("十", "10"),
        ("十二", "12"),
        ("一百零五", "105"),
        ("一百二", "120"),
        ("两百", "200"),
        ("两千五", "2500"),
        ("一万二", "12000"),
        ("1.2万", "12000"),
        ("3万5", "35000"),
        ("3万5千", "35000"),
        ("1亿", "100000000"),
        ("5百", "500"),
        ("廿五", "25"),
        ("俩", "2"),
        ("仨", "3"),
        ("零", "0"),
        ("半", "0.5"),
        ("一半", "0.5"),
        ("三点五", "3.5"),
        ("二〇二六", "2026"),
    ],
)
def test_a_number_is_read_exactly(token: str, value: str) -> None:
    assert read_number(token) == Decimal(value)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "户",
        "三里屯",
        "五一路",
        "一个不落",
        "三十多",
        "三四",
        "三五户",
        "十百",
        "百",
        "1.2.3",
        "1,23",
        "-3",
        "1e5",
        "二十个",
        "9" * 40,
        "80%",
    ],
)
def test_anything_else_is_no_number(token: str) -> None:
    assert read_number(token) is None


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("80%", "80"),
        ("８０％", "80"),
        ("88.5%", "88.5"),
        ("八十%", "80"),
        ("百分之八十", "80"),
        ("百分之85.5", "85.5"),
        ("百分之八十五点五", "85.5"),
        ("八成", "80"),
        ("8成", "80"),
        ("八成五", "85"),
        ("七成半", "75"),
        ("十成", "100"),
    ],
)
def test_a_percentage_is_read_exactly(token: str, value: str) -> None:
    assert read_percent(token) == Decimal(value)


@pytest.mark.parametrize("token", ["80", "成", "百成", "八成百", "百分之", "百分之多少", "%", "完成"])
def test_anything_else_is_no_percentage(token: str) -> None:
    assert read_percent(token) is None


@pytest.mark.parametrize(
    ("token", "parts"),
    [
        ("三分之二", (2, 3)),
        ("4分之3", (3, 4)),
        ("百分之八十", None),
        ("零分之一", None),
        ("三分之", None),
        ("多少分之一", None),
        ("三分之几", None),
        ("2/3", None),
    ],
)
def test_a_fraction_is_numerator_and_denominator(token: str, parts: tuple[int, int] | None) -> None:
    assert read_fraction(token) == (parts and tuple(map(Decimal, parts)))
