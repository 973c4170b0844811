"""The reminders' examples: what the owner of these key results might really say."""

import re
from decimal import Decimal

import pytest

from services.still_open import OpenKeyResult
from services.wording import checkin_closing, checkin_missing
from tests.times import at

CLOSES = at("2026-11-23 10:00")
Measure = tuple[str, str, str]


def still_open(*measures: Measure) -> list[OpenKeyResult]:
    return [
        OpenKeyResult(1, number, "", Decimal(start), Decimal(target), unit)
        for number, (start, target, unit) in enumerate(measures, start=1)
    ]


@pytest.mark.parametrize(
    ("measure", "example"),
    [
        (("60", "95", "%"), "KR1 80%"),
        (("12.5", "7.5", "%"), "KR1 7.5%"),
        (("0", "1", ""), "KR1 完成"),
        (("0", "50", "户"), "KR1 3户"),
        (("12", "8", "起"), "KR1 3起"),
        (("0", "4", "场"), "KR1 两场"),
        (("0", "1", "场"), "KR1 1场"),
        (("12", "0", "起"), "KR1 1起"),
        (("0", "4", ""), "KR1 1"),
        (("0", "90", ""), "KR1 3"),
    ],
)
def test_the_example_fits_what_is_measured(measure: Measure, example: str) -> None:
    for say in (checkin_missing, checkin_closing):
        assert f"比如“{example}”。" in say(still_open(measure), CLOSES)


def test_of_many_the_first_and_the_last_are_shown() -> None:
    text = checkin_missing(still_open(("0", "50", "户"), ("60", "95", "%"), ("0", "1", "")), CLOSES)

    assert re.findall("KR1.*?。", text) == ["KR1、KR2、KR3。", "KR1 3户，KR3 完成”。"]
