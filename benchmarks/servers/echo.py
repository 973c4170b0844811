"""E: a bare wechatpy and Flask echo that stores nothing, and N: the same with one naive commit per message."""

import os
import sqlite3
import time

import psycopg
from flask import Flask, request
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from benchmarks.callbacks import AES_KEY, CORP, TOKEN

crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)


def echo() -> Flask:
    """Verifies, decrypts, parses, answers in cipher text; nothing is kept."""
    app = Flask(__name__)

    @app.post("/wecom/callback")
    def callback() -> str:
        xml, nonce, timestamp = _open()
        message = parse_message(xml)
        reply = f"<xml><Content>{message.content}</Content></xml>"
        return str(crypto.encrypt_message(reply, nonce, timestamp))

    return app


def naive() -> Flask:
    """The same, but each message is inserted and committed by whoever received it, before the empty answer."""
    app = Flask(__name__)
    address = os.environ["DATABASE_URL"]

    @app.post("/wecom/callback")
    def callback() -> str:
        xml, _, _ = _open()
        message = parse_message(xml)
        _insert(address, str(message.id), message.source, str(xml))
        return ""

    return app


def _open() -> tuple[str, str, str]:
    signature, timestamp, nonce = (request.args[name] for name in ("msg_signature", "timestamp", "nonce"))
    return crypto.decrypt_message(request.data, signature, timestamp, nonce), nonce, timestamp


def _insert(address: str, key: str, sender: str, body: str) -> None:
    values = (key, sender, body, time.time())
    if address.startswith("sqlite:///"):
        connection = sqlite3.connect(address.removeprefix("sqlite:///"), timeout=30)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("INSERT OR IGNORE INTO naive (key, sender, body, at) VALUES (?, ?, ?, ?)", values)
            connection.commit()
        finally:
            connection.close()
        return
    with psycopg.connect(address.replace("+psycopg", "")) as postgres:
        postgres.execute(
            "INSERT INTO naive (key, sender, body, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", values
        )
