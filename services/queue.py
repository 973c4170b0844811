"""What stands in the queues and needs an operator's eye; message texts are read only by `reveal`, with a reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from domain.errors import DomainError
from models.job import JobRun, JobState
from models.message import (
    NEEDS_A_LOOK,
    OPEN_INBOX,
    OPEN_OUTBOX,
    WEBHOOK,
    InboxMessage,
    InboxState,
    OutboxMessage,
    OutboxState,
)
from models.person import Person
from models.platform import Heartbeat, Pause
from models.secrecy import Unreadable
from services import audit

MOST_SHOWN = 50
SHORTEST_REASON, LONGEST_REASON = 4, 200
# The address of a group robot is its secret.
SECRET_ADDRESSES = ("robot",)
WORDS_IN_PAYLOAD = (
    "content",
    "head_content",
    "title",
    "desc",
    "description",
    "sub_title_text",
    "number",
    "state_label",
)


@dataclass(frozen=True, slots=True)
class Queues:
    """How many messages stand in each open state, since when the oldest waits, and what is paused and alive."""

    inbox: Mapping[InboxState, int]
    outbox: Mapping[OutboxState, int]
    oldest: datetime | None
    pauses: tuple[Pause, ...]
    heartbeats: tuple[Heartbeat, ...]
    failed_jobs: int


@dataclass(frozen=True, slots=True)
class StuckMessage:
    """A message's envelope, without its text and with its address masked."""

    id: int
    kind: str
    who: str
    state: str
    at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A message that was to leave: to whom, and its words."""

    id: int
    recipient: str
    words: tuple[str, ...]


def queues(session: Session, *, now: datetime) -> Queues:
    """The state of everything that moves, in a fixed number of queries."""
    inbox = select(InboxMessage.state, func.count()).where(col(InboxMessage.state).in_(OPEN_INBOX))
    outbox = select(OutboxMessage.state, func.count()).where(col(OutboxMessage.state).in_(OPEN_OUTBOX))
    oldest = select(func.min(InboxMessage.due_at)).where(InboxMessage.state == InboxState.NEW)
    failed = select(func.count()).select_from(JobRun).where(JobRun.state == JobState.FAILED)
    return Queues(
        inbox={InboxState(state): count for state, count in session.exec(inbox.group_by(col(InboxMessage.state)))},
        outbox={OutboxState(state): count for state, count in session.exec(outbox.group_by(col(OutboxMessage.state)))},
        oldest=session.exec(oldest).one(),
        pauses=tuple(session.exec(select(Pause).where(Pause.until > now).order_by(col(Pause.key)))),
        heartbeats=tuple(session.exec(select(Heartbeat).order_by(col(Heartbeat.role)))),
        failed_jobs=session.exec(failed).one(),
    )


def dead_letters(session: Session) -> list[StuckMessage]:
    """Incoming messages that could not be handled, the newest first, at most 50."""
    query = select(
        InboxMessage.id,
        InboxMessage.kind,
        InboxMessage.sender,
        InboxMessage.state,
        InboxMessage.received_at,
        InboxMessage.attempts,
        InboxMessage.error,
    ).where(InboxMessage.state == InboxState.DEAD)  # type: ignore[call-overload]  # select() is typed for four columns
    rows = session.exec(query.order_by(col(InboxMessage.id).desc()).limit(MOST_SHOWN))
    return [_envelope(row) for row in rows]


def unsent(session: Session) -> list[StuckMessage]:
    """Outgoing messages that did not arrive as they should or are being retried, the newest first, at most 50."""
    # The states stand alone, since an index finds them; joined by OR they would cost a look at every message ever sent.
    is_not_fresh = or_(col(OutboxMessage.state) != OutboxState.QUEUED, col(OutboxMessage.attempts) > 0)
    query = select(
        OutboxMessage.id,
        OutboxMessage.channel,
        OutboxMessage.recipient,
        OutboxMessage.state,
        OutboxMessage.created_at,
        OutboxMessage.attempts,
        OutboxMessage.error,
    ).where(col(OutboxMessage.state).in_((*NEEDS_A_LOOK, OutboxState.QUEUED, OutboxState.WAITING)), is_not_fresh)  # type: ignore[call-overload]  # select() is typed for four columns
    rows = session.exec(query.order_by(col(OutboxMessage.id).desc()).limit(MOST_SHOWN))
    return [_envelope(row) for row in rows]


def recent_runs(session: Session) -> list[JobRun]:
    """The last runs of all jobs, the newest first, at most 50."""
    query = select(JobRun).where(col(JobRun.started_at).is_not(None), JobRun.attempts > 0)
    return list(session.exec(query.order_by(col(JobRun.id).desc()).limit(MOST_SHOWN)))


def reveal(session: Session, message_id: int, reason: str, *, by: Person, now: datetime) -> Revealed | None:
    """The words of an outgoing message for an operator, noted in the audit log with the reason.

    None when there is no such message. Refuses without a reason of 4 to 200 characters, and
    what cannot be decrypted.
    """
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise DomainError(f"查看原文要写原因，{SHORTEST_REASON} 到 {LONGEST_REASON} 个字。")
    try:
        found = session.get(OutboxMessage, message_id)
    except Unreadable:
        raise DomainError("原文读不出来：密钥不对，或内容被改动过。") from None
    if found is None:
        return None
    audit.record(session, "outbox.reveal", f"outbox:{message_id}", by=by.account, now=now, reason=said)
    recipient = mask(found.recipient) if found.channel in SECRET_ADDRESSES else found.recipient
    return Revealed(message_id, recipient, tuple(_words(json.loads(found.payload))))


def mask(account: str) -> str:
    """The first character of an address: enough to tell two rows apart, not to tell who it is."""
    return f"{account[:1]}***" if account else ""


def _envelope(row: Any) -> StuckMessage:
    id_, kind, who, state, at, attempts, error = row
    return StuckMessage(id_, kind, who if kind == WEBHOOK else mask(who), state, at, attempts, error)


def _words(part: object) -> list[str]:
    if isinstance(part, list):
        return [word for each in part for word in _words(each)]
    if not isinstance(part, dict):
        return []
    found: list[str] = []
    for key, value in part.items():
        if key in WORDS_IN_PAYLOAD and isinstance(value, str):
            found.append(value)
        else:
            found += _words(value)
    return [word for word in found if word]
