"""The schema: what the changes make is what the models say, and any number of machines may bring it up at once."""

import subprocess
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from migrations import is_newest, migrate
from models.engine import open_database
from tests.cli.terminal import SECRET_KEY, Terminal, clean_environment, flask
from tests.databases import create_database, drop_database
from tests.keys import DATA_KEYS

AT_ONCE = 4


def test_the_changes_together_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert differences == []


def test_a_second_run_changes_nothing(engine: Engine) -> None:
    before = inspect(engine).get_table_names()

    migrate(engine)

    assert inspect(engine).get_table_names() == before
    assert is_newest(engine)


def test_a_database_without_tables_is_not_the_newest(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/empty.db")

    assert not is_newest(engine)
    migrate(engine)
    assert is_newest(engine)
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_four_processes_bring_a_new_database_up_at_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/new.db"
    else:
        server = request.getfixturevalue("postgres")
        drop_database(server, "linge_at_once")
        url = create_database(server, "linge_at_once")
    terminal = Terminal(
        clean_environment(tmp_path) | {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "DATA_KEYS": DATA_KEYS}
    )
    logs = [tmp_path / f"{number}.log" for number in range(AT_ONCE)]

    started: list[subprocess.Popen[bytes]] = [terminal.start(log, *flask("migrate")) for log in logs]
    statuses = [process.wait(timeout=60) for process in started]
    again = terminal.flask("migrate")

    assert statuses == [0] * AT_ONCE, "".join(log.read_text() for log in logs)
    assert again.status == 0, again.text
    assert [log.read_text() for log in logs] == ["数据库已是最新。\n"] * AT_ONCE
    engine = open_database(url)
    assert is_newest(engine)
    engine.dispose()
    if kind == "postgres":
        drop_database(request.getfixturevalue("postgres"), "linge_at_once")
