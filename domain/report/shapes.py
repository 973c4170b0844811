"""What a report is read against and what comes of it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.okr import Confidence

# Where the numbers of a unit's key results begin, so that 单位KR1 is another one than the leader's own KR1.
UNIT_NUMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One key result as the reporter knows it; `current` is the latest value, the start if there is none.

    `number` is the one people say; for a key result of the unit that the reporter leads, that plus `UNIT_NUMBERS`.
    `before` is the value the week began with, where the week has been reported already; `was_added` says that its last
    report was an addition (+3), so that another one may be the same again or a correction.
    """

    number: int
    title: str
    start: Decimal
    target: Decimal
    unit: str
    current: Decimal
    before: Decimal | None = None
    was_added: bool = False

    @property
    def is_units(self) -> bool:
        """Whether it is the unit's."""
        return self.number > UNIT_NUMBERS

    @property
    def code(self) -> str:
        """KR1, or 单位KR1."""
        return code_of(self.number)

    @property
    def began(self) -> Decimal:
        """The value the week began with."""
        return self.current if self.before is None else self.before

    @property
    def is_milestone(self) -> bool:
        """Whether the key result is either done or not."""
        return self.start == 0 and self.target == 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Understood and plausible: may be kept at once. The note is word for word."""

    number: int
    value: Decimal
    confidence: Confidence | None = None
    note: str = ""


class DoubtKind(StrEnum):
    """Why a fragment is asked back."""

    WHICH_KEY_RESULT = "which_key_result"
    UNKNOWN_LINE = "unknown_line"
    NO_VALUE = "no_value"
    NOT_A_NUMBER = "not_a_number"
    TWO_VALUES = "two_values"
    TARGET_DIFFERS = "target_differs"
    UNIT_DIFFERS = "unit_differs"
    BARE_FRACTION = "bare_fraction"
    PERCENT_OF_WHAT = "percent_of_what"
    OVER_HUNDRED = "over_hundred"
    TOO_LARGE = "too_large"
    NEGATIVE = "negative"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Option:
    """A button. It keeps `entry`; with only a `number` the fragment is read again for that key result; else 不记."""

    label: str
    entry: Entry | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fragment that is kept only once it is clear; `number` is its key result where that much is known."""

    kind: DoubtKind
    question: str
    options: tuple[Option, ...]
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `is_report` is false for chat and questions: then there is nothing else in it."""

    entries: tuple[Entry, ...]
    doubts: tuple[Doubt, ...]
    is_report: bool


class Outcome(StrEnum):
    """What a typed reply to an open doubt amounts to."""

    KEPT = "kept"
    DROPPED = "dropped"
    ASKED_AGAIN = "asked_again"
    NOT_AN_ANSWER = "not_an_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """`entry` when kept, `doubt` when asked again, neither when dropped or when the reply is about something else."""

    outcome: Outcome
    entry: Entry | None = None
    doubt: Doubt | None = None


def code_of(number: int) -> str:
    """What people call the key result of this line number: KR1, or 单位KR1."""
    return f"单位KR{number - UNIT_NUMBERS}" if number > UNIT_NUMBERS else f"KR{number}"


def doubt_to_json(doubt: Doubt) -> dict[str, Any]:
    """Plain JSON values, decimals as text."""
    return {
        "kind": doubt.kind.value,
        "question": doubt.question,
        "options": [
            {"label": option.label, "number": option.number, "entry": option.entry and entry_to_json(option.entry)}
            for option in doubt.options
        ],
        "text": doubt.text,
        "number": doubt.number,
    }


def doubt_from_json(data: dict[str, Any]) -> Doubt:
    """The doubt that `doubt_to_json` wrote."""
    options = tuple(
        Option(option["label"], option["entry"] and entry_from_json(option["entry"]), option["number"])
        for option in data["options"]
    )
    return Doubt(DoubtKind(data["kind"]), data["question"], options, data["text"], data["number"])


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """Plain JSON values, the value as text."""
    return {
        "number": entry.number,
        "value": str(entry.value),
        "confidence": entry.confidence and entry.confidence.value,
        "note": entry.note,
    }


def entry_from_json(data: dict[str, Any]) -> Entry:
    """The entry that `entry_to_json` wrote."""
    confidence = data["confidence"] and Confidence(data["confidence"])
    return Entry(data["number"], Decimal(data["value"]), confidence, data["note"])
