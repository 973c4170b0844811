"""Queues what is to leave, in the caller's transaction: answers, notices, messages to groups and closed cards."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from bot.channel import CARD, KF, KF_WELCOME, MESSAGE, Channel
from bot.claim import ANSWER, BY_CLOCK, CARRIED, WELCOME
from bot.insert import insert_new
from bot.kf.enqueue import Welcome, parts_for
from bot.message import Notice, Purpose, Reply
from bot.quiet import QuietHours
from bot.unlike import digest_of
from bot.wecom.kf import is_customer
from bot.wecom.render import Rendered, card_update, render, render_for_group
from bot.wecom.render_kf import render_kf
from models.customer import Customer
from models.gathered import add_gathered
from models.message import OutboxMessage, OutboxState
from models.person import Person

# The code that closes a pressed card lives 72 hours.
CARD_CODE_LIVES = timedelta(hours=72)
AT_ONCE = (Purpose.CARRIED, Purpose.OPERATION)
BATCH = 2_000

Row = dict[str, Any]

_ADD = insert(SQLModel.metadata.tables[OutboxMessage.__tablename__])


def enqueue_replies(
    session: Session, *, to: str, replies: Sequence[Reply], inbox_id: int | None, token: str, now: datetime
) -> None:
    """Queues the answers to whoever wrote, one behind the other.

    `to` is their account, or a customer's address; `token` is that of the open question, or empty: the buttons carry it.
    """
    if is_customer(to):
        enqueue_to_customer(session, to=to, replies=replies, inbox_id=inbox_id, token=token, now=now)
        return
    thread = f"reply:{uuid.uuid4().hex}"
    parts = [(reply, part) for reply in replies for part in render(to, reply, token=token)]
    rows = [
        {
            **_row(MESSAGE, to.lower(), part, key=f"{thread}:{position}", now=now),
            "inbox_id": inbox_id,
            "closes_when_pressed": reply.once and part.task_id is not None,
        }
        for position, (reply, part) in enumerate(parts)
    ]
    _add_replies(session, rows)


def enqueue_to_customer(
    session: Session,
    *,
    to: str,
    replies: Sequence[Reply],
    inbox_id: int | None,
    token: str,
    now: datetime,
    welcome: Welcome | None = None,
) -> None:
    """Queues the answers to a customer, joined as far as they fit; the first part of a `welcome` overtakes everything."""
    thread = f"reply:{uuid.uuid4().hex}"
    rows = [
        {
            **_row(channel, to, part, key=f"{thread}:{position}", now=now),
            "inbox_id": inbox_id,
            "priority": WELCOME if channel is KF_WELCOME else ANSWER,
            "expires_at": expires_at,
        }
        for position, (channel, part, expires_at) in enumerate(parts_for(to, replies, token=token, welcome=welcome))
    ]
    _add_replies(session, rows)


def enqueue_notice(session: Session, notice: Notice, *, now: datetime, any_hour: bool = False) -> bool:
    """Queues a notice; False when one with its key was ever queued before.

    Reminders and digests leave in duty hours only, unless `any_hour`; what is carried leaves at once.
    """
    return enqueue_notices(session, [notice], now=now, any_hour=any_hour) == 1


def enqueue_notices(session: Session, notices: Sequence[Notice], *, now: datetime, any_hour: bool = False) -> int:
    """Queues many notices in few statements; returns how many were new (see `enqueue_notice`)."""
    quiet = QuietHours(session)
    connection = session.connection()
    new = 0
    for start in range(0, len(notices), BATCH):
        firsts, longer = [], []
        for notice in notices[start : start + BATCH]:
            parts = _notice_rows(notice, quiet, now=now, any_hour=any_hour)
            if len(parts) == 1:
                firsts.append(parts[0])
            else:
                longer.append(parts)
        if firsts:
            new += insert_new(connection, OutboxMessage, firsts, key="key")
        for parts in longer:
            if insert_new(connection, OutboxMessage, parts[:1], key="key"):
                first = session.exec(select(OutboxMessage.id).where(OutboxMessage.key == parts[0]["key"])).one()
                _add_in_order(session, parts[1:], first)
                new += 1
    return new


def enqueue_group_text(session: Session, channel: Channel, *, to: str, reply: Reply, key: str, now: datetime) -> bool:
    """Queues a text to a group in duty hours; False when the key was ever queued before.

    `to` is the chatid of a group of ours, or the key of a group robot; groups take no buttons.
    """
    parts = [
        {
            **_row(channel, to, part, key=_part_key(key, position), now=now),
            "priority": BY_CLOCK,
            "purpose": Purpose.DIGEST.value,
            "any_hour": False,
            "due_at": QuietHours(session).leaves_at(now, key),
        }
        for position, part in enumerate(render_for_group(to if channel.name == "group" else "", reply))
    ]
    if session.exec(select(OutboxMessage.id).where(OutboxMessage.key == key)).first():
        return False
    _add_in_order(session, parts, None)
    return True


def enqueue_card_update(session: Session, *, response_code: str, user: str, label: str, now: datetime) -> None:
    """Queues the grey label that takes the place of a pressed card's buttons; the code of the press works once."""
    update = card_update(user, response_code=response_code, label=label)
    key = f"card:{sha256(response_code.encode()).hexdigest()}"
    row = {**_row(CARD, user.lower(), update, key=key, now=now), "expires_at": now + CARD_CODE_LIVES}
    insert_new(session.connection(), OutboxMessage, [row], key="key")


def _notice_rows(notice: Notice, quiet: QuietHours, *, now: datetime, any_hour: bool) -> list[Row]:
    at_once = any_hour or notice.purpose in AT_ONCE
    moment = max(now, notice.at) if notice.at else now
    shared = {
        "person_id": notice.to.id if isinstance(notice.to, Person) else None,
        "purpose": notice.purpose.value,
        "priority": CARRIED if notice.purpose in AT_ONCE else BY_CLOCK,
        "any_hour": at_once,
        "due_at": moment if at_once else quiet.leaves_at(moment, notice.key),
        "expires_at": notice.expires_at,
    }
    channel, to, parts = _addressed(notice)
    return [
        {
            **_row(channel, to, part, key=_part_key(notice.key, position), now=now),
            **shared,
            "closes_when_pressed": channel is MESSAGE and notice.reply.once and part.task_id is not None,
        }
        for position, part in enumerate(parts)
    ]


def _addressed(notice: Notice) -> tuple[Channel, str, list[Rendered]]:
    if isinstance(notice.to, Customer):
        return KF, notice.to.address, render_kf(notice.to.address, notice.reply)
    return MESSAGE, notice.to.account_key, render(notice.to.account, notice.reply)


def _part_key(key: str, position: int) -> str:
    return f"{key}#{position + 1}" if position else key


def _row(channel: Channel, recipient: str, rendered: Rendered, *, key: str, now: datetime) -> Row:
    """Every column that a new row sets, so that many rows are one statement."""
    return {
        "key": key,
        "channel": channel.name,
        "recipient": recipient,
        "person_id": None,
        "purpose": "",
        "priority": ANSWER,
        "payload": rendered.payload,
        "digest": digest_of(rendered.payload, rendered.task_id),
        "task_id": rendered.task_id,
        "inbox_id": None,
        "any_hour": True,
        "created_at": now,
        "due_at": now,
        "expires_at": None,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "unreached": "",
        "error": "",
        "closes_when_pressed": False,
        "pressed_key": "",
        "pressed_by": "",
    }


def _add_replies(session: Session, rows: Sequence[Row]) -> None:
    if len(rows) == 1:
        # No other row asks for its id.
        add_gathered(session, _ADD, {**rows[0], "after_id": None})
    else:
        _add_in_order(session, rows, None)


def _add_in_order(session: Session, rows: Iterable[Row], after_id: int | None) -> None:
    """Adds rows each of which leaves only when the one before is finished."""
    connection = session.connection()
    for row in rows:
        added = connection.execute(_ADD, {**row, "after_id": after_id}).inserted_primary_key
        assert added is not None
        after_id = added[0]
