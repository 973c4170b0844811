"""Which queued messages leave in one call: notices that say the same to different people, each of them with its own row.

A call that may have arrived is repeated with the very same bytes, so its members stay together until all of them rest.
"""

import secrets
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from bot.channel import CHANNELS
from bot.wecom.render import addressed_to
from models.message import OutboxMessage


@dataclass(slots=True)
class Group:
    """Messages that may leave in one call; with `which` the rest of them are found in the database."""

    rows: list[OutboxMessage]
    which: tuple[Any, ...] = ()


def group(rows: Sequence[OutboxMessage], alone: Sequence[OutboxMessage]) -> list[Group]:
    """The rows by call, in their order; those of `alone` are told apart by their bytes and go by themselves."""
    set_apart = {row.id for row in alone}
    groups: dict[Hashable, Group] = {}
    for row in rows:
        key: Hashable = row.id
        which: tuple[Any, ...] = ()
        if row.call_id and row.first_sent_at:
            key, which = row.call_id, (col(OutboxMessage.call_id) == row.call_id,)
        elif _may_join(row) and row.id not in set_apart:
            key = (row.channel, row.priority, row.digest)
            which = (
                OutboxMessage.channel == row.channel,
                OutboxMessage.priority == row.priority,
                OutboxMessage.digest == row.digest,
                OutboxMessage.purpose != "",
                col(OutboxMessage.first_sent_at).is_(None),
            )
        groups.setdefault(key, Group([], which)).rows.append(row)
    return list(groups.values())


def is_joint(found: Group) -> bool:
    """Whether more than one message leaves in this call."""
    return len(found.rows) > 1 or (found.rows[0].first_sent_at is not None and found.rows[0].call_id is not None)


def body_of(session: Session, rows: Sequence[OutboxMessage]) -> str:
    """The body of the call that carries these rows, which are marked as its members."""
    first = rows[0]
    if first.call_id and first.first_sent_at:
        members = select(OutboxMessage.recipient).where(OutboxMessage.call_id == first.call_id)
        accounts = list(session.exec(members.order_by(col(OutboxMessage.id))))
        lead = select(OutboxMessage.payload).where(OutboxMessage.call_id == first.call_id)
        payload = session.exec(lead.order_by(col(OutboxMessage.id)).limit(1)).one()
        return addressed_to(payload, accounts, task_id=first.call_id)
    call_id = secrets.token_hex(12) if len(rows) > 1 else None
    for row in rows:
        row.call_id = call_id
    if call_id is None:
        return first.payload
    ordered = sorted(rows, key=lambda row: row.id or 0)
    return addressed_to(ordered[0].payload, [row.recipient for row in ordered], task_id=call_id)


def _may_join(row: OutboxMessage) -> bool:
    return CHANNELS[row.channel].names > 1 and bool(row.purpose) and row.first_sent_at is None
