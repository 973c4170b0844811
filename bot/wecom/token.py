"""The app's one access token: kept in the database for all processes, refreshed by one of them at a time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, or_, update
from sqlmodel import Session, col

from bot.clock import Clock
from bot.insert import insert_new
from bot.pause import REFUSED, PauseSwitch
from bot.wecom.errors import Kind, WeComError
from models.engine import reading, writing
from models.platform import AccessToken

# A token is fetched anew this long before it ends, so that no call is caught by its end.
AHEAD = timedelta(minutes=5)
# WeCom may answer with the old token while that lasts: then it is asked again after this long.
AGAIN = timedelta(seconds=30)
# Longer than a refresh can take with its timeouts: after that its holder is taken for dead.
LEASE = timedelta(seconds=20)
LOOKS_EVERY = 0.05
LOOKS = 240


@dataclass(frozen=True, slots=True)
class _Known:
    token: str = ""
    expires_at: datetime | None = None
    settled_until: datetime | None = None

    def is_settled(self, now: datetime) -> bool:
        """Whether the token may be used without looking for a newer one."""
        return self.settled_until is not None and now < self.settled_until

    def is_valid(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    def is_fresh(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at - AHEAD

    def settle(self, now: datetime) -> "_Known":
        """The same token, good until a while before its end, or for a moment when that is near."""
        assert self.expires_at is not None
        until = max(self.expires_at - AHEAD, min(now + AGAIN, self.expires_at))
        return _Known(self.token, self.expires_at, until)


class TokenStore:
    """Gives out the token of one app; `fetch` asks WeCom for a new one and answers (token, seconds it lives)."""

    def __init__(self, engine: Engine, clock: Clock, app: str, fetch: Callable[[], tuple[str, int]]) -> None:
        self._engine, self._clock, self._app, self._fetch = engine, clock, app, fetch
        self._pause = PauseSwitch(engine, f"token:{app}")
        self._lock = threading.Lock()
        self._known = _Known()
        self._failures: list[WeComError] = []

    def current(self) -> str:
        """A token that is good for a while; raises WeComError when there is none to be had."""
        known = self._known
        if known.is_settled(self._clock()):
            return known.token
        return self._newer_than("", lambda: self._known.is_settled(self._clock()))

    def replace(self, rejected: str) -> str:
        """A token other than the one WeCom just rejected: what another thread or process fetched since, or a new one."""
        return self._newer_than(rejected, lambda: self._known.token != rejected)

    def _newer_than(self, rejected: str, is_done: Callable[[], bool]) -> str:
        """Lets one thread look for a token; those that waited for it share what came of that, an error as well."""
        failures = self._failures
        with self._lock:
            if is_done():
                return self._known.token
            if self._failures is not failures:
                error = self._failures[0]
                raise WeComError(error.call, code=error.code, kind=error.kind, detail=error.detail)
            try:
                self._known = self._renew(rejected)
            except WeComError as error:
                self._failures = [error]
                raise
            return self._known.token

    def _renew(self, rejected: str) -> _Known:
        for _ in range(LOOKS):
            now = self._clock()
            stored = self._read()
            usable = stored.token != rejected and stored.is_valid(now)
            if usable and stored.is_fresh(now):
                return stored.settle(now)
            if self._take_lease(stored.token, now):
                return self._refresh(stored, now, rejected=rejected)
            if usable:
                return stored.settle(now)  # somebody is fetching the next one; this one still does
            time.sleep(LOOKS_EVERY)
        raise WeComError("gettoken", kind=Kind.AWAY, detail="another process is still fetching the token")

    def _refresh(self, old: _Known, now: datetime, *, rejected: str) -> _Known:
        try:
            known = self._ask(now, rejected)
        except WeComError:
            self._write(old.token, refreshing_until=None)
            if old.token != rejected and old.is_valid(now):
                return old.settle(now)
            raise
        busy_until = None if known.is_fresh(now) else now + AGAIN
        self._write(old.token, token=known.token, expires_at=known.expires_at, refreshing_until=busy_until)
        return known.settle(now)

    def _ask(self, now: datetime, rejected: str) -> _Known:
        """Asks WeCom for a token, unless it refused so lately that asking again would get our address banned."""
        pause = self._pause.standing()
        held = self._pause.claim_probe(pause, now) if pause else None
        if pause and not held:
            raise WeComError("gettoken", kind=Kind.PAUSE, detail=pause.reason)
        try:
            token, seconds = self._fetch()
            if token == rejected:
                raise WeComError("gettoken", code=40014, kind=Kind.PAUSE, detail="the rejected token was given again")
        except WeComError as error:
            if error.kind not in (Kind.AWAY, Kind.UNKNOWN, Kind.RETRY):
                self._pause.grow(REFUSED, error.explanation, now=now, held=held)
            raise
        if held:
            self._pause.end(held)
        return _Known(token, now + timedelta(seconds=seconds))

    def _read(self) -> _Known:
        with reading(self._engine) as session:
            row = session.get(AccessToken, self._app)
            return _Known(row.token, row.expires_at) if row else _Known()

    def _take_lease(self, old: str, now: datetime) -> bool:
        with writing(self._engine) as session:
            insert_new(session.connection(), AccessToken, [{"app": self._app, "token": ""}], key="app")
            free = or_(col(AccessToken.refreshing_until).is_(None), col(AccessToken.refreshing_until) <= now)
            return self._set(session, old, free, refreshing_until=now + LEASE)

    def _write(self, old: str, **values: Any) -> None:
        with writing(self._engine) as session:
            self._set(session, old, True, **values)

    def _set(self, session: Session, old: str, condition: Any, **values: Any) -> bool:
        """Changes the row if it still holds the token we know: whoever came first wins."""
        query = update(AccessToken).where(col(AccessToken.app) == self._app, col(AccessToken.token) == old)
        if condition is not True:
            query = query.where(condition)
        return session.connection().execute(query.values(**values)).rowcount == 1
