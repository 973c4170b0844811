"""Reads what came to the 微信客服 accounts: one reader per account, and each page is stored together with its cursor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, or_, update
from sqlmodel import col, select

from bot.clock import Clock
from bot.insert import insert_new
from bot.kf.store import store_page
from bot.wecom.client import WeComClient
from bot.wecom.errors import WeComError
from bot.wecom.kf import read_page
from models.engine import reading, writing
from models.kf import KfAccount, KfCursor

# Longer than a call can take with its timeouts and its token: after that its reader is taken for dead.
LEASE = timedelta(seconds=60)
# A callback may get lost: so often an account is read unasked. Without a token ten times a minute are allowed.
UNASKED = timedelta(minutes=3)
# How long an account rests after its reading failed.
RESTS = timedelta(seconds=10)
# A callback's token lives ten minutes.
TOKEN_LIVES = timedelta(minutes=9)
OLD_TOKEN = 95007

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """An account as its one reader has it: `lease_until` is the proof that it is still theirs."""

    open_kfid: str
    cursor: str
    token: str
    pokes: int
    lease_until: datetime


class KfPuller:
    """Reads accounts that have news, or were not read for a while, side by side with any number of other workers."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock) -> None:
        self._engine, self._client, self._clock = engine, client, clock
        self._looked_at: datetime | None = None

    def pull_next(self) -> bool:
        """Reads a page of an account that is due; False when none is."""
        now = self._clock()
        self._know_accounts(now)
        held = self._take(now) if self._is_something_due(now) else None
        if held is None:
            return False
        try:
            answer = self._ask(held)
        except WeComError as error:
            log.warning("kf_not_pulled", account=held.open_kfid, fault=str(error))
            self._put_off(held, self._clock() + (UNASKED if error.permanent else RESTS))
            return True
        if not self._keep(held, answer):
            log.warning("kf_taken_over", account=held.open_kfid)
        return True

    def _know_accounts(self, now: datetime) -> None:
        """Accounts that never had news are read as well, in case the callback was lost."""
        if self._looked_at is not None and abs(now - self._looked_at) < UNASKED:
            return
        with reading(self._engine) as session:
            new = col(KfAccount.open_kfid).not_in(select(KfCursor.open_kfid))
            names = session.exec(select(KfAccount.open_kfid).where(new)).all()
        if names:
            rows = [{"open_kfid": name, "cursor": "", "token": "", "pokes": 0, "due_at": now} for name in names]
            with writing(self._engine) as session:
                insert_new(session.connection(), KfCursor, rows, key="open_kfid")
        self._looked_at = now

    def _is_something_due(self, now: datetime) -> bool:
        with reading(self._engine) as session:
            return session.exec(select(KfCursor.open_kfid).where(*_free(now)).limit(1)).first() is not None

    def _take(self, now: datetime) -> _Held | None:
        with writing(self._engine) as session:
            query = select(KfCursor).where(*_free(now)).order_by(col(KfCursor.due_at)).limit(1)
            row = session.exec(query.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.lease_until = now + LEASE
            session.add(row)
            is_live = row.poked_at is not None and now - row.poked_at < TOKEN_LIVES
            return _Held(row.open_kfid, row.cursor, row.token if is_live else "", row.pokes, row.lease_until)

    def _ask(self, held: _Held) -> dict[str, Any]:
        try:
            return self._client.customer_messages(held.open_kfid, cursor=held.cursor, token=held.token)
        except WeComError as error:
            if error.code != OLD_TOKEN or not held.token:
                raise
        return self._client.customer_messages(held.open_kfid, cursor=held.cursor, token="")

    def _keep(self, held: _Held, answer: dict[str, Any]) -> bool:
        """Stores a page and its cursor in one transaction; False when the account is no longer ours to read.

        With more behind the page, empty or not, or with news that came meanwhile, the account stays due.
        """
        now = self._clock()
        cursor = str(answer.get("next_cursor") or held.cursor)
        moved = update(KfCursor).where(*_mine(held)).values(cursor=cursor, pulled_at=now, lease_until=None)
        is_heard = col(KfCursor.open_kfid) == held.open_kfid, col(KfCursor.pokes) == held.pokes
        with writing(self._engine) as session:
            if session.connection().execute(moved).rowcount != 1:
                return False
            store_page(session, read_page(held.open_kfid, answer), now=now)
            if not answer.get("has_more"):
                session.connection().execute(update(KfCursor).where(*is_heard).values(due_at=now + UNASKED))
        return True

    def _put_off(self, held: _Held, due_at: datetime) -> None:
        with writing(self._engine) as session:
            rested = update(KfCursor).where(*_mine(held)).values(due_at=due_at, lease_until=None)
            session.connection().execute(rested)


def _mine(held: _Held) -> tuple[Any, ...]:
    return col(KfCursor.open_kfid) == held.open_kfid, col(KfCursor.lease_until) == held.lease_until


def _free(now: datetime) -> tuple[Any, ...]:
    is_free = or_(col(KfCursor.lease_until).is_(None), col(KfCursor.lease_until) <= now)
    return col(KfCursor.due_at) <= now, is_free
