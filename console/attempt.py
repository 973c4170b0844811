"""A sign-in under way, kept in its own browser alone: whoever only asks for the page leaves nothing with us."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from services.login import ATTEMPT_LASTS


@dataclass(frozen=True, slots=True)
class Attempt:
    """The `state` that WeCom is to bring back, the page that was wanted, and until when it may come."""

    state: str
    next_path: str
    expires_at: datetime

    def cookie(self) -> str:
        """What the browser keeps: signed, so that nobody changes or lengthens it."""
        return str(_signer().dumps([self.state, self.next_path, int(self.expires_at.timestamp())]))


def begin_attempt(kept: str, next_path: str, *, now: datetime) -> Attempt:
    """An attempt for `next_path` that lasts 10 minutes.

    A browser that asks again before it came back keeps its `state`; the path it asked for last is where it goes.
    """
    known = read_attempt(kept)
    state = known.state if known and known.expires_at > now else secrets.token_hex(32)
    return Attempt(state, next_path, now + ATTEMPT_LASTS)


def read_attempt(cookie: str) -> Attempt | None:
    """The attempt that a browser keeps; None when it keeps none of ours. It may be over."""
    try:
        state, next_path, expires_at = _signer().loads(cookie)
    except BadData:
        return None
    return Attempt(state, next_path, datetime.fromtimestamp(expires_at, UTC))


def _signer() -> URLSafeSerializer:
    secret = current_app.secret_key
    assert secret is not None
    return URLSafeSerializer(secret, salt="sign-in")
