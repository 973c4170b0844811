"""What the database remembers of the clock: who may start a run, how it ended, when a failed one is tried again.

Each job has one row at `REGISTERED`. Whoever claims locks it first, so a job never runs twice at a time; its
`started_at` says up to when due times have been dealt with. A failed run keeps in `lease_until` when it is tried
again, or nothing once it has been given up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.registry import CatchUp, Job
from domain.calendar import Workdays
from models.job import JobRun, JobState

REGISTERED = datetime(1970, 1, 1, tzinfo=UTC)

# A run that has not ended by then died with its machine; another one takes it over.
LEASE = timedelta(minutes=10)
# After the last wait a failed run is given up and stays in sight of the operators.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25))
# A due time that is older than this was missed, for jobs that skip what they missed.
MISSED_AFTER = timedelta(minutes=10)

_INSTANT = timedelta(microseconds=1)


class LeaseLost(Exception):
    """The run went to another machine while this one slept: it must not write."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job for one due time, until the lease ends or somebody makes the next attempt."""

    run_id: int
    job: Job
    due_at: datetime
    attempt: int


def jobs_with_work(session: Session, jobs: Iterable[Job], now: datetime, workdays: Workdays) -> list[Job]:
    """The jobs that somebody should claim at `now`; only looks, so it may run every second."""
    jobs = list(jobs)
    registered = col(JobRun.job).in_([job.name for job in jobs]), col(JobRun.due_at) == REGISTERED
    rows = session.exec(select(JobRun.job, JobRun.started_at).where(*registered))
    done_until = {name: until or REGISTERED for name, until in rows}
    retried = set(
        session.exec(select(JobRun.job).where(col(JobRun.lease_until) <= now, col(JobRun.due_at) > REGISTERED))
    )

    def has_work(job: Job) -> bool:
        if job.name not in done_until or job.name in retried:
            return True
        upcoming = job.schedule.next(done_until[job.name], workdays)
        return upcoming is not None and upcoming <= now

    return [job for job in jobs if has_work(job)]


def claim_next(session: Session, job: Job, now: datetime, workdays: Workdays) -> Claim | None:
    """The next run of a job for this machine, an interrupted or failed one first; None when there is nothing to do."""
    registration = _lock_registration(session, job, now, workdays)
    running = session.exec(_runs(job).where(JobRun.state == JobState.RUNNING)).first()
    if running is not None and not _is_free(session, running, now):
        return None
    waiting = running or _waiting(session, job, now)
    if waiting is not None and waiting.attempts > len(WAITS):
        _give_up(waiting, now)
        waiting = None
    return _start(waiting, job, now) if waiting else _claim_due(session, job, registration, now, workdays)


def claim_at(session: Session, job: Job, due_at: datetime, now: datetime, workdays: Workdays) -> Claim | JobRun:
    """The run an operator asks for; the existing run instead when it is done, or any run of the job goes on."""
    _lock_registration(session, job, now, workdays)
    running = session.exec(_runs(job).where(JobRun.state == JobState.RUNNING)).first()
    if running is not None and not _is_free(session, running, now):
        return running
    run = session.exec(_runs(job).where(JobRun.due_at == due_at)).first()
    if run is None:
        return Claim(_insert(session, job, due_at, now, JobState.RUNNING) or 0, job, due_at, 1)
    return run if run.state is JobState.DONE else _start(run, job, now)


def hold(session: Session, claim: Claim) -> JobRun:
    """The claimed run, locked until the transaction ends; raises `LeaseLost` when it is no longer ours."""
    run = session.exec(select(JobRun).where(JobRun.id == claim.run_id).with_for_update()).one()
    if run.state is not JobState.RUNNING or run.attempts != claim.attempt:
        raise LeaseLost
    return run


def finish(run: JobRun, outcome: str, now: datetime) -> None:
    """Marks a held run as done, in the transaction of its effects."""
    run.state, run.ended_at, run.lease_until, run.outcome = JobState.DONE, now, None, outcome


def fail(session: Session, claim: Claim, reason: str, now: datetime) -> None:
    """Notes why a run failed and when it is tried again; raises `LeaseLost` when somebody else already does."""
    run = hold(session, claim)
    run.state, run.ended_at, run.outcome = JobState.FAILED, now, reason
    run.lease_until = now + WAITS[run.attempts - 1] if run.attempts <= len(WAITS) else None


def _runs(job: Job) -> SelectOfScalar[JobRun]:
    return select(JobRun).where(JobRun.job == job.name, col(JobRun.due_at) > REGISTERED)


def _lock_registration(session: Session, job: Job, now: datetime, workdays: Workdays) -> JobRun:
    query = select(JobRun).where(JobRun.job == job.name, JobRun.due_at == REGISTERED).with_for_update()
    found = session.exec(query).first()
    if found is not None:
        return found
    last = job.schedule.latest(now, workdays) if job.at_first_start else None
    _insert(session, job, REGISTERED, last - _INSTANT if last else now, JobState.SKIPPED)
    return session.exec(query).one()


def _is_free(session: Session, run: JobRun, now: datetime) -> bool:
    """Whether a run that should go on is abandoned: its lease is over and nobody is just writing its effects."""
    if run.lease_until is not None and run.lease_until > now:
        return False
    query = select(JobRun).where(JobRun.id == run.id, JobRun.state == JobState.RUNNING)
    return session.exec(query.with_for_update(skip_locked=True)).first() is not None


def _waiting(session: Session, job: Job, now: datetime) -> JobRun | None:
    query = _runs(job).where(JobRun.state == JobState.FAILED, col(JobRun.lease_until) <= now)
    return session.exec(query.order_by(col(JobRun.due_at)).limit(1)).first()


def _start(run: JobRun, job: Job, now: datetime) -> Claim:
    if run.state is not JobState.RUNNING and run.lease_until is None:
        run.attempts = 0  # given up or skipped: an operator's wish counts afresh
    run.state, run.attempts = JobState.RUNNING, run.attempts + 1
    run.started_at, run.ended_at, run.lease_until = now, None, now + LEASE
    return Claim(run.id or 0, job, run.due_at, run.attempts)


def _give_up(run: JobRun, now: datetime) -> None:
    run.state, run.ended_at, run.lease_until = JobState.FAILED, now, None
    run.outcome = run.outcome or "每次都中途断了，没有做完"


def _claim_due(session: Session, job: Job, registration: JobRun, now: datetime, workdays: Workdays) -> Claim | None:
    for due_at in _due_times(job, registration.started_at or now, now, workdays):
        registration.started_at = due_at
        is_missed = job.catch_up is CatchUp.SKIP and now - due_at > MISSED_AFTER
        state = JobState.SKIPPED if is_missed else JobState.RUNNING
        run_id = _insert(session, job, due_at, now, state)
        if run_id is not None and not is_missed:
            return Claim(run_id, job, due_at, 1)
    return None


def _due_times(job: Job, after: datetime, now: datetime, workdays: Workdays) -> list[datetime]:
    if job.catch_up is CatchUp.EACH:
        return job.schedule.between(after, now, workdays)
    newest = job.schedule.latest(now, workdays)
    return [newest] if newest is not None and newest > after else []


def _insert(session: Session, job: Job, due_at: datetime, started_at: datetime, state: JobState) -> int | None:
    """The id of the new row; None when another machine already has this due time."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    runs = state is JobState.RUNNING
    statement = insert(JobRun).values(
        job=job.name,
        due_at=due_at,
        state=state,
        attempts=int(runs),
        started_at=started_at,
        lease_until=started_at + LEASE if runs else None,
        outcome="",
    )
    unless_taken = statement.on_conflict_do_nothing(index_elements=["job", "due_at"])
    run_id: int | None = session.execute(unless_taken.returning(col(JobRun.id))).scalar_one_or_none()
    return run_id
