"""Stores incoming messages: whoever comes while nobody commits, commits for all who have gathered.

With a commit per message, SQLite's writers poll for the lock and stall for up to a second; a batch at a time serves the
same load in milliseconds. A thread of its own would be woken for each batch; here a request's own thread does the work.
"""

import json
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from bot.wecom.parse import Parsed
from models.engine import begin_writing
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
    """A message whose thread waits: `woken` is released when it is chosen to lead, and when it is dealt with."""

    __slots__ = ("leads", "row", "stored", "woken")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.stored = self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()


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
        self._lock = threading.Lock()
        self._gathered: list[_Waiting] = []
        self._is_led = False

    def store(self, parsed: Parsed, *, now: datetime) -> None:
        """Returns once the message (or an earlier delivery of it) is committed; raises `NotStored` after 4 s."""
        waiting = _Waiting(self._row(parsed, now))
        deadline = time.monotonic() + PATIENCE
        with self._lock:
            self._gathered.append(waiting)
            leads, self._is_led = not self._is_led, True
        if leads or self._is_chosen(waiting):
            self._lead(deadline)
            waiting.woken.acquire(timeout=max(0.0, deadline - time.monotonic()))
        if not waiting.stored:
            raise NotStored

    def _is_chosen(self, waiting: _Waiting) -> bool:
        """Waits until the message is dealt with, or time is up; True when its thread is to commit the next batch."""
        if not waiting.woken.acquire(timeout=PATIENCE):
            with self._lock:
                # A thread that has gone cannot be chosen any more; one that was chosen just now has not gone.
                if not waiting.leads and waiting in self._gathered:
                    self._gathered.remove(waiting)
            if waiting.leads:
                waiting.woken.acquire()
        return waiting.leads

    def _lead(self, deadline: float) -> None:
        """Commits what has gathered; where that takes waiting, a thread does it, so that everybody can give up in time."""
        with self._lock:
            batch, self._gathered = self._gathered[:MAX_BATCH], self._gathered[MAX_BATCH:]
        if self._insert(batch, waits=False):
            self._hand_on(batch)
        else:
            threading.Thread(target=self._insist, args=(batch, deadline), name="inbox-writer", daemon=True).start()

    def _insist(self, batch: list[_Waiting], deadline: float) -> None:
        try:
            while not self._insert(batch, waits=True) and time.monotonic() < deadline:
                time.sleep(RETRIES_EVERY)
        finally:
            self._hand_on(batch)

    def _hand_on(self, batch: list[_Waiting]) -> None:
        """Tells everybody in a batch that it is done with, and chooses who goes on with what came meanwhile."""
        with self._lock:
            following = self._gathered[0] if self._gathered else None
            self._is_led = following is not None
            if following:
                following.leads = True
        for waiting in batch:
            waiting.woken.release()
        if following:
            following.woken.release()

    def _insert(self, batch: list[_Waiting], *, waits: bool) -> bool:
        """Commits a batch; False when that takes waiting, or the database is away and trying again makes sense."""
        try:
            with closing(self._engine.raw_connection()) as connection:
                begin_writing(connection, waits=waits)
                cursor = connection.cursor()
                cursor.executemany(self._statement, [waiting.row for waiting in batch])
                connection.commit()
        except self._away as error:
            if waits:
                log.warning("inbox_not_stored", rows=len(batch), error=type(error).__name__)
            return False
        except self._refused as error:
            log.error("inbox_refused", rows=len(batch), error=type(error).__name__)
            if len(batch) > 1:
                # One row the database will not take must not cost the others their place.
                for waiting in batch:
                    self._insert([waiting], waits=waits)
            return True
        for waiting in batch:
            waiting.stored = True
        return True

    def _row(self, parsed: Parsed, now: datetime) -> Row:
        # SQLite keeps instants as UTC text, the way `models.column.UtcDateTime` reads them.
        at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self._is_sqlite else now
        body = seal("inbox_message.body", json.dumps(parsed.fields, ensure_ascii=False))
        return parsed.key, parsed.sender.lower()[:160], parsed.kind, body, at, at, InboxState.NEW.value, 0, ""
