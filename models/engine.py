"""Opens the database, SQLite or PostgreSQL, so that both behave alike."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

# How long a SQLite writer waits for another one before it gives up, in milliseconds.
SQLITE_BUSY_MS = 15_000


def open_database(url: str) -> Engine:
    """The engine for a database URL; the folder of a SQLite file is made when it is missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)


class _SqliteConnection(sqlite3.Connection):
    """A connection whose writers queue at a lock file: SQLite itself makes them poll, and starves some for seconds."""

    turn: int | None = None

    def begin(self, *, reads_only: bool) -> None:
        """Begins at once: a transaction that reads first and writes later loses updates under a deferred BEGIN."""
        if reads_only:
            self.execute("BEGIN")
            return
        if self.turn is not None:
            fcntl.flock(self.turn, fcntl.LOCK_EX)
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        super().rollback()
        self._end_turn()

    def close(self) -> None:
        super().close()
        if self.turn is not None:
            os.close(self.turn)
            self.turn = None

    def _end_turn(self) -> None:
        if self.turn is not None:
            fcntl.flock(self.turn, fcntl.LOCK_UN)


def _open_sqlite(address: URL) -> Engine:
    is_file = bool(address.database) and address.database != ":memory:"
    if is_file:
        Path(address.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        hide_parameters=True,
        connect_args={
            "timeout": SQLITE_BUSY_MS / 1000,
            "check_same_thread": False,
            "factory": _SqliteConnection,
            # The driver would begin transactions late and by itself; "begin" below does it at once instead.
            "isolation_level": None,
        },
    )

    def prepare(connection: _SqliteConnection, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        if is_file:
            connection.turn = os.open(f"{address.database}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, _SqliteConnection)
    try:
        driver.begin(reads_only=connection.get_execution_options().get("reads_only", False))
    except sqlite3.Error as error:
        raise OperationalError("BEGIN", None, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction that commits at the end, or undoes everything when an error passes through."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only looks: it never waits for a writer and leaves nothing behind."""
    with Session(engine.execution_options(reads_only=True)) as session:
        try:
            yield session
        finally:
            session.rollback()
