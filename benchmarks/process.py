"""Servers under measurement: started on a free port, watched with /proc, ended with all their children."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

GTHREAD = "-k gthread -w 2 --threads 8 --no-control-socket --keep-alive 75 --log-level error"
SOCKET = "{socket}"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server and its processes."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the server and its children so far."""
        total = 0
        for pid in family(self.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mb(self) -> dict[int, float]:
        """Resident memory of each process, in MB."""
        return {pid: resident(pid) for pid in family(self.pid)}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """A command that listens on a port, until the block ends; `{socket}` in it becomes a socket that listens already."""
    with ExitStack() as held:
        if SOCKET in command:
            listener = held.enter_context(socket.create_server(("127.0.0.1", port), backlog=2048))
            descriptors: tuple[int, ...] = (listener.fileno(),)
        else:
            descriptors = ()
        process = subprocess.Popen(
            [str(*descriptors) if word == SOCKET else word for word in command],
            env={**os.environ, **environment},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
        )
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def gunicorn(target: str, port: int) -> list[str]:
    """The command line that serves a WSGI target the way our Procfile does."""
    return [sys.executable, "-m", "gunicorn", *GTHREAD.split(), "-b", f"127.0.0.1:{port}", target]


def granian(target: str, port: int) -> list[str]:
    """The command line that serves another WSGI factory as our web processes are served."""
    words = f"--interface wsgi --factory --workers 2 --blocking-threads 16 --port {port} --no-ws --no-log"
    return [sys.executable, "-m", "granian", *words.split(), target]


def web() -> list[str]:
    """The web processes of `flask serve`, for `running`."""
    return [sys.executable, "-m", "bot.web", SOCKET]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1.0)
                return
        time.sleep(0.05)
    raise RuntimeError("the server does not listen")


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
