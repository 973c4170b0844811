"""How the tests of the door post callbacks: sealed as WeCom seals them, or broken on purpose."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import col, select
from werkzeug.test import TestResponse

from app import create_app
from bot.clock import Clock
from bot.runtime import build_runtime
from bot.settings import Settings
from bot.wecom.crypto import CallbackCipher
from models.engine import reading
from models.message import InboxMessage
from simulator.callback_xml import Value, document
from tests.keys import DATA_KEYS

PATH = "/wecom/callback"
TOKEN, AES_KEY, CORP = "okrtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001"
TIMESTAMP, NONCE = "1700000000", "424242"

# For tests in which the database does not matter: the quick one is enough.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def seal(plain: bytes, *, receiver: str = CORP, pad: bytes | None = None, length: int | None = None) -> str:
    """The cipher text of some bytes; `pad` and `length` break it."""
    packed = b"0123456789abcdef" + (len(plain) if length is None else length).to_bytes(4, "big") + plain
    packed += receiver.encode()
    count = 32 - len(packed) % 32
    packed += bytes([count]) * count if pad is None else pad
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(packed) + encryptor.finalize()).decode()


def envelope(encrypted: str) -> bytes:
    return f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()


def signed(encrypted: str) -> dict[str, str]:
    """The query of a callback with this cipher text."""
    signature = CallbackCipher(TOKEN, AES_KEY, CORP).sign(TIMESTAMP, NONCE, encrypted)
    return {"msg_signature": signature, "timestamp": TIMESTAMP, "nonce": NONCE}


def text_message(content: str = "KR1 35", *, sender: str = "lihua", number: int = 1, **other: Value) -> str:
    """The XML of a text; `number` makes its MsgId."""
    fields: dict[str, Value] = {
        "ToUserName": CORP,
        "FromUserName": sender,
        "CreateTime": 1700000000,
        "MsgType": "text",
        "Content": content,
        "MsgId": str(7_300_000_000_000_000_000 + number),
        "AgentID": 1000002,
    }
    return document({**fields, **other})


def event(name: str, *, sender: str = "lihua", **other: Value) -> str:
    """The XML of an event, which has no MsgId."""
    fields: dict[str, Value] = {
        "ToUserName": CORP,
        "FromUserName": sender,
        "CreateTime": 1700000000,
        "MsgType": "event",
        "Event": name,
    }
    return document({**fields, **other, "AgentID": 1000002})


class Wire:
    """WeCom's end of the callback, over a whole application."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self._engine = app, engine
        self.client = app.test_client()

    def deliver(self, xml: str | bytes) -> TestResponse:
        """Posts a message as WeCom would."""
        encrypted = seal(xml if isinstance(xml, bytes) else xml.encode())
        return self.post(envelope(encrypted), signed(encrypted))

    def post(self, body: bytes, query: dict[str, str] | str) -> TestResponse:
        return self.client.post(PATH, query_string=query, data=body)

    def verify(self, query: dict[str, str] | str) -> TestResponse:
        return self.client.get(PATH, query_string=query)

    def rows(self) -> list[InboxMessage]:
        """What is stored, oldest first."""
        with reading(self._engine) as session:
            found = list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))))
            session.expunge_all()
            return found


@contextmanager
def wire_to(engine: Engine, clock: Clock, **settings: str) -> Iterator[Wire]:
    """A whole web application over this database, with other settings where given."""
    given = {"wecom_corp_id": CORP, "wecom_token": TOKEN, "wecom_aes_key": AES_KEY, **settings}
    wanted = Settings.model_validate(
        {
            "wecom_agent_id": 1000002,
            "wecom_secret": "a-secret",
            "secret_key": "a-secret-for-tests-only",
            "data_keys": DATA_KEYS,
            **given,
        }
    )
    app = create_app(build_runtime(wanted, engine=engine, clock=clock))
    yield Wire(app, engine)
