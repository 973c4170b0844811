"""Seeded wrong and odd callbacks against the whole web application, with a worker handling what was stored.

Ends with 1 on any 5xx but 503, any exception, any answer after more than a second, any row that WeCom did not sign,
any signed message that was answered 200 and is not there, and any handler that failed.
"""

import argparse
import io
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlmodel import col, select

import handlers  # noqa: F401 importing it registers every handler
from app import create_app
from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.gunner import Card, Gunner
from benchmarks.mutations import Shot
from bot.inbox import Inbox
from bot.registry import COMMANDS
from bot.runtime import build_runtime
from bot.settings import Settings
from bot.wecom.parse import BadMessage, parse_callback
from migrations import migrate
from models.engine import open_database, reading, writing
from models.message import InboxMessage, OutboxMessage
from tests.factories import make_county
from tests.keys import DATA_KEYS

SLOW = 1.0
HANDLES_EVERY = 50
SHOWN = 10


@dataclass
class Report:
    """What came of it: answers by sort of request, and every promise that was broken."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    handled: int = 0
    slowest: float = 0.0

    def show(self) -> None:
        """Prints the counts, and the first broken promises."""
        for name in sorted({name for name, _ in self.answers}):
            counts = {status: count for (sort, status), count in sorted(self.answers.items()) if sort == name}
            print(f"{name:24}", "  ".join(f"{status} × {count}" for status, count in counts.items()))
        print(f"{'handled':24} {self.handled}, slowest answer {self.slowest * 1000:.0f} ms")
        for line in self.broken[:SHOWN]:
            print("BROKEN", line)
        print(f"{'broken promises':24} {len(self.broken)}")


class Range:
    """The service under fire, and the book of what WeCom signed."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._now = datetime(2026, 11, 20, 7, 7, tzinfo=UTC)
        self._engine = engine
        self._app = create_app(build_runtime(_settings(), engine=engine, clock=lambda: self._now))
        # A refusal is a line in the log, and half of these are refusals.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        self._inbox = Inbox(engine, lambda: self._now)
        self._gunner = Gunner(seed, sorted({word for _, word in COMMANDS}))
        self._signed: set[str] = set()
        self._due: set[str] = set()
        self.report = Report()

    def fire(self, count: int) -> Report:
        """Sends `count` requests, lets the worker handle what they stored, and checks what is there in the end."""
        for number in range(count):
            self._shoot(number, self._gunner.next())
            if number % HANDLES_EVERY == HANDLES_EVERY - 1:
                self._handle()
                self._now += timedelta(seconds=20)
        self._handle()
        self._recount()
        return self.report

    def _shoot(self, number: int, shot: Shot) -> None:
        key = self._enter(shot)
        began = time.perf_counter()
        try:
            status, body = _answer(self._app, shot)
        except Exception as error:  # noqa: BLE001 any exception is what is looked for
            self.report.answers[shot.name, "exception"] += 1
            self.report.broken.append(f"{number} {shot.name}: {type(error).__name__} {error}"[:200])
            return
        seconds = time.perf_counter() - began
        self.report.slowest = max(self.report.slowest, seconds)
        self.report.answers[shot.name, status] += 1
        where = f"{number} {shot.name} {shot.method} {shot.path[:40]!r}"
        if status.startswith("5") and status != "503":
            self.report.broken.append(f"{where}: {status}")
        if b"Traceback" in body:
            self.report.broken.append(f"{where}: a stack in the answer")
        if seconds > SLOW:
            self.report.broken.append(f"{where}: {seconds:.1f} s")
        if shot.is_whole and status != "200":
            self.report.broken.append(f"{where}: signed by WeCom and answered {status}")
        elif key and shot.is_whole:
            self._due.add(key)

    def _enter(self, shot: Shot) -> str:
        """Notes the key of what WeCom signed, if it is a message at all."""
        if shot.inner is None:
            return ""
        try:
            key = parse_callback(shot.inner).key
        except BadMessage:
            return ""
        self._signed.add(key)
        return key

    def _handle(self) -> None:
        began = time.perf_counter()
        while self._inbox.handle_next():
            self.report.handled += 1
            seconds = time.perf_counter() - began
            if seconds > SLOW:
                self.report.broken.append(f"a message took {seconds:.1f} s to handle")
            began = time.perf_counter()
        with reading(self._engine) as session:
            query = select(OutboxMessage).where(col(OutboxMessage.task_id).is_not(None))
            rows = session.exec(query.order_by(col(OutboxMessage.id).desc()).limit(20)).all()
            self._gunner.cards = [_card(row) for row in rows]

    def _recount(self) -> None:
        with reading(self._engine) as session:
            rows = session.exec(select(InboxMessage.key, InboxMessage.attempts, InboxMessage.error)).all()
        stored = {key for key, _, _ in rows}
        self.report.broken += [f"stored and not signed: {key}" for key in sorted(stored - self._signed)]
        self.report.broken += [f"answered 200 and not stored: {key}" for key in sorted(self._due - stored)]
        self.report.broken += [f"a handler failed: {error}, {key}" for key, attempts, error in rows if attempts]


def _answer(app: Any, shot: Shot) -> tuple[str, bytes]:
    environ = {
        "REQUEST_METHOD": shot.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": shot.path,
        "QUERY_STRING": shot.query,
        "CONTENT_LENGTH": str(len(shot.body)),
        "SERVER_NAME": "linge.example.gov.cn",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "10.0.0.9",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(shot.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **shot.headers,
    }
    told: list[str] = []
    chunks = app.wsgi_app(environ, lambda status, _headers, _error=None: told.append(status[:3]))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return told[0], body


def _card(row: OutboxMessage) -> Card:
    buttons = json.loads(row.payload).get("template_card", {}).get("button_list", [])
    return Card(row.recipient, str(row.task_id), [button["key"] for button in buttons])


def _settings() -> Settings:
    given = {
        "wecom_corp_id": CORP,
        "wecom_agent_id": 1000002,
        "wecom_secret": "fuzz-secret",
        "wecom_token": TOKEN,
        "wecom_aes_key": AES_KEY,
        "secret_key": "fuzz-session-key-00",
        "data_keys": DATA_KEYS,
    }
    return Settings.model_validate(given)


def fuzz(count: int, seed: int) -> Report:
    """Fires at a service over a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'linge.db'}")
        # What is looked for does not depend on the disk, and waiting for it would take most of the time.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        migrate(engine)
        with writing(engine) as session:
            make_county(session)
        report = Range(engine, seed).fire(count)
        engine.dispose()
    return report


def main() -> int:
    """Prints what came of it; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callbacks", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.perf_counter()
    report = fuzz(given.callbacks, given.seed)
    print(f"{given.callbacks} requests, seed {given.seed}, {time.perf_counter() - began:.0f} s")
    report.show()
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
