"""Instants that tests speak of by name, in the county's time, and a clock that tests move."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """The instant of a local time such as "2026-11-20 15:07"."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


FRIDAY = at("2026-11-20 15:07")
NEXT_MONDAY_BEFORE_CLOSE = at("2026-11-23 09:10")
NEXT_MONDAY_AFTER_CLOSE = at("2026-11-23 10:01")


class MovableClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = FRIDAY) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def advance(self, **by: float) -> None:
        self._now += timedelta(**by)
