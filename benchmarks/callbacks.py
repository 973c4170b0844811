"""Signed callbacks, made beforehand, and a client that posts them over kept-alive connections at little cost."""

import itertools
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.cipher import Cipher

TOKEN, AES_KEY, CORP = "benchtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001"
cipher = Cipher(TOKEN, AES_KEY, CORP)


def text_callback(number: int, *, sender: str = "lihua", text: str = "KR1 35") -> bytes:
    """A whole HTTP request that delivers one text message; `number` makes its MsgId."""
    xml = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{7_300_000_000_000_000_000 + number}</MsgId><AgentID>1000002</AgentID></xml>"
    )
    encrypted = cipher.encrypt(xml)
    body = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID>1000002</AgentID><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    signature = cipher.sign("1700000000", "424242", encrypted)
    path = f"/wecom/callback?msg_signature={signature}&timestamp=1700000000&nonce=424242"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


@dataclass
class Outcome:
    """What came of a load: seconds per answer, answers that were not 200, and how long it all took."""

    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of the answers kept below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.due = 0.0


def post_all(port: int, requests: list[bytes], *, connections: int, per_second: float = 0.0) -> Outcome:
    """Posts every request once. Without a rate each connection goes on as soon as it is answered; with one, requests
    are due on schedule and a latency counts from when its request was due, so a slow server cannot hide its queue.
    """
    outcome = Outcome()
    pending = iter(requests)
    pool = [_Connection(port) for _ in range(connections)]
    began = time.perf_counter()
    schedule: Iterator[float] = (
        (began + n / per_second for n in itertools.count()) if per_second else iter(lambda: 0.0, 1.0)
    )
    idle = deque(pool)
    with selectors.DefaultSelector() as selector:
        for connection in pool:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        following = next(pending, None)
        due = next(schedule)
        while following is not None or len(idle) < len(pool):
            now = time.perf_counter()
            while following is not None and idle and due <= now:
                connection = idle.popleft()
                connection.due = due or now
                connection.socket.sendall(following)
                following, due = next(pending, None), next(schedule)
            wait = max(0.0, due - now) if following is not None and idle and due else 5.0
            for key, _ in selector.select(wait):
                if _answered(key.data, outcome):
                    idle.append(key.data)
    outcome.seconds = time.perf_counter() - began
    for connection in pool:
        connection.socket.close()
    return outcome


def _answered(connection: _Connection, outcome: Outcome) -> bool:
    data = connection.socket.recv(65536)
    if not data:
        raise ConnectionError("the server closed a connection")
    connection.received += data
    head, gap, body = connection.received.partition(b"\r\n\r\n")
    if not gap:
        return False
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    if len(body) < length:
        return False
    outcome.latencies.append(time.perf_counter() - connection.due)
    outcome.refused += not head.startswith(b"HTTP/1.1 200")
    connection.received = b""
    return True
