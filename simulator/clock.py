"""The simulated platform's time: real, given by a test, or moved forward for a demonstration."""

import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))


def local(timestamp: float) -> datetime:
    """Unix seconds as China's time."""
    return datetime.fromtimestamp(timestamp, UTC).astimezone(CHINA)


class Clock:
    """Tells the time; a demonstration may move it forward through a file of seconds it shares with the service."""

    def __init__(self, source: Callable[[], datetime] | None = None, offset_file: Path | None = None) -> None:
        self._source = source
        self._file = offset_file
        self._stamp: tuple[int, int] | None = None
        self._offset = 0.0

    @classmethod
    def from_environment(cls) -> "Clock":
        """A clock that follows the file named by DEMO_CLOCK, or the real time when that is unset."""
        name = os.environ.get("DEMO_CLOCK", "")
        return cls(offset_file=Path(name) if name else None)

    @property
    def movable(self) -> bool:
        """Whether `move` may be called."""
        return self._file is not None

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        if self._source is not None:
            return self._source().astimezone(UTC)
        present = datetime.now(UTC)
        return present + timedelta(seconds=self._shift()) if self._file else present

    def timestamp(self) -> float:
        """The present instant in Unix seconds."""
        return self.now().timestamp()

    def move(self, to: datetime) -> None:
        """Set the time to the aware instant `to`; refuses to go back, and to move a clock nobody shares."""
        if self._file is None:
            raise ValueError("this clock cannot be moved")
        if to < self.now():
            raise ValueError("the clock only goes forward")
        seconds = (to - datetime.now(UTC)).total_seconds()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{seconds:.3f}\n")
        draft.replace(self._file)

    def _shift(self) -> float:
        assert self._file is not None
        with contextlib.suppress(OSError, ValueError):
            status = self._file.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp != self._stamp:
                self._offset = max(self._offset, float(self._file.read_text() or 0))
                self._stamp = stamp
        return self._offset
