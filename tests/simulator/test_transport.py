"""Callbacks over HTTP: order per person, verification of the address, passive replies, and a service that is away."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator import World
from simulator.cipher import Cipher
from tests.simulator.test_pusher import opened


class Service(ThreadingHTTPServer):
    """A service over HTTP that notes what each callback says and verifies its address as it is told."""

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.world = world
        self.texts: list[str] = []
        self.suffix = b""
        self.statuses: list[int] = []
        self.reply = b""


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Service

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name its base class gives it
        return

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        world = self.server.world
        cipher = Cipher(world.app.token, world.app.aes_key, world.corp.corp_id)
        number = cipher.open(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
        self._answer(200, number.encode() + self.server.suffix)

    def do_POST(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status == 200:
            self.server.texts.append(opened(self.server.world, query, body))
        self._answer(status, self.server.reply)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    with Service(world) as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.01,))
        thread.start()
        world.connect(f"http://127.0.0.1:{service.server_port}/wecom/callback")
        world.pusher.retry_pause = 0.01
        yield service
        world.close()
        service.shutdown()
        thread.join()


def test_over_http_each_persons_messages_arrive_once_and_in_order(world: World, service: Service) -> None:
    service.statuses = [500, 200, 503]
    for number in range(40):
        for who in ("lisi", "WangWu"):
            world.people.say(who, f"{who} {number}")

    assert world.settle(10)
    for who in ("lisi", "WangWu"):
        said = [int(n) for text in service.texts for n in re.findall(rf"CDATA\[{who} (\d+)]", text)]
        assert said == list(range(40))
    assert world.pusher.accepted == 80


def test_the_address_is_verified_only_by_the_exact_number(world: World, service: Service) -> None:
    assert world.pusher.verify_url()
    service.suffix = b"\n"
    assert not world.pusher.verify_url()


def test_a_passive_reply_is_opened_and_kept(world: World, service: Service) -> None:
    cipher = Cipher(world.app.token, world.app.aes_key, world.corp.corp_id)
    encrypted = cipher.encrypt("<xml>hello</xml>")
    seal = cipher.sign("1", "2", encrypted)
    service.reply = (
        f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature>{seal}</MsgSignature>"
        "<TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>"
    ).encode()

    delivery = world.people.say("lisi", "一")
    world.settle()

    assert delivery.replies == ["<xml>hello</xml>"]


def test_a_service_that_is_away_is_tried_four_times(world: World) -> None:
    world.connect("http://127.0.0.1:9/wecom/callback", inline=True)
    world.pusher.retry_pause = 0

    assert world.people.say("lisi", "一").statuses == [0, 0, 0, 0]
    assert world.log.as_json()[-1]["status"] == "ConnectionRefusedError"
