"""A running `flask demo` with a folder of its own, whose county stands on an ordinary Wednesday morning."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.process import family, free_port
from bot.clock import system_clock
from domain.calendar import SHANGHAI, local
from tests.cli.service import answers, wait_until
from tests.cli.terminal import ROOT, Terminal, clean_environment

# Their third weeks have no public holiday, and the quarter goes on for another month.
ORDINARY_MONTHS = (5, 8, 11)
WEDNESDAY = 2


@dataclass(frozen=True)
class Demo:
    """Where the demo's phone and console are, and a terminal with its settings."""

    phone: str
    console: str
    terminal: Terminal


@contextmanager
def demonstration(folder: Path) -> Iterator[Demo]:
    """The demo on free ports until the end of the block."""
    port, phone_port = free_port(), free_port()
    own = {"PORT": str(port), "SIMULATOR_PORT": str(phone_port), "DEMO_FOLDER": str(folder)}
    terminal = Terminal(clean_environment(folder) | own)
    (folder / "clock").write_text(str(_until_an_ordinary_wednesday()))
    log = folder / "demo.log"
    process = terminal.start(log, *with_demo_settings("exec flask demo"))
    try:
        wait_until(lambda: _is_up(process, port, phone_port, log), seconds=60, about=log.read_text)
        yield Demo(f"http://127.0.0.1:{phone_port}", f"http://127.0.0.1:{port}", terminal)
    finally:
        everyone = family(process.pid) if process.poll() is None else []
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        for pid in everyone:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def with_demo_settings(command: str) -> list[str]:
    """The command line that runs a shell command the way `make demo` does."""
    return ["bash", "-c", f"cd {shlex.quote(str(ROOT))} && set -a && . ./demo.env && {command}"]


def _is_up(process: "subprocess.Popen[bytes]", port: int, phone_port: int, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return answers(port, "/readyz") and answers(phone_port, "/")


def _until_an_ordinary_wednesday() -> float:
    now = system_clock()
    day = local(now).date() + timedelta(days=1)
    while not (day.weekday() == WEDNESDAY and day.month in ORDINARY_MONTHS and 15 <= day.day <= 21):
        day += timedelta(days=1)
    morning = datetime(day.year, day.month, day.day, 10, 0, tzinfo=SHANGHAI)
    return (morning - now).total_seconds()
