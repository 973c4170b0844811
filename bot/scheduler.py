"""Runs every job once per due time over any number of machines: APScheduler ticks, the database remembers."""

import logging
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.heartbeat import CLOCK
from bot.job_run import LEASE, REGISTERED, Claim, LeaseLost, claim_at, claim_next, fail, finish, hold, jobs_with_work
from bot.message import Notice
from bot.outbox import enqueue_notices
from bot.pulse import Pulse
from bot.quiet import county_workdays
from bot.registry import JOBS, Job, JobContext
from bot.wecom.client import WeComClient
from bot.wecom.errors import WeComError
from domain.calendar import Workdays, local
from domain.errors import DomainError
from models.engine import reading, writing
from models.job import JobRun, JobState

# By then another machine may have taken the run over, and a job that still runs is stuck.
LONGEST_RUN = LEASE + timedelta(minutes=1)

log = structlog.get_logger(__name__)


class JobFailed(DomainError):
    """The job an operator asked for failed; the message says how, and whether it is tried again."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A job with its next due time and its last run, for those who look at what is scheduled."""

    job: Job
    next_at: datetime | None
    last: JobRun | None


class Scheduler:
    """The clock of one machine; others may run beside it on the same database."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock, jobs: Mapping[str, Job] = JOBS) -> None:
        self._engine, self._client, self._clock, self._jobs = engine, client, clock, jobs
        self._went_on = time.monotonic()

    def run_forever(self, stop: threading.Event, *, supervisor: int | None = None) -> None:
        """Ticks every second until `stop` is set; a job in hand is finished first.

        `supervisor` is the pipe to the process that restarts this one when it is stuck.
        """
        pulse = Pulse(self._engine, self._clock, CLOCK, supervisor)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would log each tick
        ticking = BackgroundScheduler(timezone=UTC)
        ticking.add_job(self._tick_on, IntervalTrigger(seconds=1, timezone=UTC), coalesce=True, misfire_grace_time=None)
        ticking.start()
        while not stop.wait(1.0):
            self._show(pulse)
        ticking.shutdown(wait=True)

    def _show(self, pulse: Pulse) -> None:
        """Shows that the clock goes on, unless one job has been running for longer than it may."""
        if time.monotonic() - self._went_on > LONGEST_RUN.total_seconds():
            return
        pulse.tell()
        with suppress(SQLAlchemyError):  # the tick says so if the database is away
            pulse.note()

    def tick(self) -> int:
        """Runs all that is due now and that no other machine has taken; returns how many runs this machine did."""
        now = self._clock()
        with reading(self._engine) as session:
            workdays = county_workdays(session)
            waiting = jobs_with_work(session, self._jobs.values(), now, workdays)
        done = 0
        for job in waiting:
            while (claim := self._claim(job, workdays)) is not None:
                self._run(claim)
                done += 1
        return done

    def run_now(self, name: str, at: datetime | None = None) -> str:
        """Runs one job as if due at `at` (else this minute), once per time; its notices leave at any hour.

        Returns what came of it, in a sentence. Refuses a name nobody registered; raises `JobFailed` when it failed.
        """
        job = self._jobs.get(name)
        if job is None:
            raise DomainError(f"没有叫“{name}”的定时任务。现有：{'、'.join(sorted(self._jobs))}。")
        now = self._clock()
        due_at = at or now.replace(second=0, microsecond=0)
        with writing(self._engine) as session:
            claim = claim_at(session, job, due_at, now, county_workdays(session))
        when = f"{local(due_at):%Y-%m-%d %H:%M}"
        if isinstance(claim, Claim):
            self._run(claim, asked=True)
            return self._told(claim, f"{name}（{when}）")
        if claim.state is JobState.RUNNING:
            return f"{name} 正在别处运行，这次没有再跑。过几分钟再看。"
        return f"{name}（{when}）已经跑过，这次没有再跑。上次结果：{claim.outcome}"

    def upcoming(self, now: datetime) -> list[Upcoming]:
        """Every job with its next due time, the soonest first."""
        with reading(self._engine) as session:
            return upcoming(session, now, self._jobs)

    def _tick_on(self) -> None:
        try:
            self._went_on = time.monotonic()
            self.tick()
        except Exception as error:  # noqa: BLE001 the clock must outlive a database that is briefly away
            log.error("tick_failed", reason=_reason(error))

    def _claim(self, job: Job, workdays: Workdays) -> Claim | None:
        with writing(self._engine) as session:
            return claim_next(session, job, self._clock(), workdays)

    def _run(self, claim: Claim, *, asked: bool = False) -> None:
        self._went_on = time.monotonic()
        try:
            gathered = claim.job.gather(self._client) if claim.job.gather else None
            outcome = self._carry_out(claim, gathered, asked=asked)
        except LeaseLost:
            log.warning("job_taken_over", job=claim.job.name, due_at=claim.due_at.isoformat())
        except Exception as error:  # noqa: BLE001 one job's fault is noted on its run and must not stop the others
            self._fail(claim, _reason(error))
        else:
            log.info("job_done", job=claim.job.name, due_at=claim.due_at.isoformat(), outcome=outcome)

    def _carry_out(self, claim: Claim, gathered: object, *, asked: bool) -> str:
        """Effects, notices and "done" in one transaction."""
        with writing(self._engine) as session:
            run = hold(session, claim)
            now = self._clock()
            context = JobContext(session, claim.due_at, now, gathered)
            notices = claim.job.function(context)
            timely = [_lasting(notice, now) for notice in notices] if asked else _timely(notices, now)
            new = enqueue_notices(session, timely, now=now, any_hour=asked)
            outcome = "；".join([*context.outcome, *_counted(new, len(notices) - len(timely))]) or "没有要做的"
            finish(run, outcome, now)
        return outcome

    def _fail(self, claim: Claim, reason: str) -> None:
        log.error("job_failed", job=claim.job.name, due_at=claim.due_at.isoformat(), reason=reason)
        try:
            with writing(self._engine) as session:
                fail(session, claim, reason, self._clock())
        except LeaseLost:
            log.warning("job_taken_over", job=claim.job.name, due_at=claim.due_at.isoformat())

    def _told(self, claim: Claim, subject: str) -> str:
        with reading(self._engine) as session:
            run = session.get_one(JobRun, claim.run_id)
            if run.state is JobState.DONE:
                return f"{subject}跑完了：{run.outcome}"
            again = "稍后会自动再试。" if run.lease_until else ""
            raise JobFailed(f"{subject}没跑成：{run.outcome}。{again}")


def upcoming(session: Session, now: datetime, jobs: Mapping[str, Job] = JOBS) -> list[Upcoming]:
    """Every job with its next due time and its last run, the soonest first."""
    workdays = county_workdays(session)
    found = []
    for job in jobs.values():
        runs = select(JobRun).where(JobRun.job == job.name, col(JobRun.due_at) > REGISTERED)
        last = session.exec(runs.order_by(col(JobRun.due_at).desc()).limit(1)).first()
        if last is not None:
            session.expunge(last)  # it is looked at after the session has ended
        found.append(Upcoming(job, job.schedule.next(now, workdays), last))
    return sorted(found, key=lambda each: (each.next_at is None, each.next_at or now, each.job.name))


def _timely(notices: list[Notice], now: datetime) -> list[Notice]:
    """What is still worth saying: after downtime a reminder may be older than its own deadline."""
    return [notice for notice in notices if notice.expires_at is None or notice.expires_at > now]


def _lasting(notice: Notice, now: datetime) -> Notice:
    """An operator who runs a past time wants its messages: a deadline that has passed since does not hold them back."""
    is_past = notice.expires_at is not None and notice.expires_at <= now
    return replace(notice, expires_at=None) if is_past else notice


def _counted(new: int, late: int) -> list[str]:
    told = [f"{new} 条消息"] if new else []
    return [*told, f"{late} 条已过时，没有发"] if late else told


def _reason(error: Exception) -> str:
    """What operators read: a refusal as it stands, else the kind of fault and its place, never data or secrets."""
    if isinstance(error, DomainError):
        return str(error)
    if isinstance(error, WeComError):
        return error.explanation
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}（{Path(place.filename).name}:{place.lineno}）"
