"""The two ways a callback reaches the service: over HTTP, or by calling a function of a test."""

import http.client
import threading
from collections.abc import Callable
from typing import Protocol
from urllib.parse import SplitResult, urlencode, urlsplit

Query = dict[str, str]
DELIVER_SECONDS = 5.0
VERIFY_SECONDS = 1.0


class Transport(Protocol):
    """Carries a request to the service's callback address."""

    def post(self, query: Query, body: bytes) -> tuple[int, bytes]:
        """The HTTP status and body of the answer; OSError or HTTPException when there is none in 5 s."""

    def get(self, query: Query) -> tuple[int, bytes]:
        """The same for the verification of the address, within 1 s."""

    def close(self) -> None:
        """Let go of open connections."""


class HttpTransport:
    """Posts to a real address over kept-alive connections."""

    def __init__(self, url: str) -> None:
        self._url: SplitResult = urlsplit(url)
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def post(self, query: Query, body: bytes) -> tuple[int, bytes]:
        """Post a callback; a connection the service had closed meanwhile is opened again."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            try:
                return self._ask(connection, "POST", query, body)
            except (ConnectionError, http.client.HTTPException):
                connection.close()
        return self._ask(self._connect(DELIVER_SECONDS), "POST", query, body)

    def get(self, query: Query) -> tuple[int, bytes]:
        """Ask the address to verify itself."""
        connection = self._connect(VERIFY_SECONDS)
        try:
            connection.request("GET", self._target(query))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _ask(self, connection: http.client.HTTPConnection, method: str, query: Query, body: bytes) -> tuple[int, bytes]:
        try:
            connection.request(method, self._target(query), body, {"Content-Type": "text/xml"})
            answer = connection.getresponse()
            content = answer.read()
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)
        return answer.status, content

    def _connect(self, seconds: float) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        return kind(self._url.hostname or "127.0.0.1", self._url.port, timeout=seconds)

    def _target(self, query: Query) -> str:
        return f"{self._url.path or '/'}?{urlencode(query)}"


class CallTransport:
    """Calls `deliver(query, body)`, which returns the HTTP status it answers."""

    def __init__(self, deliver: Callable[[Query, bytes], int]) -> None:
        self._deliver = deliver

    def post(self, query: Query, body: bytes) -> tuple[int, bytes]:
        """Hand the callback over."""
        return self._deliver(query, body), b""

    def get(self, query: Query) -> tuple[int, bytes]:
        """A function has no address to verify."""
        raise NotImplementedError("only a real address is verified")

    def close(self) -> None:
        """Nothing to let go of."""
