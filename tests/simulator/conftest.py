"""A simulated platform whose time a test moves, and a client of its API."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

import simulator.api  # noqa: F401 - importing it fills the table of endpoints
from simulator import World, create_app
from simulator.gateway import Gateway
from simulator.kf import Account


class Time:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 7, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


class Api:
    """Calls the API as an app does, with the current token unless a test sets `.token`."""

    def __init__(self, client: Client, world: World) -> None:
        self.client, self.world, self.token = client, world, ""

    def new_token(self) -> dict[str, Any]:
        query = {"corpid": self.world.corp.corp_id, "corpsecret": self.world.app.secret}
        return self._answer(self.client.get("/cgi-bin/gettoken", query_string=query))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._answer(self.client.get(f"/cgi-bin/{path}", query_string=self._signed(query)))

    def post(self, path: str, body: dict[str, Any], **query: str) -> dict[str, Any]:
        sent = json.dumps(body, ensure_ascii=False)
        return self._answer(self.client.post(f"/cgi-bin/{path}", query_string=self._signed(query), data=sent))

    def upload(self, kind: str, name: str, content: bytes, path: str = "media/upload", **query: str) -> dict[str, Any]:
        head = f'--cut\r\nContent-Disposition: form-data; name="media"; filename="{name}"\r\n\r\n'.encode()
        sent = head + content + b"\r\n--cut--\r\n"
        url, query = f"/cgi-bin/{path}", self._signed({"type": kind, **query})
        form = "multipart/form-data; boundary=cut"
        return self._answer(self.client.post(url, query_string=query, data=sent, content_type=form))

    def send(self, kind: str = "text", payload: object = None, **fields: Any) -> dict[str, Any]:
        body = {"touser": "lisi", "msgtype": kind, "agentid": self.world.app.agentid}
        body[kind] = payload if payload is not None else {"content": "你好"}
        return self.post("message/send", {**body, **fields})

    def picture(self) -> str:
        return str(self.upload("image", "a.jpg", b"\xff\xd8picture")["media_id"])

    def _signed(self, query: dict[str, str]) -> dict[str, str]:
        return {"access_token": self.token or self.new_token()["access_token"], **query}

    def _answer(self, response: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(response.data)
        return answer


class Receiver:
    """A service that keeps the callbacks it gets and answers the statuses it was told, then 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []

    def __call__(self, query: dict[str, str], body: bytes) -> int:
        self.posts.append((query, body))
        return self.statuses.pop(0) if self.statuses else 200


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def world(time: Time) -> World:
    world = World(clock=time)
    world.directory.add_department("城关所", id=2)
    world.directory.add_department("南桥所", id=3)
    world.directory.add_member("lisi", "李四", departments=[2])
    world.directory.add_member("WangWu", "王五", departments=[3], mobile="13800000000")
    return world


@pytest.fixture
def receiver(world: World) -> Receiver:
    receiver = Receiver()
    world.connect(receiver, inline=True)
    world.pusher.retry_pause = 0
    return receiver


@pytest.fixture
def api(world: World) -> Api:
    return Api(Client(Gateway(world, NotFound())), world)


@pytest.fixture
def page(world: World) -> FlaskClient:
    return create_app(world).test_client()


@pytest.fixture
def account(world: World) -> Account:
    return world.kf.add("企业服务", "wkENT", servicers=("lisi", "WangWu"))


@pytest.fixture
def customer(world: World) -> str:
    return world.customers.add("固电电子").external_userid
