"""Takes back what was written by a clock that ran ahead: else it would stand still for as long as that clock was wrong."""

import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, Update, update
from sqlmodel import col

from bot.backup import UNTIL_RELEASED
from bot.clock import Clock
from bot.group.pull import UNASKED as GROUP_UNASKED
from bot.job_run import LEASE as JOB_LEASE
from bot.job_run import WAITS as JOB_WAITS
from bot.kf.pull import LEASE as READER_LEASE
from bot.kf.pull import UNASKED
from bot.media.fetch import LEASE as FETCH_LEASE
from bot.media.fetch import WAITS as FETCH_WAITS
from bot.outcome import BACKOFF
from bot.pace import SKEW
from bot.pause import REFUSED
from models.engine import writing
from models.group import CustomerGroup
from models.job import JobRun
from models.kf import KfCursor
from models.media import IS_TO_DO, MediaFile
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from models.platform import AccessToken, Pause

log = structlog.get_logger(__name__)


class BackwardClock:
    """Notices that the clock was set back since it last looked, and always at its first look: nobody knows before."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._ahead: timedelta | None = None

    def look(self) -> None:
        """Mends what the clock left in the future, once each time it went back by more than a minute."""
        now = self._clock()
        # By how much the clock differs from one that nobody sets.
        ahead = timedelta(seconds=now.timestamp() - time.monotonic())
        if self._ahead is None or ahead < self._ahead - SKEW:
            moved = mend(self._engine, now=now)
            if moved:
                log.warning("clock_was_set_back", rows=moved)
        self._ahead = ahead


def mend(engine: Engine, *, now: datetime) -> int:
    """Lets go on at `now` what waits for an instant that only a wrong clock can have written; returns how many rows."""
    with writing(engine) as session:
        return sum(session.connection().execute(statement).rowcount for statement in _statements(now))


def _statements(now: datetime) -> list[Update]:
    later = now + SKEW
    inbox, outbox, cursor, pause, run, media = InboxMessage, OutboxMessage, KfCursor, Pause, JobRun, MediaFile
    queued = col(outbox.state).in_((OutboxState.QUEUED, OutboxState.SENDING))
    return [
        # An incoming message never waits for longer than a few minutes.
        update(inbox)
        .where(col(inbox.state) == InboxState.NEW, col(inbox.due_at) > later + timedelta(minutes=2))
        .values(due_at=now),
        # One that was to leave at once; what was put off on purpose keeps its time.
        update(outbox)
        .where(queued, col(outbox.due_at) > later, col(outbox.due_at) <= col(outbox.created_at))
        .values(due_at=now),
        update(outbox)
        .where(queued, col(outbox.due_at) > later + max(BACKOFF), col(outbox.attempts) > 0)
        .values(due_at=now),
        update(outbox)
        .where(col(outbox.state) == OutboxState.SENDING, col(outbox.lease_until) > later + timedelta(minutes=1))
        .values(lease_until=now),
        # A pause of ours; one that waits for a person stands.
        update(pause)
        .where(col(pause.until) > later + REFUSED.longest, col(pause.until) < UNTIL_RELEASED)
        .values(until=now),
        update(run).where(col(run.lease_until) > later + max(JOB_LEASE, *JOB_WAITS)).values(lease_until=now),
        update(cursor).where(col(cursor.due_at) > later + UNASKED).values(due_at=now),
        update(cursor).where(col(cursor.lease_until) > later + READER_LEASE).values(lease_until=None),
        update(media).where(IS_TO_DO, col(media.due_at) > later + max(FETCH_WAITS)).values(due_at=now),
        update(media).where(IS_TO_DO, col(media.lease_until) > later + FETCH_LEASE).values(lease_until=None),
        update(CustomerGroup).where(col(CustomerGroup.due_at) > later + GROUP_UNASKED).values(due_at=now),
        update(CustomerGroup).where(col(CustomerGroup.lease_until) > later + READER_LEASE).values(lease_until=None),
        update(AccessToken).where(col(AccessToken.refreshing_until) > later).values(refreshing_until=None),
    ]
