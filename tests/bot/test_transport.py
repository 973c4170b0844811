"""An answer that trickles in is given up in time, whatever part of it trickles."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.wecom import deadline
from bot.wecom.errors import Kind, WeComError
from bot.wecom.transport import Transport

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def trickling(at_once: bytes, then: bytes) -> Iterator[str]:
    """An address that answers with some bytes at once and then `then` over and over, one every tenth of a second."""
    ends = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(at_once)
            while not ends.wait(0.1):
                try:
                    connection.sendall(then)
                except OSError:
                    return

    def accept() -> None:
        connection, _ = listener.accept()
        serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        ends.set()
        thread.join()


@pytest.mark.parametrize(
    ("at_once", "then"),
    [
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (HEAD + b"\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"X-Long: ", b"x"),
        (b"HTTP/1.1", b" "),
    ],
    ids=["body", "body without a length", "chunks", "headers", "status line"],
)
def test_an_answer_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch, at_once: bytes, then: bytes) -> None:
    monkeypatch.setattr(deadline, "ANSWER_SECONDS", 0.6)
    with trickling(at_once, then) as address:
        transport = Transport(address, connections=1)
        began = time.monotonic()
        with pytest.raises(WeComError) as caught:
            transport.get("media/get", {"media_id": "m1"})
        took = time.monotonic() - began
        transport.close()
    assert caught.value.kind is Kind.UNKNOWN
    assert 0.5 < took < 3


def test_a_call_ends_before_its_message_is_taken_for_left_behind() -> None:
    assert deadline.ANSWER_SECONDS <= 10
