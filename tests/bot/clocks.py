"""Jobs and clocks for the scheduler's tests."""

from datetime import datetime
from typing import cast

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.job_run import REGISTERED
from bot.message import Notice
from bot.registry import CatchUp, Job, JobContext
from bot.schedule import Schedule
from bot.scheduler import Scheduler
from bot.wecom.client import WeComClient
from domain.calendar import Workdays
from models.audit import AuditEntry
from models.engine import reading
from models.job import JobRun
from tests.times import MovableClock

NOBODY = cast(WeComClient, None)  # no job here asks WeCom
WORKDAYS = Workdays()


def note(context: JobContext) -> list[Notice]:
    """Writes down for which due time it ran, in the transaction it was given."""
    entry = AuditEntry(at=context.now, actor="clock", action="ran", subject=context.due_at.isoformat())
    context.session.add(entry)
    return []


def make_job(schedule: Schedule, catch_up: CatchUp, name: str = "note", *, at_first_start: bool = False) -> Job:
    return Job(name, schedule, catch_up, "", None, at_first_start, note)


def make_scheduler(engine: Engine, clock: MovableClock, *jobs: Job) -> Scheduler:
    return Scheduler(engine, NOBODY, clock, {job.name: job for job in jobs})


def effects(engine: Engine) -> list[datetime]:
    """The due times the job ran for, in the order in which its effects were written."""
    with reading(engine) as session:
        return [
            datetime.fromisoformat(text)
            for text in session.exec(select(AuditEntry.subject).order_by(col(AuditEntry.id)))
        ]


def runs(engine: Engine) -> list[JobRun]:
    with reading(engine) as session:
        query = select(JobRun).where(col(JobRun.due_at) > REGISTERED).order_by(col(JobRun.due_at))
        found = list(session.exec(query))
        session.expunge_all()
        return found
