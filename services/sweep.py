"""Looks for what is stuck and needs a person: messages, sending, jobs, and a calendar about to run out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from domain.calendar import Workdays, local_date, week_of
from models.job import JobRun, JobState
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from models.platform import Pause
from services import wording

STUCK_AFTER = timedelta(minutes=5)
# What was given up longer ago has been reported on two days already.
LOOK_BACK = timedelta(days=2)
CALENDAR_DAYS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an operator should know, once per `key`; what is not urgent may wait for duty hours."""

    key: str
    text: str
    is_urgent: bool


def look(session: Session, workdays: Workdays, *, now: datetime) -> list[Finding]:
    """Everything that needs a person now, what is urgent first."""
    return [
        *_waiting(session, now),
        *_pauses(session, now),
        *_jobs(session, now),
        *_doubtful(session, now),
        *_dead(session, now),
        *_calendar(workdays, now),
    ]


def _waiting(session: Session, now: datetime) -> Iterator[Finding]:
    query = select(func.count(), func.min(InboxMessage.received_at)).where(
        InboxMessage.state == InboxState.NEW, col(InboxMessage.due_at) < now - STUCK_AFTER
    )
    count, oldest = session.exec(query).one()
    if count:
        yield Finding(f"inbox:{local_date(now)}", wording.messages_waiting(count, oldest), is_urgent=True)


def _pauses(session: Session, now: datetime) -> Iterator[Finding]:
    for pause in session.exec(select(Pause).where(col(Pause.until) > now).order_by(Pause.key)):
        text = wording.sending_paused(pause.reason, pause.until)
        yield Finding(f"pause:{pause.key}:{local_date(now)}", text, is_urgent=True)


def _jobs(session: Session, now: datetime) -> Iterator[Finding]:
    query = (
        select(JobRun)
        .where(JobRun.state == JobState.FAILED, col(JobRun.lease_until).is_(None))
        .where(col(JobRun.ended_at) > now - LOOK_BACK)
        .order_by(col(JobRun.ended_at).desc())
    )
    newest: dict[str, JobRun] = {}
    for run in session.exec(query):
        newest.setdefault(run.job, run)
    for name, run in newest.items():
        text = wording.job_given_up(name, run.due_at, run.outcome)
        yield Finding(f"job:{name}:{local_date(now)}", text, is_urgent=False)


def _doubtful(session: Session, now: datetime) -> Iterator[Finding]:
    query = select(func.count()).select_from(OutboxMessage)
    in_doubt = query.where(
        OutboxMessage.state == OutboxState.IN_DOUBT, col(OutboxMessage.first_sent_at) < now - STUCK_AFTER
    )
    if count := session.exec(in_doubt).one():
        yield Finding(f"doubt:{local_date(now)}", wording.sending_doubtful(count), is_urgent=False)


def _dead(session: Session, now: datetime) -> Iterator[Finding]:
    since = now - LOOK_BACK
    inbox = select(func.count()).where(InboxMessage.state == InboxState.DEAD, col(InboxMessage.received_at) > since)
    if count := session.exec(inbox).one():
        yield Finding(f"inbox-dead:{local_date(now)}", wording.messages_dead(count), is_urgent=False)
    outbox = select(func.count()).where(OutboxMessage.state == OutboxState.DEAD, col(OutboxMessage.created_at) > since)
    if count := session.exec(outbox).one():
        yield Finding(f"outbox-dead:{local_date(now)}", wording.sending_dead(count), is_urgent=False)


def _calendar(workdays: Workdays, now: datetime) -> Iterator[Finding]:
    """Once a week is enough: the notice for a year appears when it appears."""
    today = local_date(now)
    ahead = (today + timedelta(days=n) for n in range(CALENDAR_DAYS + 1))
    unknown = next((day for day in ahead if not workdays.is_known(day)), None)
    if unknown is not None:
        yield Finding(f"calendar:{week_of(today)}", wording.holidays_unknown(unknown), is_urgent=False)
