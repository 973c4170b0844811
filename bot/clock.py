"""The only reader of the clock; everything else is given `now`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def moved_clock(offset_file: Path) -> Clock:
    """A demo's clock: the present plus the seconds that stand in a file, which the simulator's page writes."""

    def now() -> datetime:
        try:
            offset = float(offset_file.read_text())
        except (OSError, ValueError):
            offset = 0.0
        return system_clock() + timedelta(seconds=offset)

    return now
