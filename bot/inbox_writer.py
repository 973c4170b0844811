"""Stores incoming messages: one thread per process commits whatever has gathered, so that nobody queues for the disk.

With a commit per message, SQLite's writers poll for the lock and stall for up to a second; one writer that commits a
batch serves the same load in milliseconds.
"""

import json
import queue
import threading
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from bot.wecom.parse import Parsed
from models.message import InboxState
from models.secrecy import seal

# WeCom hangs up after 5 s; a database that comes back within 4 s is worth waiting for.
PATIENCE = 4.0
RETRIES_EVERY = 0.1
MAX_BATCH = 500
COLUMNS = ("key", "sender", "kind", "body", "received_at", "due_at", "state", "attempts", "error")

Row = tuple[Any, ...]

log = structlog.get_logger(__name__)


class NotStored(Exception):
    """The database did not take the message in time; WeCom must deliver it again."""


class _Waiting:
    __slots__ = ("done", "row", "stored")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.stored = False
        self.done = threading.Lock()
        self.done.acquire()


class InboxWriter:
    """Takes messages from many threads and commits them in batches; a repeated key is stored once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        marks = ", ".join("?" if self._is_sqlite else "%s" for _ in COLUMNS)
        # Straight to the driver: at thousands a second, what SQLAlchemy does per statement costs more than the row.
        self._statement = (
            f"INSERT INTO inbox_message ({', '.join(COLUMNS)}) VALUES ({marks}) ON CONFLICT (key) DO NOTHING"  # noqa: S608 made of constants
        )
        driver = engine.dialect.loaded_dbapi
        self._away = (OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError)
        self._refused = (SQLAlchemyError, driver.Error)
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def store(self, parsed: Parsed, *, now: datetime) -> None:
        """Returns once the message (or an earlier delivery of it) is committed; raises `NotStored` after 4 s."""
        waiting = _Waiting(self._row(parsed, now))
        self._queue.put(waiting)
        if self._thread is None or not self._thread.is_alive():
            self._start()
        waiting.done.acquire(timeout=PATIENCE)
        if not waiting.stored:
            raise NotStored

    def close(self) -> None:
        """Commits what has gathered and ends the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        # Not in the constructor: a server may fork after the app was made, and threads do not survive a fork.
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="inbox-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, closing = [first], False
            while len(batch) < MAX_BATCH and not self._queue.empty():
                waiting = self._queue.get()
                if waiting is None:
                    closing = True
                    break
                batch.append(waiting)
            self._commit(batch)
            if closing:
                return

    def _commit(self, batch: list[_Waiting]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._insert(batch) and time.monotonic() < deadline:
            time.sleep(RETRIES_EVERY)
        for waiting in batch:
            waiting.done.release()

    def _insert(self, batch: list[_Waiting]) -> bool:
        """Commits a batch; False when the database is away, and trying again makes sense."""
        try:
            with self._engine.begin() as connection:
                cursor = connection.connection.cursor()
                cursor.executemany(self._statement, [waiting.row for waiting in batch])
                cursor.close()
        except self._away as error:
            log.warning("inbox_not_stored", rows=len(batch), error=type(error).__name__)
            return False
        except self._refused as error:
            log.error("inbox_refused", rows=len(batch), error=type(error).__name__)
            if len(batch) > 1:
                # One row the database will not take must not cost the others their place.
                for waiting in batch:
                    self._insert([waiting])
            return True
        for waiting in batch:
            waiting.stored = True
        return True

    def _row(self, parsed: Parsed, now: datetime) -> Row:
        # SQLite keeps instants as UTC text, the way `models.column.UtcDateTime` reads them.
        at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self._is_sqlite else now
        body = seal("inbox_message.body", json.dumps(parsed.fields, ensure_ascii=False))
        return parsed.key, parsed.sender.lower()[:160], parsed.kind, body, at, at, InboxState.NEW.value, 0, ""
