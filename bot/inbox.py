"""Handles one stored message in one transaction: the effect, the answers, the notices and "handled" stand or fall together.

Claiming is part of that transaction (a row lock on PostgreSQL, the write lock on SQLite), so a worker that dies or
wakes late has done nothing, and no lease need expire.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, Row, Text, bindparam, select, text, type_coerce, update
from sqlalchemy.orm import defer
from sqlmodel import Session, SQLModel, col

from bot.clock import Clock
from bot.converse import Stored, converse
from bot.message import Reply
from bot.outbox import enqueue_replies
from bot.wecom.kf import NEWS
from models.engine import writing
from models.message import InboxMessage, InboxState
from models.secrecy import EMPTY, unseal

# After the last wait the message is dead: the sender is told once, and an operator finds it in the console.
WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
APOLOGY = "刚才那条没处理好，我这边出了点问题，已经告诉管理员了。您的话已存下，过一会儿再发一次就行。"

log = structlog.get_logger(__name__)

# Built once: for each message, building a statement anew would cost more than running it.
_INBOX = SQLModel.metadata.tables[InboxMessage.__tablename__]
_earlier = _INBOX.alias()
_IN_HAND = (
    select(_earlier.c.id)
    .where(
        _earlier.c.sender == _INBOX.c.sender,
        _earlier.c.state == InboxState.NEW,
        _earlier.c.due_at <= bindparam("now"),
        _earlier.c.id < _INBOX.c.id,
    )
    .exists()
)
# The body comes as it is stored: one that cannot be read is that message's failure, and must not stop the others.
_CLAIM = (
    select(_INBOX.c.id, _INBOX.c.sender, _INBOX.c.kind, type_coerce(_INBOX.c.body, Text).label("sealed"))
    .where(_INBOX.c.state == InboxState.NEW, _INBOX.c.due_at <= bindparam("now"), ~_IN_HAND)
    .order_by(_INBOX.c.due_at, _INBOX.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_HANDLED = (
    update(_INBOX)
    .where(_INBOX.c.id == bindparam("message_id"))
    .values(state=InboxState.HANDLED, handled_at=bindparam("now"))
)
_UNCOUNT = update(_INBOX).where(_INBOX.c.id == bindparam("message_id")).values(attempts=_INBOX.c.attempts - 1)
_WITHOUT_BODY = defer(InboxMessage.body)  # type: ignore[arg-type]  # SQLModel types columns as their values
# Two workers may each see a sender's first message before the other's lock; only one of them goes on.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext(:sender))")


class Inbox:
    """Works off stored messages, one at a time per sender and oldest first."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._is_postgres = engine.dialect.name == "postgresql"
        # Whatever ended the last worker may be the message this one takes first.
        self._has_proved_itself = False
        # Set when a customer wrote somewhere; whoever reads the accounts clears it.
        self.has_kf_news = False

    def handle_next(self) -> bool:
        """Handles the oldest message whose sender has nothing in hand; False when there is none to handle."""
        now = self._clock()
        message_id: int | None = None
        counted = None if self._has_proved_itself else self._count_first_try(now)
        try:
            with writing(self._engine) as session:
                claimed = self._claim(session, now)
                if claimed is None:
                    return False
                message_id = claimed.id
                stored = _opened(claimed)
                converse(session, stored, now=now)
                session.connection().execute(_HANDLED, {"message_id": stored.id, "now": now})
                if counted == stored.id:
                    session.connection().execute(_UNCOUNT, {"message_id": counted})
                self._has_proved_itself = True
            self.has_kf_news |= stored.kind == NEWS
        except Exception as error:
            if message_id is None:
                raise
            log.exception("message_failed", inbox_id=message_id, error=type(error).__name__)
            self._postpone(message_id, error, now, is_counted=counted == message_id)
        return True

    def _claim(self, session: Session, now: datetime) -> "Row[Any] | None":
        connection = session.connection()
        row = connection.execute(_CLAIM, {"now": now}).first()
        if row is None:
            return None
        if self._is_postgres:
            connection.execute(_ONE_AT_A_TIME, {"sender": row.sender})
        return row

    def _count_first_try(self, now: datetime) -> int | None:
        """Counts a try before it is made, in a transaction of its own: a message that kills its worker ends up dead."""
        with writing(self._engine) as session:
            claimed = self._claim(session, now)
            if claimed is None:
                return None
            message_id: int = claimed.id
            row = session.get_one(InboxMessage, message_id, options=[_WITHOUT_BODY])
            if row.attempts > len(WAITS):
                _bury(session, row, now)
                return None
            row.attempts += 1
            return message_id

    def _postpone(self, message_id: int, error: Exception, now: datetime, *, is_counted: bool) -> None:
        """Notes a failed attempt in a transaction of its own, since the handler's was undone."""
        with writing(self._engine) as session:
            # The lock waits for a worker that took the message as soon as it was free, and then sees what it did.
            row = session.get_one(InboxMessage, message_id, with_for_update=True, options=[_WITHOUT_BODY])
            if row.state is not InboxState.NEW:
                return
            row.attempts += not is_counted
            row.error = type(error).__name__
            if row.attempts <= len(WAITS):
                row.due_at = now + WAITS[row.attempts - 1]
                return
            _bury(session, row, now)


def _opened(claimed: "Row[Any]") -> Stored:
    body = unseal("inbox_message.body", claimed.sealed)
    return Stored(claimed.id, claimed.sender, claimed.kind, json.loads(body))


def _bury(session: Session, row: InboxMessage, now: datetime) -> None:
    row.state = InboxState.DEAD
    if row.sender and not row.kind.startswith("event."):
        sorry = [Reply(APOLOGY)]
        enqueue_replies(session, to=row.sender, replies=sorry, inbox_id=row.id, token="", now=now)


def handle_again(session: Session, message_id: int, *, now: datetime) -> bool:
    """Puts a dead message back in line for an operator; False when it is not dead, or its words are gone by now."""
    values: dict[str, Any] = {"state": InboxState.NEW, "attempts": 0, "due_at": now, "error": ""}
    is_dead = col(InboxMessage.id) == message_id, col(InboxMessage.state) == InboxState.DEAD
    again = (
        update(InboxMessage)
        .where(*is_dead, col(InboxMessage.body) != EMPTY)
        .values(**values)
        .returning(col(InboxMessage.id))
    )
    return session.execute(again).first() is not None
