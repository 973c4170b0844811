"""The loops of a process show their supervisor that they go on, also while the database is away."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.heartbeat import LOOPS
from bot.media.folder import MediaFolder
from bot.pulse import Pulse, PulseReader
from bot.scheduler import Scheduler
from bot.wecom.client import WeComClient
from bot.worker import Worker
from models.engine import open_database, reading
from models.platform import Heartbeat
from tests.bot.callbacks import ON_SQLITE
from tests.cli.service import wait_until
from tests.times import MovableClock

pytestmark = ON_SQLITE


@pytest.fixture
def away() -> Iterator[Engine]:
    engine = open_database("postgresql+psycopg://linge@127.0.0.1:9/linge")
    yield engine
    engine.dispose()


def test_every_loop_notes_itself(engine: Engine, client: WeComClient, clock: MovableClock, tmp_path: Path) -> None:
    stop = threading.Event()
    runs = (
        Worker(engine, client, clock, media=MediaFolder(tmp_path)).run,
        Scheduler(engine, client, clock, {}).run_forever,
    )
    threads = [threading.Thread(target=run, args=(stop,)) for run in runs]
    for thread in threads:
        thread.start()

    def noted() -> set[str]:
        with reading(engine) as session:
            return {role for role in LOOPS if session.get(Heartbeat, role)}

    wait_until(lambda: noted() == set(LOOPS))
    stop.set()
    for thread in threads:
        thread.join()


def test_a_worker_shows_that_it_goes_on_without_a_database(
    away: Engine, client: WeComClient, clock: MovableClock, tmp_path: Path
) -> None:
    source, pipe = os.pipe()
    stop = threading.Event()
    worker = Worker(away, client, clock, media=MediaFolder(tmp_path), supervisor=pipe)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    told = b""
    while told.count(b"worker") < 2 or told.count(b"sender") < 2:
        told += os.read(source, 100)
    stop.set()
    thread.join()
    os.close(pipe)
    os.close(source)


def test_a_supervisor_that_slept_gives_its_children_the_whole_time_again(
    engine: Engine, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    reader = PulseReader(("worker",))
    Pulse(engine, clock, "worker", reader.pipe).tell()
    assert reader.stuck() == ""
    now[0] += 3600
    assert reader.stuck() == ""
    for _ in range(3):
        now[0] += 31
        stuck = reader.stuck()
    assert stuck == "worker"
    reader.close()


def test_a_supervisor_that_is_gone_stops_nobody(engine: Engine, clock: MovableClock) -> None:
    source, pipe = os.pipe()
    os.close(source)
    Pulse(engine, clock, "worker", pipe).tell()
    os.close(pipe)
