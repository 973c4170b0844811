"""Handles stored messages: the effect, the answers, the notices and "handled" of each stand or fall together.

Claiming is part of that transaction (a row lock on PostgreSQL, the write lock on SQLite), so a worker that dies or
wakes late has done nothing, and no lease need expire. Messages that wait at the same time share a transaction, since the
disk takes as long for many as for one; when one of them fails all are undone, and each is handled in one of its own.
"""

import json
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, Row, Select, Text, bindparam, func, select, true, type_coerce, update
from sqlalchemy.orm import defer
from sqlmodel import Session, SQLModel, col

from bot.clock import Clock
from bot.converse import Stored, converse
from bot.message import Reply
from bot.outbox import enqueue_replies
from bot.wecom.kf import NEWS
from models.engine import writing
from models.gathered import gather, write_gathered
from models.message import InboxMessage, InboxState
from models.secrecy import EMPTY, unseal

# After the last wait the message is dead: the sender is told once, and an operator finds it in the console.
WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
APOLOGY = "刚才那条没处理好，我这边出了点问题，已经告诉管理员了。您的话已存下，过一会儿再发一次就行。"
# The most messages in one transaction, and for how long another one is begun in it, in seconds: the first of them waits
# for its answer meanwhile, and on SQLite everybody who writes waits, the callbacks among them.
TOGETHER = 32
BEGINS_FOR = {"sqlite": 0.02, "postgresql": 0.1}

log = structlog.get_logger(__name__)

# Built once: for each message, building a statement anew would cost more than running it.
_INBOX = SQLModel.metadata.tables[InboxMessage.__tablename__]
_own = _INBOX.alias()
# A scalar, not NOT EXISTS: that PostgreSQL turns into a join, which it plans for the usual empty queue, and then a
# thousand waiting messages are a million comparisons for each claim.
_FIRST_OF_SENDER = (
    select(_own.c.id)
    .where(_own.c.sender == _INBOX.c.sender, _own.c.state == InboxState.NEW, _own.c.due_at <= bindparam("now"))
    .order_by(_own.c.id)
    .limit(1)
    .scalar_subquery()
)
# The body comes as it is stored: one that cannot be read is that message's failure, and must not stop the others.
_CLAIM = (
    select(
        _INBOX.c.id,
        _INBOX.c.sender,
        _INBOX.c.kind,
        type_coerce(_INBOX.c.body, Text).label("sealed"),
        true().label("is_ours"),
    )
    .where(_INBOX.c.state == InboxState.NEW, _INBOX.c.due_at <= bindparam("now"), _INBOX.c.id == _FIRST_OF_SENDER)
    .order_by(_INBOX.c.due_at, _INBOX.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# Two workers may each see a first message of a sender when an earlier one was stored late; only one of them goes on. It
# does not wait for the other, so that two who hold several senders cannot wait for each other.
_claimed = _CLAIM.cte("claimed")
_CLAIM_ON_POSTGRES = select(
    _claimed.c.id,
    _claimed.c.sender,
    _claimed.c.kind,
    _claimed.c.sealed,
    func.pg_try_advisory_xact_lock(func.hashtext(_claimed.c.sender)).label("is_ours"),
)
_HANDLED = (
    update(_INBOX)
    .where(_INBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=InboxState.HANDLED, handled_at=bindparam("now"))
)
_UNCOUNT = update(_INBOX).where(_INBOX.c.id == bindparam("message_id")).values(attempts=_INBOX.c.attempts - 1)
_WITHOUT_BODY = defer(InboxMessage.body)  # type: ignore[arg-type]  # SQLModel types columns as their values


class Inbox:
    """Works off stored messages, one at a time per sender and oldest first."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._claim_statement: Select[Any] = _CLAIM_ON_POSTGRES if engine.dialect.name == "postgresql" else _CLAIM
        self._begins_for = BEGINS_FOR[engine.dialect.name]
        # Whatever ended the last worker may be the message this one takes first.
        self._has_proved_itself = False
        # Set when a customer wrote somewhere; whoever reads the accounts clears it.
        self.has_kf_news = False
        # How many messages come next that are handled one by one: any of those the last worker had in hand may be it.
        self._alone = TOGETHER

    def handle_due(self) -> bool:
        """Handles messages that are due, as many as go together; False when there is none to handle.

        It takes what waits already, and never waits for more.
        """
        if self._alone:
            is_handled = self.handle_next()
            self._alone -= is_handled
            return is_handled
        now = self._clock()
        claimed: list[Row[Any]] = []
        try:
            with writing(self._engine) as session:
                claimed = self._claim(session, now, TOGETHER)
                self._handle(session, claimed, now)
            self._note_news(claimed)
        except Exception as error:
            if not claimed:
                raise
            log.warning("messages_undone", count=len(claimed), error=type(error).__name__)
            self._alone = len(claimed)
        return bool(claimed)

    def handle_next(self) -> bool:
        """Handles the oldest message whose sender has nothing in hand; False when there is none to handle."""
        now = self._clock()
        claimed: list[Row[Any]] = []
        counted = None if self._has_proved_itself else self._count_first_try(now)
        try:
            with writing(self._engine) as session:
                claimed = self._claim(session, now, 1)
                self._handle(session, claimed, now)
                if claimed and counted == claimed[0].id:
                    session.connection().execute(_UNCOUNT, {"message_id": counted})
                self._has_proved_itself = self._has_proved_itself or bool(claimed)
            self._note_news(claimed)
        except Exception as error:
            if not claimed:
                raise
            message_id = claimed[0].id
            log.exception("message_failed", inbox_id=message_id, error=type(error).__name__)
            self._postpone(message_id, error, now, is_counted=counted == message_id)
        return bool(claimed)

    def _claim(self, session: Session, now: datetime, most: int) -> list[Row[Any]]:
        """The oldest messages that are due and whose senders have nothing in hand, one of each; they are locked."""
        rows = session.connection().execute(self._claim_statement, {"now": now, "most": most})
        return [row for row in rows if row.is_ours]

    def _handle(self, session: Session, claimed: Sequence[Row[Any]], now: datetime) -> None:
        """Handles them in turn while there is time; the others stay as they are."""
        until = time.monotonic() + self._begins_for
        handled = []
        gather(session)
        for row in claimed:
            converse(session, _opened(row), now=now)
            # The next handler must see the database as it is then, not as this one has read it.
            session.flush()
            session.expunge_all()
            handled.append(row.id)
            if time.monotonic() >= until:
                break
        write_gathered(session)
        if handled:
            session.connection().execute(_HANDLED, {"ids": handled, "now": now})

    def _note_news(self, claimed: Sequence[Row[Any]]) -> None:
        self.has_kf_news |= any(row.kind == NEWS for row in claimed)

    def _count_first_try(self, now: datetime) -> int | None:
        """Counts a try before it is made, in a transaction of its own: a message that kills its worker ends up dead."""
        with writing(self._engine) as session:
            claimed = self._claim(session, now, 1)
            if not claimed:
                return None
            message_id: int = claimed[0].id
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


def _opened(claimed: Row[Any]) -> Stored:
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
