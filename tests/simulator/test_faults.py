"""Faults over a real connection, and what the server does with many connections."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from simulator import RunningSimulator, World
from tests.simulator.conftest import Time


class Line:
    """One kept-alive connection to a simulator."""

    def __init__(self, simulator: RunningSimulator) -> None:
        host, port = simulator.url.removeprefix("http://").split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=5)
        world = simulator.world
        query = f"corpid={world.corp.corp_id}&corpsecret={world.app.secret}"
        self.token = self.ask("GET", f"gettoken?{query}")[1]["access_token"]

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        self.connection.request(method, f"/cgi-bin/{path}", None if body is None else json.dumps(body))
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else {}

    def send(self, text: str = "你好") -> tuple[int, dict[str, Any]]:
        body = {"touser": "lisi", "msgtype": "text", "agentid": 1000002, "text": {"content": text}}
        return self.ask("POST", f"message/send?access_token={self.token}", body)


@pytest.fixture
def simulator(world: World) -> Iterator[RunningSimulator]:
    with RunningSimulator(world) as running:
        yield running


@pytest.fixture
def line(simulator: RunningSimulator) -> Iterator[Line]:
    line = Line(simulator)
    yield line
    line.connection.close()


def test_many_calls_go_over_one_connection(line: Line, world: World) -> None:
    for number in range(20):
        assert line.send(str(number))[1]["errcode"] == 0
    port = line.connection.sock.getsockname()[1]
    assert line.send()[0] == 200
    assert line.connection.sock.getsockname()[1] == port


def test_an_errcode_comes_as_often_as_asked_and_only_for_its_path(line: Line, world: World) -> None:
    world.faults.add("errcode", path="message/send", errcode=-1, times=2)

    assert line.ask("GET", f"getcallbackip?access_token={line.token}")[1]["errcode"] == 0
    assert [line.send()[1]["errcode"] for _ in range(3)] == [-1, -1, 0]
    assert len(world.inbox("lisi")) == 1


def test_a_frequency_limit_lasts_until_its_window_is_over(line: Line, world: World, time: Time) -> None:
    world.faults.add("errcode", errcode=45009, until=world.clock.timestamp() + 60)

    assert line.send()[1]["errcode"] == 45009
    time.pass_by(seconds=60)
    assert line.send()[1]["errcode"] == 0


def test_an_answer_lost_after_acceptance_leaves_the_message_visible(line: Line, world: World) -> None:
    world.faults.add("drop_after_accept", path="message/send", times=1)

    with pytest.raises((http.client.HTTPException, ConnectionError)):
        line.send("一")
    assert [post.text for post in world.inbox("lisi")] == ["一"]
    line.connection.close()
    assert line.send("二")[1]["errcode"] == 0


def test_a_bad_gateway_has_no_json_and_the_next_call_is_fine(line: Line, world: World) -> None:
    world.faults.add("http", status=502, times=1)

    assert line.send() == (502, {})
    assert line.send()[1]["errcode"] == 0


def test_a_reset_accepts_nothing(line: Line, world: World) -> None:
    world.faults.add("reset", times=1)

    with pytest.raises((http.client.HTTPException, ConnectionError)):
        line.send()
    assert world.inbox("lisi") == []


def test_too_many_at_once_get_45033(simulator: RunningSimulator, world: World) -> None:
    world.faults.add("latency", path="message/send", seconds=0.2)
    world.faults.add("concurrency", path="message/send", limit=2)
    lines = [Line(simulator) for _ in range(3)]
    codes: list[int] = []
    threads = [threading.Thread(target=lambda one=one: codes.append(one.send()[1]["errcode"])) for one in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for line in lines:
        line.connection.close()

    assert sorted(codes) == [0, 0, 45033]


def test_a_mixture_hits_its_share_and_the_same_calls_after_the_same_seed(
    world: World, simulator: RunningSimulator
) -> None:
    def outcomes() -> list[object]:
        world.faults.clear()
        line, seen = Line(simulator), []
        world.faults.mix(0.4, seed=3)
        for number in range(40):
            try:
                seen.append(line.send(str(number))[1].get("errcode", 502))
            except (http.client.HTTPException, ConnectionError):
                seen.append("lost")
        line.connection.close()
        return seen

    first = outcomes()

    assert first == outcomes()
    assert {-1, 45033, 502, "lost", 0} == set(first)


def test_the_api_may_be_away_and_come_back_on_the_same_port(simulator: RunningSimulator, world: World) -> None:
    url = simulator.url
    simulator.refuse()
    with pytest.raises(ConnectionRefusedError):
        Line(simulator)
    simulator.listen()
    line = Line(simulator)

    assert simulator.url == url
    assert line.send()[1]["errcode"] == 0
    line.connection.close()


def test_a_call_that_hangs_ends_when_the_faults_are_cleared(line: Line, world: World) -> None:
    world.faults.add("hang", seconds=30)
    threading.Timer(0.1, world.faults.clear).start()

    with pytest.raises((http.client.HTTPException, ConnectionError)):
        line.send()


def test_an_unknown_fault_is_refused_by_name(world: World) -> None:
    with pytest.raises(ValueError, match="no fault 'fire'"):
        world.faults.add("fire")


def test_a_burst_of_connections_is_accepted(simulator: RunningSimulator) -> None:
    host, port = simulator.url.removeprefix("http://").split(":")
    lines = [socket.create_connection((host, int(port)), timeout=5) for _ in range(200)]
    for one in lines:
        one.sendall(b"GET /cgi-bin/gettoken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answers = [one.recv(200) for one in lines]
    for one in lines:
        one.close()

    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)


@pytest.mark.parametrize("request_line", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"])
def test_what_is_not_http_gets_400_and_the_connection_ends(simulator: RunningSimulator, request_line: bytes) -> None:
    host, port = simulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request_line)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
        assert connection.recv(100) == b""


def test_a_chunked_upload_and_expect_continue_are_understood(simulator: RunningSimulator) -> None:
    host, port = simulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(
            b"POST /cgi-bin/message/send HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
        assert b'"errcode":41001' in connection.recv(1000)
