"""Lets go of what has done its work; the audit log, reports and results stay for good."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, update

from models.job import JobRun, JobState
from models.login import Login, LoginAttempt
from models.message import Conversation, InboxMessage, InboxState, OutboxMessage, OutboxState
from services import audit

# Six months and a little, as network logs must be kept; the rows themselves stay, so no message is taken twice.
KEEP_MESSAGES = timedelta(days=190)
KEEP_RUNS = timedelta(days=30)
KEEP_QUESTIONS = timedelta(days=7)
EMPTY = "{}"

_ENDED = (OutboxState.SENT, OutboxState.PARTLY_SENT, OutboxState.EXPIRED, OutboxState.DEAD)
_OVER = (JobState.DONE, JobState.SKIPPED)


def purge(session: Session, *, now: datetime) -> dict[str, int]:
    """Empties and deletes what is past its time; returns how many rows of each kind."""
    session.flush()  # the statements go past the session, which would not flush by itself
    done = {name: session.connection().execute(statement).rowcount for name, statement in _statements(now)}
    if any(done.values()):
        audit.record(session, "purge", "database", by="purge", now=now, **done)
    return done


def _statements(now: datetime) -> Iterator[tuple[str, Any]]:
    old = now - KEEP_MESSAGES
    yield (
        "inbox",
        update(InboxMessage)
        .where(
            col(InboxMessage.state) == InboxState.HANDLED,
            col(InboxMessage.due_at) < old,
            col(InboxMessage.body) != EMPTY,
        )
        .values(body=EMPTY),
    )
    yield (
        "outbox",
        update(OutboxMessage)
        .where(
            col(OutboxMessage.state).in_(_ENDED), col(OutboxMessage.due_at) < old, col(OutboxMessage.payload) != EMPTY
        )
        .values(payload=EMPTY, pressed_key=""),
    )
    yield "logins", delete(Login).where(col(Login.expires_at) < now)
    yield "login_attempts", delete(LoginAttempt).where(col(LoginAttempt.expires_at) < now)
    yield "questions", delete(Conversation).where(col(Conversation.updated_at) < now - KEEP_QUESTIONS)
    # A job's registration has no end and stays.
    yield "runs", delete(JobRun).where(col(JobRun.state).in_(_OVER), col(JobRun.ended_at) < now - KEEP_RUNS)
    yield (
        "failed_runs",
        delete(JobRun).where(
            col(JobRun.state) == JobState.FAILED, col(JobRun.lease_until).is_(None), col(JobRun.ended_at) < old
        ),
    )
