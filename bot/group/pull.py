"""Reads customer groups that changed, or were not read for a day, and has a join code made for each that lacks one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, or_, update
from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.group.store import LONGEST_ID, LONGEST_NAME, STATE, follow_code, read_members, store_members
from bot.insert import insert_new
from bot.wecom.client import WeComClient
from bot.wecom.errors import WeComError
from models.engine import reading, writing
from models.group import CustomerGroup

CHANGED = "event.change_external_chat"
LEASE = timedelta(seconds=60)
# An event may get lost: so often a group is read unasked.
UNASKED = timedelta(hours=24)
RESTS = timedelta(minutes=10)
# What WeCom tells of a group may lag behind its event (page 92130).
LAG = timedelta(seconds=2)
NO_GROUP = 90501
LONGEST_CODE = 190

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """A group as its one reader has it: `lease_until` is the proof that it is still theirs."""

    id: int
    chat_id: str
    name: str
    has_grid: bool
    config_id: str
    has_code: bool
    pokes: int
    lease_until: datetime


def heed_group(session: Session, kind: str, fields: dict[str, Any], *, now: datetime) -> bool:
    """Lets a group that an event names be read soon; what the event says changed is not relied on. False for other kinds."""
    if kind != CHANGED:
        return False
    chat_id = fields.get("ChatId")
    if not isinstance(chat_id, str) or not 0 < len(chat_id) <= LONGEST_ID:
        return True
    new = {"chat_id": chat_id, "name": chat_id, "project": "", "config_id": "", "qr_code": "", "pokes": 0}
    insert_new(session.connection(), CustomerGroup, [new], key="chat_id")
    values = {"pokes": col(CustomerGroup.pokes) + 1, "due_at": now + LAG}
    session.connection().execute(update(CustomerGroup).where(col(CustomerGroup.chat_id) == chat_id).values(**values))
    return True


class GroupReader:
    """Reads groups that are due, side by side with any number of other workers."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock) -> None:
        self._engine, self._client, self._clock = engine, client, clock

    def read_next(self) -> bool:
        """Reads a group that is due and sees to its code; False when none is."""
        held = self._take(self._clock())
        if held is None:
            return False
        try:
            chat = self._client.customer_group(held.chat_id)
            config_id = self._code_of(held, chat)
            qr_code = self._client.join_picture(config_id) if config_id and not held.has_code else ""
        except WeComError as error:
            self._put_off(held, error)
            return True
        if not self._keep(held, chat, qr_code):
            log.warning("group_taken_over", group=held.id)
        return True

    def _take(self, now: datetime) -> _Held | None:
        with reading(self._engine) as session:
            if session.exec(select(CustomerGroup.id).where(*_free(now)).limit(1)).first() is None:
                return None
        with writing(self._engine) as session:
            query = select(CustomerGroup).where(*_free(now)).order_by(col(CustomerGroup.due_at)).limit(1)
            row = session.exec(query.with_for_update(skip_locked=True)).first()
            if row is None or row.id is None:
                return None
            row.lease_until = now + LEASE
            session.add(row)
            has_code = row.qr_code != ""
            return _Held(
                row.id,
                row.chat_id,
                row.name,
                row.grid_id is not None,
                row.config_id,
                has_code,
                row.pokes,
                row.lease_until,
            )

    def _code_of(self, held: _Held, chat: dict[str, Any]) -> str:
        """The code of a group that belongs to a grid, made once and kept before its picture is asked for."""
        if held.config_id or not held.has_grid:
            return held.config_id
        name = str(chat.get("name") or held.name)
        config_id = self._client.add_join_way(held.chat_id, base_name=name, state=f"{STATE}{held.id}")
        with writing(self._engine) as session:
            kept = update(CustomerGroup).where(col(CustomerGroup.id) == held.id).values(config_id=config_id[:64])
            session.connection().execute(kept)
        return config_id

    def _keep(self, held: _Held, chat: dict[str, Any], qr_code: str) -> bool:
        """Writes what was read; False when the group is no longer ours to read. News that came meanwhile leaves it due."""
        now = self._clock()
        with writing(self._engine) as session:
            query = select(CustomerGroup).where(*_mine(held)).with_for_update()
            row = session.exec(query).first()
            if row is None:
                return False
            members = read_members(chat)
            follow_code(session, row, members)
            if row.grid_id is not None:
                store_members(session, row, members, now=now)
            row.name = str(chat.get("name") or row.name)[:LONGEST_NAME]
            row.qr_code = qr_code if 0 < len(qr_code) <= LONGEST_CODE else row.qr_code
            row.read_at, row.lease_until, row.dismissed_at = now, None, None
            if row.pokes == held.pokes:
                # One whose grid was found just now still needs its code.
                row.due_at = now if row.grid_id is not None and not row.config_id else now + UNASKED
            session.add(row)
        return True

    def _put_off(self, held: _Held, error: WeComError) -> None:
        log.warning("group_not_read", group=held.id, fault=str(error))
        now = self._clock()
        values: dict[str, Any] = {"due_at": now + (UNASKED if error.permanent else RESTS), "lease_until": None}
        if error.code == NO_GROUP:
            values["dismissed_at"] = now
        with writing(self._engine) as session:
            session.connection().execute(update(CustomerGroup).where(*_mine(held)).values(**values))


def _mine(held: _Held) -> tuple[Any, ...]:
    return col(CustomerGroup.id) == held.id, col(CustomerGroup.lease_until) == held.lease_until


def _free(now: datetime) -> tuple[Any, ...]:
    is_due = or_(col(CustomerGroup.due_at).is_(None), col(CustomerGroup.due_at) <= now)
    return is_due, or_(col(CustomerGroup.lease_until).is_(None), col(CustomerGroup.lease_until) <= now)
