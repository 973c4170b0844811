"""The process that owns the port: keeps its children running, and takes them along when it ends."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.port import NoPort, open_port
from tests.cli.service import is_running, wait_until
from tests.cli.terminal import ROOT

# A supervisor over one child that writes its pid down and does what the test says.
PROGRAM = """
import subprocess, sys
from bot import supervisor
supervisor.GRACE = 1.0
child = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
supervisor.Supervisor({"child": lambda: supervisor._start(child)}).run()
"""
# The same for a child with two loops that show themselves, which may be silent for a second.
WATCHING = """
import sys
from bot import pulse, supervisor
supervisor.GRACE = pulse.STUCK_AFTER = 1.0
child = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
supervisor.Supervisor({"child": lambda: supervisor._start_watched(child, ("worker", "sender"))}).run()
"""
BEATS = """
import os, sys, time
with open(sys.argv[1], "a") as pids:
    pids.write(f"{os.getpid()}\\n")
for number in range(600):
    os.write(int(sys.argv[3]), b"worker\\n" + b"sender\\n" * BOTH)
    time.sleep(0.1)
"""
BOTH_GO_ON, ONE_IS_STUCK = BEATS.replace("BOTH", "True"), BEATS.replace("BOTH", "(number < 5)")
SLEEPS = """
import os, sys, time
with open(sys.argv[1], "a") as pids:
    pids.write(f"{os.getpid()}\\n")
time.sleep(60)
"""
DIES = "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); sys.exit(3)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEPS


class Family:
    """A supervisor of one child, and the pids its children wrote down."""

    def __init__(self, child: str, folder: Path, *, program: str = PROGRAM) -> None:
        self._pids = folder / "pids"
        self._pids.touch()
        command = [sys.executable, "-c", program, child, str(self._pids)]
        with (folder / "log").open("wb") as log:
            self.supervisor = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    @property
    def children(self) -> list[int]:
        return [int(line) for line in self._pids.read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_children_first_and_then_the_supervisor(number: int, tmp_path: Path) -> None:
    family = Family(SLEEPS, tmp_path)
    wait_until(lambda: len(family.children) == 1)

    family.supervisor.send_signal(number)

    assert family.supervisor.wait(timeout=10) == 0
    assert not is_running(family.children[0])


def test_a_child_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    family = Family(STUBBORN, tmp_path)
    wait_until(lambda: len(family.children) == 1)

    family.supervisor.terminate()

    assert family.supervisor.wait(timeout=10) == 0
    assert not is_running(family.children[0])


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    family = Family(SLEEPS, tmp_path)
    wait_until(lambda: len(family.children) == 1)

    os.kill(family.children[0], signal.SIGKILL)
    wait_until(lambda: len(family.children) == 2)

    assert is_running(family.children[1])
    family.supervisor.terminate()
    family.supervisor.wait(timeout=10)
    assert "child_died" in (tmp_path / "log").read_text()


def test_a_child_that_keeps_dying_is_started_at_most_once_a_second(tmp_path: Path) -> None:
    family = Family(DIES, tmp_path)

    took = wait_until(lambda: len(family.children) >= 3)

    family.supervisor.terminate()
    family.supervisor.wait(timeout=10)
    assert took > 1.9


def test_a_child_one_of_whose_loops_is_stuck_is_replaced(tmp_path: Path) -> None:
    family = Family(ONE_IS_STUCK, tmp_path, program=WATCHING)

    took = wait_until(lambda: len(family.children) == 2)

    assert took > 1.0
    assert not is_running(family.children[0])
    family.supervisor.terminate()
    family.supervisor.wait(timeout=10)
    log = (tmp_path / "log").read_text()
    assert "child_stuck" in log
    assert "sender" in log


def test_a_stopped_child_is_replaced(tmp_path: Path) -> None:
    family = Family(BOTH_GO_ON, tmp_path, program=WATCHING)
    wait_until(lambda: len(family.children) == 1)

    os.kill(family.children[0], signal.SIGSTOP)
    wait_until(lambda: len(family.children) == 2)

    assert not is_running(family.children[0])
    family.supervisor.terminate()
    family.supervisor.wait(timeout=10)


def test_a_child_whose_loops_go_on_is_left_alone(tmp_path: Path) -> None:
    family = Family(BOTH_GO_ON, tmp_path, program=WATCHING)
    wait_until(lambda: len(family.children) == 1)

    time.sleep(2.5)

    assert len(family.children) == 1
    family.supervisor.terminate()
    family.supervisor.wait(timeout=10)


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    family = Family(SLEEPS, tmp_path)
    wait_until(lambda: len(family.children) == 1)

    family.supervisor.kill()
    family.supervisor.wait()

    wait_until(lambda: not is_running(family.children[0]))


def test_a_port_that_is_just_being_left_is_waited_for() -> None:
    with open_port("127.0.0.1", 0) as leaving:
        port = leaving.getsockname()[1]
        threading.Timer(0.5, leaving.close).start()

        with open_port("127.0.0.1", port) as taken:
            assert taken.getsockname()[1] == port


@pytest.mark.parametrize("host", ["203.0.113.7", "256.0.0.1"])
def test_a_place_where_nobody_can_listen_is_refused_with_a_sentence(host: str) -> None:
    with pytest.raises(NoPort, match="请换一个 PORT"):
        open_port(host, 0)


def test_connections_wait_while_nobody_accepts_them() -> None:
    with open_port("127.0.0.1", 0) as listener:
        waiting = [socket.create_connection(listener.getsockname()) for _ in range(200)]

        for connection in waiting:
            connection.close()
    assert len(waiting) == 200
