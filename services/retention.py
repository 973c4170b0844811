"""Lets go of what has done its work; the audit log, reports and results stay for good."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Delete, Update, and_, delete, or_, update
from sqlmodel import Session, col, select

from models.job import JobRun, JobState
from models.login import Login, UsedState
from models.media import MediaFile, MediaState
from models.message import (
    HAS_BODY,
    HAS_PAYLOAD,
    Conversation,
    InboxMessage,
    InboxState,
    OutboxMessage,
    OutboxState,
)
from models.secrecy import EMPTY
from services import audit

# Six months and a little, as network logs must be kept; the rows themselves stay, so no message is taken twice.
KEEP_MESSAGES = timedelta(days=190)
KEEP_RUNS = timedelta(days=30)
# What runs every few minutes leaves many rows, and its log lines say the same.
FREQUENT_JOBS = ("seal_audit", "sweep", "escalate_tickets", "pass_on_waiting")
KEEP_FREQUENT_RUNS = timedelta(days=1)
KEEP_QUESTIONS = timedelta(days=7)
# Rows that one statement empties.
BATCH = 5_000

_OPEN = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.WAITING)
_OVER = (JobState.DONE, JobState.SKIPPED)


def purge(session: Session, *, now: datetime) -> dict[str, int]:
    """Empties and deletes what is past its time; returns how many rows of each kind."""
    session.flush()  # the statements go past the session, which would not flush by itself
    connection = session.connection()
    emptied = {name: _in_batches(connection, statement) for name, statement in _emptyings(now - KEEP_MESSAGES)}
    emptied["media"] = connection.execute(_letting_go(now)).rowcount
    deleted = {name: connection.execute(statement).rowcount for name, statement in _deletions(now)}
    done = emptied | deleted
    if any(done.values()):
        audit.record(session, "purge", "database", by="purge", now=now, **done)
    return done


def _in_batches(connection: Connection, statement: Update) -> int:
    """Repeats a statement that changes up to `BATCH` rows until none are left; returns how many it changed."""
    total = 0
    while True:
        changed = connection.execute(statement).rowcount
        total += changed
        if changed < BATCH:
            return total


def _emptyings(old: datetime) -> Iterator[tuple[str, Update]]:
    letters = select(InboxMessage.id).where(
        HAS_BODY, col(InboxMessage.received_at) < old, col(InboxMessage.state) != InboxState.NEW
    )
    yield "inbox", update(InboxMessage).where(col(InboxMessage.id).in_(letters.limit(BATCH))).values(body=EMPTY)
    # What was tried again lately is due later than it was made.
    posts = select(OutboxMessage.id).where(
        HAS_PAYLOAD,
        col(OutboxMessage.created_at) < old,
        col(OutboxMessage.due_at) < old,
        col(OutboxMessage.state).not_in(_OPEN),
    )
    outbox = update(OutboxMessage).where(col(OutboxMessage.id).in_(posts.limit(BATCH)))
    yield "outbox", outbox.values(payload=EMPTY, pressed_key="")


def _letting_go(now: datetime) -> Update:
    """The files themselves are deleted by the fetcher once this is committed: a row goes on naming its file until then."""
    is_over = col(MediaFile.purge_at) < now, col(MediaFile.state) == MediaState.KEPT
    return update(MediaFile).where(*is_over).values(state=MediaState.LET_GO, due_at=now, lease_until=None)


def _deletions(now: datetime) -> Iterator[tuple[str, Delete]]:
    yield "logins", delete(Login).where(col(Login.expires_at) < now)
    yield "used_states", delete(UsedState).where(col(UsedState.expires_at) < now)
    yield "questions", delete(Conversation).where(col(Conversation.updated_at) < now - KEEP_QUESTIONS)
    # A job's registration has no end and stays.
    is_old = and_(col(JobRun.state).in_(_OVER), col(JobRun.ended_at) < now - KEEP_RUNS)
    is_frequent = and_(
        col(JobRun.state) == JobState.DONE,
        col(JobRun.job).in_(FREQUENT_JOBS),
        col(JobRun.ended_at) < now - KEEP_FREQUENT_RUNS,
    )
    yield "runs", delete(JobRun).where(or_(is_old, is_frequent))
    given_up = col(JobRun.state) == JobState.FAILED, col(JobRun.lease_until).is_(None)
    yield "failed_runs", delete(JobRun).where(*given_up, col(JobRun.ended_at) < now - KEEP_MESSAGES)
