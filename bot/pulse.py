"""Signs of life of a process's loops: into the database for everybody, and down a pipe to the supervisor of this machine.

The supervisor must not learn of them from the database: while that is away no loop can write there, and all are well.
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine

from bot.clock import Clock
from bot.heartbeat import EVERY, beat

# How often a loop shows itself to the supervisor, in seconds.
TELLS_EVERY = 1.0
# A loop that has been silent for longer is stuck, in seconds: longer than a turn with five writers before it that each
# wait in vain for a locked SQLite file, and than any call with its deadlines.
STUCK_AFTER = 90.0


class Pulse:
    """The signs of life of one loop; `supervisor` is the pipe to it, or None."""

    def __init__(self, engine: Engine, clock: Clock, loop: str, supervisor: int | None = None) -> None:
        self._engine, self._clock, self._loop, self._supervisor = engine, clock, loop, supervisor
        self._told = -TELLS_EVERY
        self._noted: datetime | None = None

    def tell(self) -> None:
        """Shows the supervisor that the loop goes on, whatever the database does."""
        if self._supervisor is None or time.monotonic() - self._told < TELLS_EVERY:
            return
        self._told = time.monotonic()
        with suppress(OSError):  # it has gone, or has not read for hours
            os.write(self._supervisor, f"{self._loop}\n".encode())

    def note(self) -> None:
        """Notes in the database that the loop goes on."""
        now = self._clock()
        if self._noted is None or abs(now - self._noted) >= EVERY:
            beat(self._engine, self._loop, now=now)
            self._noted = now


class PulseReader:
    """The supervisor's end: which of a child's loops has been silent for too long."""

    def __init__(self, loops: Sequence[str]) -> None:
        self._source, self.pipe = os.pipe()
        os.set_blocking(self._source, False)
        os.set_blocking(self.pipe, False)
        self._read_at = time.monotonic()
        self._seen = dict.fromkeys(loops, self._read_at)

    def stuck(self) -> str:
        """The name of a loop that is stuck, or empty; a child's first sign may take as long as any other."""
        now = time.monotonic()
        if now - self._read_at > STUCK_AFTER / 2:
            # We slept ourselves: whoever slept beside us has the whole time again.
            self._seen = dict.fromkeys(self._seen, now)
        self._read_at = now
        with suppress(BlockingIOError):
            while told := os.read(self._source, 4096):
                self._seen |= dict.fromkeys(told.decode().split(), now)
        return next((loop for loop, at in self._seen.items() if now - at > STUCK_AFTER), "")

    def close(self) -> None:
        """Closes both ends."""
        os.close(self._source)
        os.close(self.pipe)
