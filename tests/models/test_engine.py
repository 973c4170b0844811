"""What every connection to the database can count on."""

import shutil
import socket
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from models.engine import open_database, reading, writing

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def test_a_server_that_takes_connections_and_says_nothing_is_given_up_within_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = open_database(
            f"postgresql+psycopg://linge@127.0.0.1:{silent.getsockname()[1]}/linge?connect_timeout=2"
        )
        began = time.monotonic()
        with pytest.raises(OperationalError), engine.connect():
            pass
        assert time.monotonic() - began < 6
        engine.dispose()


def test_what_the_address_says_about_patience_goes_before_what_is_usual() -> None:
    engine = open_database("postgresql+psycopg://linge@127.0.0.1/linge?connect_timeout=2")
    assert engine.url.query["connect_timeout"] == "2"
    assert engine.url.query["tcp_user_timeout"] == "15000"


@ON_POSTGRES
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "on"),  # the server of the tests has it off
        ("idle_in_transaction_session_timeout", "5min"),
        ("tcp_keepalives_idle", "10"),
    ],
)
def test_a_session_survives_neither_a_lost_commit_nor_a_lost_machine(engine: Engine, setting: str, value: str) -> None:
    with reading(engine) as session:
        assert session.execute(text("SELECT current_setting(:name)"), {"name": setting}).scalar_one() == value


def note(engine: Engine, app: str) -> None:
    with writing(engine) as session:
        session.execute(text("INSERT INTO access_token (app, token) VALUES (:app, '')"), {"app": app})


def noted(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.execute(text("SELECT app FROM access_token ORDER BY app")).scalars())


@ON_SQLITE
def test_a_file_that_was_moved_takes_no_more_and_no_empty_one_takes_its_place(engine: Engine) -> None:
    note(engine, "before")
    path = Path(engine.url.database or "")
    away = path.rename(path.with_name("away.db"))
    for _ in range(2):
        with pytest.raises(OperationalError):
            note(engine, "lost")
        with pytest.raises(OperationalError):
            noted(engine)
    assert not path.exists()
    away.rename(path)
    note(engine, "after")
    assert noted(engine) == ["after", "before"]


@ON_SQLITE
def test_a_restored_file_is_the_one_that_counts(engine: Engine, tmp_path: Path, sqlite_template: Path) -> None:
    note(engine, "old")
    path = Path(engine.url.database or "")
    shutil.copy(sqlite_template, tmp_path / "restored.db")
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    (tmp_path / "restored.db").rename(path)
    note(engine, "new")
    assert noted(engine) == ["new"]


def test_a_folder_that_takes_no_lock_file_is_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "linge.db.turn").mkdir()
    engine = open_database(f"sqlite:///{tmp_path}/linge.db")
    with pytest.raises((OperationalError, sqlite3.OperationalError)), writing(engine) as session:
        session.connection()
    engine.dispose()
