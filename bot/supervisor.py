"""`flask serve`: web, worker and clock as children of one process that owns the port.

The listening socket belongs to the supervisor, so a child may die and come back while connections wait in the queue
instead of being refused.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

import structlog

from bot.heartbeat import CLOCK, CUSTOMERS, INBOX, MEDIA, OUTBOX
from bot.orphan import end_with_parent
from bot.port import open_port
from bot.pulse import PulseReader

# Children have this long to finish what is in hand before they are killed; the whole stop stays under 10 s.
GRACE = 8.0
LOOKS_EVERY = 0.2
# A child that keeps dying is started at most this often.
RESTARTS_EVERY = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """A running child; `pulse` is what its loops show of themselves, if they do."""

    process: "subprocess.Popen[bytes]"
    pulse: PulseReader | None = None


Starter = Callable[[], Child]


def service_children(port: int, *, host: str = "0.0.0.0") -> dict[str, Starter]:  # noqa: S104 the service is meant to be reached
    """What the service is made of on one machine: web, worker and clock. Raises `NoPort` when the port is taken."""
    listener = open_port(host, port)
    listener.set_inheritable(True)
    return {
        "web": lambda: _start(_web(listener.fileno()), keep=(listener.fileno(),)),
        "worker": lambda: _start_watched(_flask("worker"), (INBOX, OUTBOX, CUSTOMERS, MEDIA)),
        "clock": lambda: _start_watched(_flask("clock"), (CLOCK,)),
    }


def simulator_child() -> dict[str, Starter]:
    """The simulated WeCom of a demo."""
    return {"simulator": lambda: _start([sys.executable, "-m", "simulator"])}


def run_children(children: dict[str, Starter]) -> None:
    """Runs children until SIGTERM or Ctrl-C."""
    Supervisor(children).run()


class Supervisor:
    """Keeps named children running until a signal asks it to stop."""

    def __init__(self, children: dict[str, Starter]) -> None:
        self._starters = children
        self._running: dict[str, Child] = {}
        self._started_at: dict[str, float] = {}
        self._stop = threading.Event()

    def run(self) -> None:
        """Starts the children, restarts those that die or are stuck, ends them all on SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            while not self._stop.is_set():
                self._end_stuck()
                self._start_missing()
                self._stop.wait(LOOKS_EVERY)
        finally:
            self._end_all()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _start_missing(self) -> None:
        for name, start in self._starters.items():
            child = self._running.get(name)
            if child is not None and child.process.poll() is None:
                continue
            if time.monotonic() - self._started_at.get(name, -RESTARTS_EVERY) < RESTARTS_EVERY:
                continue
            if child is not None:
                log.error("child_died", child=name, exit_code=child.process.returncode)
                if child.pulse:
                    child.pulse.close()
            self._running[name] = start()
            self._started_at[name] = time.monotonic()

    def _end_stuck(self) -> None:
        for name, child in self._running.items():
            loop = child.pulse.stuck() if child.pulse and child.process.poll() is None else ""
            if loop:
                log.error("child_stuck", child=name, loop=loop)
                _kill(child.process)

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE
        processes = [child.process for child in self._running.values()]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    # Its group goes with it: a web server's workers would keep the port.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _web(descriptor: int) -> list[str]:
    return [sys.executable, "-m", "bot.web", str(descriptor)]


def _flask(command: str) -> list[str]:
    return [sys.executable, "-m", "flask", command]


def _start(command: list[str], keep: tuple[int, ...] = ()) -> Child:
    # The command is ours; a group of its own keeps a terminal's Ctrl-C for the supervisor, which ends all in order.
    process = subprocess.Popen(command, pass_fds=keep, process_group=0, preexec_fn=end_with_parent)  # noqa: S603,PLW1509 no threads run in the supervisor
    return Child(process)


def _start_watched(command: list[str], loops: Sequence[str]) -> Child:
    """Starts a child that is killed when one of its loops is silent for too long."""
    pulse = PulseReader(loops)
    return Child(_start([*command, "--pulse", str(pulse.pipe)], keep=(pulse.pipe,)).process, pulse)
