"""What becomes of a message after a try: sent, partly sent, again later, or at rest with a reason."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from bot.claim import Claimed
from bot.wecom.errors import MEANINGS, UNREACHED_FIELDS, Kind, WeComError, unreached
from models.message import OutboxMessage, OutboxState

# Pauses between tries; then half an hour each, until about four hours have gone by.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, *[1800] * 7))
# What stops everybody says nothing about the message: it is tried again as soon as sending goes on.
NOT_ITS_FAULT = frozenset({Kind.AWAY, Kind.PAUSE, Kind.WINDOW, Kind.REFRESH})
NOBODY = MEANINGS[81013]
UNLICENSED = "这个账号没有企业微信的接口许可，请在管理后台分配后重发"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The values a message gets after a try, if it is still ours."""

    row_id: int
    lease: datetime
    state: OutboxState
    attempts: int
    due_at: datetime
    first_sent_at: datetime | None
    sent_at: datetime | None = None
    unreached: str = ""
    error: str = ""


def shares(row: Claimed, answer: dict[str, Any]) -> list[tuple[Claimed, dict[str, Any]]]:
    """Each message that a call carried, with what the answer says of its recipient."""
    if not row.others:
        return [(row, answer)]
    lost = {field: {name.lower() for name in unreached({field: answer.get(field)})} for field in UNREACHED_FIELDS}
    return [
        (one, {field: one.recipient for field, names in lost.items() if one.recipient.lower() in names})
        for one in row.all
    ]


def judge_answer(row: Claimed, answer: dict[str, Any], *, began: datetime, now: datetime) -> Outcome:
    """What an answer with errcode 0 means: it still names those who were not reached."""
    lost = unreached(answer)
    if not lost:
        return _sent(row, began, now)
    if {name.lower() for name in lost} >= {row.recipient.lower()}:
        return _rests(row, OutboxState.DEAD, NOBODY if _is_unknown(row, answer) else UNLICENSED, began)
    return Outcome(
        row.id, row.lease_until, OutboxState.PARTLY_SENT, row.attempts, now, began, now, unreached="、".join(lost)
    )


def judge_error(row: Claimed, error: WeComError, *, began: datetime, now: datetime) -> Outcome:
    """What a failed try means: again later, sent already, in doubt, or dead."""
    if error.kind is Kind.DATA:
        if (row.attempts > 1 or row.first_sent_at) and error.code == row.channel.arrived_before:
            return _sent(row, began, now)
        return _rests(row, OutboxState.DEAD, error.explanation, began)
    if error.kind is Kind.CLOSED:
        waits = OutboxState.WAITING
        return Outcome(row.id, row.lease_until, waits, 0, began, row.first_sent_at, error=error.explanation)
    if error.uncertain and not row.channel.suppresses:
        return _rests(row, OutboxState.IN_DOUBT, error.explanation, began)
    first_sent_at = row.first_sent_at or (began if error.uncertain else None)
    if error.kind in NOT_ITS_FAULT or error.call == "gettoken":
        attempts, due_at = row.attempts - 1, now
    elif row.attempts <= len(BACKOFF):
        attempts, due_at = row.attempts, now + BACKOFF[row.attempts - 1]
    elif first_sent_at:
        return _rests(row, OutboxState.IN_DOUBT, error.explanation, first_sent_at)
    else:
        return _rests(row, OutboxState.DEAD, error.explanation, began)
    return Outcome(
        row.id,
        row.lease_until,
        OutboxState.QUEUED,
        attempts,
        due_at,
        first_sent_at,
        error=error.explanation,
    )


def record(session: Session, outcomes: Sequence[Outcome]) -> int:
    """Writes the outcomes of messages that are still ours; returns how many were not, since another worker has them."""
    if not outcomes:
        return 0
    mine = (
        col(OutboxMessage.id) == bindparam("row_id"),
        col(OutboxMessage.state) == OutboxState.SENDING,
        col(OutboxMessage.lease_until) == bindparam("lease"),
    )
    names = ("state", "attempts", "due_at", "first_sent_at", "sent_at", "unreached", "error")
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(OutboxMessage.__table__).where(*mine).values(lease_until=None, **values)  # type: ignore[attr-defined]  # SQLModel sets __table__ at run time
    rows = [
        {f"new_{name}" if name in names else name: value for name, value in asdict(outcome).items()}
        for outcome in outcomes
    ]
    return len(rows) - session.connection().execute(statement, rows).rowcount


def _is_unknown(row: Claimed, answer: dict[str, Any]) -> bool:
    unlicensed = unreached({"unlicenseduser": answer.get("unlicenseduser")})
    return row.recipient.lower() not in {name.lower() for name in unlicensed}


def _sent(row: Claimed, began: datetime, now: datetime) -> Outcome:
    return Outcome(row.id, row.lease_until, OutboxState.SENT, row.attempts, now, row.first_sent_at or began, now)


def _rests(row: Claimed, state: OutboxState, reason: str, first_sent_at: datetime) -> Outcome:
    return Outcome(row.id, row.lease_until, state, row.attempts, first_sent_at, first_sent_at, error=reason)
