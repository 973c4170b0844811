"""Access tokens: one per secret, reused while valid, ended early on demand."""

import secrets
from collections import deque
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.corp import App, Corp
from simulator.errors import ApiError

HOUR = 3600


@dataclass
class Token:
    """A token; `app` is None for the 通讯录同步 secret."""

    text: str
    app: App | None
    expires_at: float
    invalid: bool = False


class Tokens:
    """Gives out and checks access tokens; `ttl` is their life in seconds."""

    def __init__(self, corp: Corp, apps: dict[int, App], clock: Clock) -> None:
        self.ttl = 7200.0
        self.issued = 0
        self.wrong_secret_limit = 30
        self._corp = corp
        self._apps = apps
        self._clock = clock
        self._current: dict[str, Token] = {}
        self._known: dict[str, Token] = {}
        self._failures: deque[float] = deque()

    def give(self, corp_id: str, secret: str) -> tuple[Token, int]:
        """The token of a secret and its remaining seconds; many wrong secrets in an hour block the caller (45009)."""
        now = self._clock.timestamp()
        while self._failures and self._failures[0] <= now - HOUR:
            self._failures.popleft()
        if len(self._failures) >= self.wrong_secret_limit:
            raise ApiError(45009)
        if corp_id != self._corp.corp_id:
            raise ApiError(40013)
        app = next((a for a in self._apps.values() if secrets.compare_digest(a.secret.encode(), secret.encode())), None)
        if app is None and secret != self._corp.contact_secret:
            self._failures.append(now)
            raise ApiError(40001)
        token = self._current.get(secret)
        if token is None or token.invalid or token.expires_at <= now:
            self.issued += 1
            agentid = app.agentid if app else 0
            token = Token(f"SIMTOKEN.{agentid}.{self.issued:04d}.{secrets.token_urlsafe(24)}", app, now + self.ttl)
            self._current[secret] = self._known[token.text] = token
        return token, max(1, int(token.expires_at - now))

    def check(self, text: str, now: float) -> Token:
        """The token with this text; 41001 when missing, 40014 when invalid, 42001 when expired."""
        if not text:
            raise ApiError(41001)
        token = self._known.get(text)
        if token is None or token.invalid:
            raise ApiError(40014)
        if token.expires_at <= now:
            raise ApiError(42001)
        return token

    def invalidate(self) -> None:
        """End every token before its time: calls with them answer 40014."""
        for token in self._current.values():
            token.invalid = True

    def expire(self) -> None:
        """Let every token expire now: calls with them answer 42001."""
        for token in self._current.values():
            token.expires_at = self._clock.timestamp()
