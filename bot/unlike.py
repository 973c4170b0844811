"""Tells equal texts apart: WeCom suppresses an identical body, and two messages that say the same are still two."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.channel import CHANNELS
from bot.wecom.render import DUPLICATE_CHECK_SECONDS, with_reference
from domain.calendar import local
from models.message import OutboxMessage
from models.secrecy import blind_index, blind_indexes

DIGEST = "outbox_message.digest"

# The platform counts from when a body got there, a little later than we do.
LATELY = timedelta(seconds=DUPLICATE_CHECK_SECONDS) + timedelta(minutes=5)


def digest_of(payload: str, task_id: str | None = None) -> str:
    """What two bodies have in common that say the same, whoever their recipient is and whatever their card's number.

    It tells nothing of them to whoever has not the data key.
    """
    words = payload.rpartition(',"touser":')[0] or payload  # the last key of canonical JSON
    return blind_index(DIGEST, words.replace(task_id, "") if task_id else words)


def digests_of(payload: str) -> set[str]:
    """The digests of a text under every key: it may have left before the keys were changed."""
    words = payload.rpartition(',"touser":')[0] or payload
    return set(blind_indexes(DIGEST, words))


def tell_apart(session: Session, rows: Sequence[OutboxMessage], now: datetime) -> None:
    """Adds a short reference to each text that WeCom would take for one it lately got; those on their way stay frozen."""
    for row in said_lately(session, rows, now):
        _refer(session, row, now)


def said_lately(session: Session, rows: Sequence[OutboxMessage], now: datetime) -> list[OutboxMessage]:
    """Those of the rows not sent yet whose recipient was lately sent the very same text."""
    fresh = [
        row for row in rows if row.first_sent_at is None and row.task_id is None and CHANNELS[row.channel].suppresses
    ]
    digests = [digests_of(row.payload) for row in fresh]
    known = _lately_sent(session, set().union(*digests), {row.recipient for row in fresh}, now)
    return [row for row, mine in zip(fresh, digests, strict=True) if any((one, row.recipient) in known for one in mine)]


def _refer(session: Session, row: OutboxMessage, now: datetime) -> None:
    told = row.payload
    stamp = f"{local(now):%-H:%M}"
    for number in range(1, 1000):
        told = with_reference(row.payload, stamp if number == 1 else f"{stamp} 第{number}次")
        if not _lately_sent(session, digests_of(told), {row.recipient}, now):
            break
    row.payload, row.digest = told, digest_of(told)


def _lately_sent(session: Session, digests: set[str], recipients: set[str], now: datetime) -> set[tuple[str, str]]:
    since = now - LATELY
    query = select(OutboxMessage.digest, OutboxMessage.recipient).where(
        col(OutboxMessage.digest).in_(digests),
        col(OutboxMessage.recipient).in_(recipients),
        or_(col(OutboxMessage.first_sent_at) > since, col(OutboxMessage.sent_at) > since),
    )
    return set(session.exec(query))
