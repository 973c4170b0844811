"""A log of callbacks pushed and API calls received, without secrets."""

import itertools
import time
from collections import Counter, deque
from typing import Any

from simulator.clock import Clock, local

KEPT = 2000


class CallLog:
    """Keeps the newest entries and counts all API calls and their errcodes."""

    def __init__(self, clock: Clock) -> None:
        self.calls: Counter[str] = Counter()
        self.errcodes: Counter[tuple[str, int]] = Counter()
        self._clock = clock
        self._entries: deque[tuple[int, float, str, str, str, float]] = deque(maxlen=KEPT)
        self._seq = itertools.count(1)

    def add(self, kind: str, what: str, status: str, started: float) -> None:
        """Note a callback or an API call that began at `started` (time.perf_counter)."""
        took = (time.perf_counter() - started) * 1000
        self._entries.append((next(self._seq), self._clock.timestamp(), kind, what, status, took))

    def as_json(self, after: int = 0) -> list[dict[str, Any]]:
        """The entries after a seq, newest last."""
        return [
            {
                "seq": seq,
                "at": local(at).isoformat(timespec="seconds"),
                "kind": kind,
                "what": what,
                "status": status,
                "ms": round(took, 1),
            }
            for seq, at, kind, what, status, took in list(self._entries)
            if seq > after
        ]
