"""Opens the database, SQLite or PostgreSQL, so that both behave alike."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlmodel import Session

# How long a SQLite writer waits for another one before it gives up, in milliseconds.
SQLITE_BUSY_MS = 15_000
# A server that is gone without a word is noticed within seconds (seconds; tcp_user_timeout in milliseconds).
POSTGRES_PATIENCE = {
    "connect_timeout": "3",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
# So is a machine of ours: what it had locked, such as the pace of all sending, must not stay locked for hours.
POSTGRES_SESSION = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "5min",
}


def open_database(url: str) -> Engine:
    """The engine for a database URL; the folder of a SQLite file is made when it is missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    return _open_postgres(address)


def _open_postgres(address: URL) -> Engine:
    patient = address.set(query={**POSTGRES_PATIENCE, **address.query})
    engine = create_engine(patient, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        for name, value in POSTGRES_SESSION.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
        # A commit that returned must outlive the server; a setting that asks for more stays.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
        )
    connection.commit()


class _SqliteConnection(sqlite3.Connection):
    """A connection whose writers queue at a lock file: SQLite itself makes them poll, and starves some for seconds."""

    turn: int | None = None

    def begin(self, *, reads_only: bool, waits: bool = True) -> None:
        """Begins at once: a transaction that reads first and writes later loses updates under a deferred BEGIN.

        One that does not wait raises sqlite3.OperationalError where another one is writing.
        """
        if reads_only:
            self.execute("BEGIN")
            return
        if waits:
            self._await_turn()
            self.execute("BEGIN IMMEDIATE")
            return
        self._take_turn_now()
        self.execute("PRAGMA busy_timeout=0")
        try:
            self.execute("BEGIN IMMEDIATE")
        finally:
            self.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")

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

    def take_turns_at(self, path: Path) -> None:
        """Makes this connection's writers queue at the file; raises sqlite3.OperationalError where it cannot be opened."""
        try:
            self.turn = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise sqlite3.OperationalError(f"no turn to take: {error.strerror}") from error

    def _await_turn(self) -> None:
        # The kernel wakes whoever waits longest; who dies or is killed in the middle loses its turn.
        if self.turn is not None:
            fcntl.flock(self.turn, fcntl.LOCK_EX)

    def _take_turn_now(self) -> None:
        if self.turn is not None:
            try:
                fcntl.flock(self.turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise sqlite3.OperationalError("another one is writing") from None

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
            connection.take_turns_at(Path(f"{address.database}.turn"))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_sqlite)
    if is_file:
        _watch_file(engine, Path(address.database or "").absolute())
    return engine


def _watch_file(engine: Engine, path: Path) -> None:
    """Follows a file that is moved or replaced: else open connections write to the old one, and new ones make an empty one."""
    seen: set[tuple[int, int]] = set()

    def refuse_a_second_beginning(*_connecting: Any) -> None:
        if seen and not path.exists():
            raise sqlite3.OperationalError("the database file is gone")

    def note(_connection: _SqliteConnection, record: Any) -> None:
        record.info["file"] = _identity(path)
        seen.add(record.info["file"])

    def check(_connection: _SqliteConnection, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError("the database file is another one now")

    event.listen(engine, "do_connect", refuse_a_second_beginning)
    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, _SqliteConnection)
    try:
        driver.begin(reads_only=connection.get_execution_options().get("reads_only", False))
    except sqlite3.Error as error:
        raise OperationalError("BEGIN", None, error) from error


def begin_writing(connection: PoolProxiedConnection, *, waits: bool) -> None:
    """Begins a transaction on a bare connection of the pool, for statements that go straight to the driver.

    Unless it `waits`, it is refused with the driver's OperationalError where others are writing (PostgreSQL: where a
    statement is held up for more than a second).
    """
    driver = connection.driver_connection
    if isinstance(driver, _SqliteConnection):
        driver.begin(reads_only=False, waits=waits)
    elif not waits:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1s'")


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
