"""Several clock processes on one database, each with a clock that is a little wrong: every due time happens once."""

import multiprocessing
import time
from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.job_run import REGISTERED
from bot.registry import CatchUp, Job
from bot.schedule import every_minutes
from bot.scheduler import Scheduler
from domain.calendar import Workdays
from models.audit import AuditEntry
from models.engine import open_database, reading
from models.job import JobRun, JobState
from tests.bot.clocks import NOBODY, note
from tests.times import FRIDAY

# Forty minutes pass in four seconds; the clocks are further apart than the due times.
SPEED = 600
ENDS = FRIDAY + timedelta(minutes=40)
SKEWS = (-120.0, -30.0, 45.0, 120.0)
SCHEDULE = every_minutes(2)
JOBS = {"note": Job("note", SCHEDULE, CatchUp.EACH, "", None, False, note)}


def run_clock(database_url: str, skew: float, ready: "multiprocessing.synchronize.Barrier") -> None:
    """One machine: ticks without rest until its own clock says that the time is over."""
    engine = open_database(database_url)
    ready.wait(timeout=60)
    began = time.monotonic()

    def clock() -> datetime:
        return FRIDAY + timedelta(seconds=(time.monotonic() - began) * SPEED + skew)

    scheduler = Scheduler(engine, NOBODY, clock, JOBS)
    while clock() < ENDS:
        scheduler.tick()
    scheduler.tick()
    engine.dispose()


def test_four_processes_with_skewed_clocks_run_each_due_time_once(database_url: str) -> None:
    engine = open_database(database_url)
    Scheduler(engine, NOBODY, lambda: FRIDAY, JOBS).tick()  # registers the job: what was due before is not its business
    spawning = multiprocessing.get_context("spawn")
    ready = spawning.Barrier(len(SKEWS))
    clocks = [spawning.Process(target=run_clock, args=(database_url, skew, ready)) for skew in SKEWS]
    for process in clocks:
        process.start()
    for process in clocks:
        process.join(timeout=90)

    assert [process.exitcode for process in clocks] == [0] * len(SKEWS)
    with reading(engine) as session:
        ran = Counter(datetime.fromisoformat(text) for text in session.exec(select(AuditEntry.subject)))
        states = Counter(session.exec(select(JobRun.state).where(col(JobRun.due_at) > REGISTERED)))
    engine.dispose()
    assert set(ran.values()) == {1}
    assert set(SCHEDULE.between(FRIDAY, ENDS, Workdays())) <= set(ran)
    assert states == {JobState.DONE: len(ran)}
