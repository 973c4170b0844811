"""Ways in which the API misbehaves on demand."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError

KINDS = ("errcode", "latency", "drop_after_accept", "http", "concurrency", "hang", "reset")


@dataclass
class Fault:
    """One way to fail.

    `path` without /cgi-bin/ ("" for every call), `times` left (None: until removed), `until` in Unix seconds,
    `rate` the share of calls hit, `seconds` for latency, `errcode`, `status` for http, `limit` for concurrency.
    """

    fault: str
    path: str = ""
    errcode: int = -1
    times: int | None = None
    seconds: float = 0.0
    rate: float = 1.0
    until: float | None = None
    status: int = 502
    limit: int = 0


class HttpFault(Exception):
    """The answer is a bare HTTP error."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Faults:
    """The faults in force; `seed` makes the random ones repeatable."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - repeatable chance, no secret
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._cleared = threading.Event()

    @property
    def active(self) -> bool:
        """Whether any fault is in force."""
        return bool(self._faults)

    def add(self, fault: str, **settings: Any) -> Fault:
        """Put a fault in force; the kinds are in KINDS, the settings those of Fault."""
        if fault not in KINDS:
            raise ValueError(f"no fault {fault!r}; there are {', '.join(KINDS)}")
        added = Fault(fault, **settings)
        with self._lock:
            self._cleared.clear()
            self._faults.append(added)
        return added

    def mix(self, rate: float, *, seed: int = 0, path: str = "") -> None:
        """A mixture of -1, 45033, HTTP 502, latency and answers lost after acceptance on a share of all calls."""
        self._random.seed(seed)
        part = rate / 5
        self.add("errcode", errcode=-1, rate=part, path=path)
        self.add("errcode", errcode=45033, rate=part, path=path)
        self.add("http", rate=part, path=path)
        self.add("latency", seconds=0.3, rate=part, path=path)
        self.add("drop_after_accept", rate=part, path=path)

    def clear(self) -> None:
        """End all faults, also calls that hang."""
        with self._lock:
            self._faults.clear()
            self._cleared.set()

    def as_json(self) -> list[dict[str, Any]]:
        """The faults in force."""
        return [asdict(fault) for fault in self._faults]

    @contextmanager
    def around(self, path: str) -> Iterator[bool]:
        """Run a call under the faults that hit it; yields whether its answer is to be lost."""
        hits = self._hits(path)
        with self._lock:
            self._running[path] += 1
            running = self._running[path]
        try:
            for fault in hits:
                self._strike(fault, running)
            yield any(fault.fault == "drop_after_accept" for fault in hits)
        finally:
            with self._lock:
                self._running[path] -= 1

    def _hits(self, path: str) -> list[Fault]:
        now = self._clock.timestamp()
        with self._lock:
            self._faults = [f for f in self._faults if f.times != 0 and (f.until is None or f.until > now)]
            hits = [f for f in self._faults if f.path in ("", path) and self._random.random() < f.rate]
            for fault in hits:
                if fault.times is not None:
                    fault.times -= 1
        return hits

    def _strike(self, fault: Fault, running: int) -> None:
        match fault.fault:
            case "latency":
                time.sleep(fault.seconds)
            case "hang":
                self._cleared.wait(fault.seconds or 60)
                raise ConnectionAbortedError("the API hung")
            case "reset":
                raise ConnectionAbortedError("the API reset the connection")
            case "http":
                raise HttpFault(fault.status)
            case "errcode":
                raise ApiError(fault.errcode)
            case "concurrency" if running > fault.limit:
                raise ApiError(45033)
