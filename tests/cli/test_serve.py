"""`flask serve`: web, worker and clock in one command; what dies comes back, and a stop leaves nothing behind."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from simulator import RunningSimulator
from tests.cli.service import Service, answers, is_running, serving, wait_until
from tests.cli.terminal import Terminal, clean_environment, flask, settings_of

BACK_WITHIN = 3.0


class Knocks:
    """Connects to the port over and over; counts who was let in and who was refused."""

    def __init__(self, port: int) -> None:
        self._port, self._stop = port, threading.Event()
        self._thread = threading.Thread(target=self._knock)
        self.answered = self.refused = 0

    def __enter__(self) -> "Knocks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _knock(self) -> None:
        while not self._stop.wait(0.02):
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=30) as connection:
                    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: linge\r\nConnection: close\r\n\r\n")
                    # A request in a killed process may be cut off; WeCom and browsers ask again.
                    with suppress(ConnectionResetError):
                        self.answered += connection.recv(1024).startswith(b"HTTP/1.1 200")
            except ConnectionRefusedError:
                self.refused += 1


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One running service for the tests that only kill its children."""
    folder = tmp_path_factory.mktemp("serve")
    with RunningSimulator() as platform:
        settings = settings_of(platform.world, f"sqlite:///{folder}/linge.db")
        with serving(Terminal(clean_environment(folder) | settings)) as service:
            yield service


def test_a_new_database_is_made_and_the_pages_answer(shared: Service) -> None:
    assert answers(shared.port, "/healthz")
    wait_until(lambda: answers(shared.port, "/readyz"), about=lambda: shared.log)
    assert answers(shared.port, "/metrics")


@pytest.mark.parametrize(("kind", "place"), [("bot.web", 0), ("bot.web", 1), ("flask worker", 0), ("flask clock", 0)])
def test_a_killed_child_is_back_soon_and_nobody_was_refused_meanwhile(shared: Service, kind: str, place: int) -> None:
    wait_until(shared.is_complete, about=lambda: shared.log)
    killed = shared.processes()[kind][place]

    with Knocks(shared.port) as knocks:
        os.kill(killed, signal.SIGKILL)
        took = wait_until(lambda: not is_running(killed) and shared.is_complete(), about=lambda: shared.log)
        answered = knocks.answered
        wait_until(lambda: knocks.answered > answered, seconds=30, about=lambda: shared.log)

    assert knocks.refused == 0
    assert took < BACK_WITHIN
    assert "Traceback" not in shared.log


def test_web_processes_that_are_just_starting_end_with_the_one_that_started_them(shared: Service) -> None:
    wait_until(shared.is_complete, about=lambda: shared.log)
    server, *_ = shared.processes()["bot.web"]
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: len(shared.processes().get("bot.web", [])) > 1 and server not in everyone(shared))
    again, *starting = shared.processes()["bot.web"]

    os.kill(again, signal.SIGKILL)

    wait_until(lambda: not any(map(is_running, starting)), seconds=5, about=lambda: shared.log)
    wait_until(shared.is_complete, about=lambda: shared.log)


def test_what_was_killed_leaves_the_port_to_the_next_start_and_sigterm_leaves_nothing(connected: Terminal) -> None:
    with serving(connected) as first:
        left = everyone(first)
        first.process.kill()
        first.process.wait()

        with serving(connected, PORT=str(first.port)) as second:
            wait_until(lambda: not any(map(is_running, left)))
            for pid in everyone(second):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            second.process.wait()

            with serving(connected, PORT=str(first.port)) as third:
                children = everyone(third)
                took = third.terminate()

    assert third.process.returncode == 0
    assert took < 10
    assert [pid for pid in children if is_running(pid)] == []
    assert "Traceback" not in first.log + second.log + third.log


def everyone(service: Service) -> list[int]:
    """Every process of a service, the supervisor first."""
    return [service.process.pid, *(pid for pids in service.processes().values() for pid in pids)]


def test_a_port_in_use_is_one_clear_sentence(connected: Terminal) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = other.getsockname()[1]

        ended = connected.run(*flask("serve"), PORT=str(port))

    assert ended.status == 1
    assert ended.err.splitlines()[-1] == f"Error: 端口 {port} 被别的程序占着，请停掉它，或换一个 PORT。"
    assert "Traceback" not in ended.text


def test_two_services_over_one_database_do_nothing_twice(connected: Terminal, platform: RunningSimulator) -> None:
    world = platform.world
    world.duplicates = True
    with serving(connected) as one, serving(connected) as other:
        world.connect(f"http://127.0.0.1:{one.port}/wecom/callback")
        world.directory.add_member("lihua", "李花", departments=[1])
        said = [world.people.say("lihua", f"帮助 {number}") for number in range(10)]
        for delivery in said:
            delivery.wait(10)

        wait_until(lambda: len(replies(platform)) >= len(said), about=lambda: one.log + other.log)
        assert one.terminate() < 10
        assert other.terminate() < 10

    assert all(set(delivery.statuses) == {200} for delivery in said)
    assert len(replies(platform)) == len(said)
    assert platform.world.log.calls["menu/create"] == 1


def replies(platform: RunningSimulator) -> list[str]:
    return [post.text for post in platform.world.inbox("lihua") if not post.mine]
