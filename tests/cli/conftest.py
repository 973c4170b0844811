"""A terminal with settings, and one without."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import RunningSimulator
from tests.cli.terminal import SECRET_KEY, Terminal, clean_environment, settings_of
from tests.keys import DATA_KEYS


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    """A terminal on a fresh machine, in a folder without a `.env`: nothing is set."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Terminal(clean_environment(tmp_path), folder)


@pytest.fixture
def terminal(tmp_path: Path, sqlite_template: Path) -> Terminal:
    """A terminal in the project's root, over an empty database of the newest schema, without WeCom's settings."""
    shutil.copy(sqlite_template, tmp_path / "linge.db")
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/linge.db", "SECRET_KEY": SECRET_KEY, "DATA_KEYS": DATA_KEYS}
    return Terminal(clean_environment(tmp_path) | own)


@pytest.fixture
def platform() -> Iterator[RunningSimulator]:
    """The simulated WeCom on the real clock, as the commands have it."""
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def connected(tmp_path: Path, terminal: Terminal, platform: RunningSimulator) -> Terminal:
    """A terminal over that database whose settings are those of the simulated corp."""
    own = settings_of(platform.world, terminal.environment["DATABASE_URL"])
    return Terminal({**terminal.environment, **own})
