"""Working time the slow way: a byte for every minute of the simulated months, counted one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.times import SHANGHAI

FIRST, DAYS = date(2026, 9, 1), 240
A_DAY = 24 * 60
OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30
CLOCK = bytes(OPENS <= m < 12 * 60 or 13 * 60 + 30 <= m < CLOSES for m in range(A_DAY))
# As the State Council published them, written down once more: 中秋, 国庆 with its make-up Saturday.
HOLIDAYS = {date(2026, 9, 25), *(date(2026, 10, day) for day in (1, 2, 5, 6, 7))}
MADE_UP = {date(2026, 9, 20), date(2026, 10, 10)}
# Invented, as an operator would correct them: 元旦 with a make-up Saturday.
NEW_YEAR = {date(2027, 1, 1): False, date(2027, 1, 9): True}
# And a storm that is made up for on the Saturday, told three days before.
STORM = {date(2026, 12, 11): False, date(2026, 12, 12): True}

Pauses = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Term:
    """How long a clock runs: working minutes, or to the end of the n-th working day after it began."""

    minutes: int = 0
    days: int | None = None


class MinuteCount:
    """The calendar with its corrections, in minutes since the first midnight; every answer is found by walking."""

    def __init__(self, corrected: dict[date, bool]) -> None:
        days = [FIRST + timedelta(days=number) for number in range(DAYS)]
        self._works = [
            corrected.get(day, day in MADE_UP or (day.weekday() < 5 and day not in HOLIDAYS)) for day in days
        ]
        self._minutes = b"".join(CLOCK if works else bytes(A_DAY) for works in self._works)

    def due(self, began: int, term: Term, pauses: Pauses) -> int:
        """The minute by which what began is to be done."""
        wanted = (
            term.minutes if term.days is None else self._minutes[began : self._end_of_day(began, term.days)].count(1)
        )
        minutes = bytearray(self._minutes)
        for begins, ends in pauses:
            minutes[begins:ends] = bytes(ends - begins)
        return self._after(minutes, began, wanted)

    def send_at(self, began: int, due: int, minutes: int, days: int) -> int | None:
        """When a rung so much working time after the due time may be told; None when it lies before the beginning."""
        offset = minutes + days * sum(CLOCK)
        if offset < 0 and self._minutes[began:due].count(1) <= -offset:
            return None
        found = due
        if offset > 0:
            found = self._after(self._minutes, due, offset)
        while offset < 0:
            found -= 1
            offset += self._minutes[found]
        # The instant at which a minute's work is done may be the end of a shift.
        if not self._minutes[found - 1]:
            while not self._minutes[found - 1]:
                found -= 1
        while not self._minutes[found] or found % 30 == 0:
            found += 1
        return found

    def is_on_duty(self, minute: int) -> bool:
        """Whether people may be told something; lunch is duty."""
        return self._works[minute // A_DAY] and OPENS <= minute % A_DAY < CLOSES

    def next_worked(self, minute: int) -> int:
        """The first worked minute from this one on."""
        while not self._minutes[minute]:
            minute += 1
        return minute

    def _end_of_day(self, began: int, days: int) -> int:
        day = began // A_DAY
        if days == 0 and not (self._works[day] and began % A_DAY < CLOSES):
            days = 1
        while days:
            day += 1
            days -= self._works[day]
        return day * A_DAY + CLOSES

    @staticmethod
    def _after(minutes: bytes | bytearray, start: int, wanted: int) -> int:
        index = start
        while wanted:
            wanted -= minutes[index]
            index += 1
        return index


def minute_of(instant: datetime) -> int:
    """The whole minutes from the first midnight to an instant; refuses one between two minutes."""
    passed = instant - datetime.combine(FIRST, datetime.min.time(), SHANGHAI)
    assert not passed % timedelta(minutes=1), instant
    return passed // timedelta(minutes=1)


def instant_of(minute: int) -> datetime:
    """The instant at which a minute begins."""
    return (datetime.combine(FIRST, datetime.min.time(), SHANGHAI) + timedelta(minutes=minute)).astimezone(UTC)


def day_of(minute: int) -> date:
    """The date a minute lies on."""
    return FIRST + timedelta(days=minute // A_DAY)
