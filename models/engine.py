"""Opens the database, SQLite or PostgreSQL, so that both behave alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlmodel import Session

# How long a SQLite writer waits for another one before it gives up, in milliseconds.
SQLITE_BUSY_MS = 15_000


def open_database(url: str) -> Engine:
    """The engine for a database URL; the folder of a SQLite file is made when it is missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)


def _open_sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        hide_parameters=True,
        connect_args={"timeout": SQLITE_BUSY_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions late and by itself; "begin" below does it at once instead.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later loses updates under a deferred BEGIN.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


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
