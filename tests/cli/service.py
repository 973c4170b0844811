"""A running `flask serve`, its processes, and what its port answers."""

import itertools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from benchmarks.process import family, free_port
from tests.cli.terminal import Terminal, flask

_numbers = itertools.count(1)
CHILDREN = ("bot.web", "flask worker", "flask clock")


class Service:
    """`flask serve` on a port of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process, self.port = process, port
        self._log = log

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(errors="replace")

    def processes(self) -> dict[str, list[int]]:
        """The pids of each kind of child; a web server's workers come after its master."""
        found: dict[str, list[int]] = {}
        for pid in family(self.process.pid)[1:]:
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
                found.setdefault(next((kind for kind in CHILDREN if kind in " ".join(words)), "starting"), []).append(
                    pid
                )
        return found

    def is_complete(self) -> bool:
        """Whether every kind of child is there: a web master with two workers, a worker and a clock."""
        assert self.process.poll() is None, f"it ended with {self.process.returncode}\n{self.log}"
        counts = {kind: len(pids) for kind, pids in self.processes().items()}
        return counts == {"bot.web": 3, "flask worker": 1, "flask clock": 1}

    def terminate(self) -> float:
        """Asks it to stop; returns the seconds it took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=15)
        return time.monotonic() - began


@contextmanager
def serving(terminal: Terminal, **settings: str) -> Iterator[Service]:
    """A service that answers; ended with all its processes at the end of the block."""
    port = int(settings.pop("PORT", 0)) or free_port()
    log = Path(terminal.environment["HOME"]) / f"serve-{next(_numbers)}.log"
    service = Service(terminal.start(log, *flask("serve"), PORT=str(port), **settings), port, log)
    try:
        wait_until(lambda: service.is_complete() and answers(port), seconds=30, about=lambda: service.log)
        yield service
    finally:
        everyone = family(service.process.pid) if service.process.poll() is None else []
        for pid in everyone:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        service.process.wait()


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether a page answers 200 within two seconds."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except HTTPError as refusal:
        refusal.close()
    except OSError:
        pass
    return False


def wait_until(is_so: Callable[[], bool], *, seconds: float = 10, about: Callable[[], str] = lambda: "") -> float:
    """Waits until something is so and returns the seconds it took; fails when it takes longer than `seconds`."""
    began = time.monotonic()
    pause = threading.Event()
    while not is_so():
        assert time.monotonic() - began < seconds, f"not so after {seconds} s\n{about()}"
        pause.wait(0.05)
    return time.monotonic() - began


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
