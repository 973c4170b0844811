"""微信客服: accounts, their logs read by cursor, and their sessions with customers."""

import itertools
import secrets
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError
from simulator.kf_session import Session

TOKEN_SECONDS = 10 * 60
RETENTION_SECONDS = 3 * 86400
TOKENLESS_PER_MINUTE = 10


@dataclass
class Code:
    """The right to send one message on an event; `state` is the session state it needs, None for any."""

    external_userid: str
    kinds: tuple[str, ...]
    expires_at: float
    state: int | None


@dataclass
class Account:
    """A KF account; `serves` is 企业 or 居民 where that is known. `empty_pages` is how many of the next pulls answer an empty page with has_more = 1;
    `fail_next` holds the fail_type of each of the next messages that are accepted and then not delivered."""

    open_kfid: str
    name: str
    serves: str = ""
    avatar: str = ""
    servicers: dict[str, int] = field(default_factory=dict)
    departments: list[int] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    scenes: set[str] = field(default_factory=set)
    used_msgids: set[str] = field(default_factory=set)
    codes: dict[str, Code] = field(default_factory=dict)
    upgrade_members: list[str] = field(default_factory=list)
    upgrade_groups: list[str] = field(default_factory=list)
    empty_pages: int = 0
    fail_next: deque[int] = field(default_factory=deque)
    log: list[dict[str, Any]] = field(default_factory=list)
    logged_at: list[float] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    tokenless: deque[float] = field(default_factory=deque)


class Kf:
    """The corp's KF accounts."""

    def __init__(self, clock: Clock) -> None:
        self.accounts: dict[str, Account] = {}
        self._clock = clock
        self._numbers = itertools.count(1)

    def add(self, name: str, open_kfid: str = "", *, serves: str = "", servicers: tuple[str, ...] = ()) -> Account:
        """A new account whose servicers all receive."""
        identity = open_kfid or f"wkSIM{next(self._numbers):019d}"
        self.accounts[identity] = Account(identity, name, serves, servicers=dict.fromkeys(servicers, 0))
        return self.accounts[identity]

    def find(self, open_kfid: str) -> Account:
        """The account with this id: 60251 without one, 95004 for an unknown one."""
        if not open_kfid:
            raise ApiError(60251)
        if open_kfid not in self.accounts:
            raise ApiError(95004)
        return self.accounts[open_kfid]

    def note(self, account: Account, entry: dict[str, Any]) -> dict[str, Any]:
        """Write a message or an event into an account's log, where sync_msg finds it."""
        now = self._clock.timestamp()
        full = {"msgid": f"SIMKF-{next(self._numbers):08d}", "send_time": int(now), **entry}
        account.log.append(full)
        account.logged_at.append(now)
        return full

    def note_event(self, account: Account, external_userid: str, kind: str, **fields: Any) -> dict[str, Any]:
        """Write a system event about a customer into the log."""
        about = {"event_type": kind, "open_kfid": account.open_kfid, "external_userid": external_userid, **fields}
        return self.note(account, {"origin": 4, "msgtype": "event", "event": about})

    def new_token(self, account: Account) -> str:
        """A token for a callback, good for ten minutes."""
        now = self._clock.timestamp()
        account.tokens = {text: until for text, until in account.tokens.items() if until > now}
        token = f"ENC{secrets.token_urlsafe(24)}"
        account.tokens[token] = now + TOKEN_SECONDS
        return token

    def new_code(
        self, account: Account, external_userid: str, kinds: tuple[str, ...], seconds: float, state: int | None
    ) -> str:
        """A code for one message on an event."""
        code = f"SIMKFCODE-{secrets.token_urlsafe(18)}"
        account.codes[code] = Code(external_userid, kinds, self._clock.timestamp() + seconds, state)
        return code

    def owner_of(self, code: str) -> tuple[Account, Code]:
        """The account and content of a live code; 41050 for a used or old one."""
        now = self._clock.timestamp()
        for account in self.accounts.values():
            found = account.codes.get(code)
            if found and found.expires_at > now:
                return account, found
        raise ApiError(41050, "invalid code")

    def session(self, account: Account, external_userid: str) -> Session:
        """The present session of a customer; over once 48 hours passed without a word of theirs."""
        session = account.sessions.setdefault(external_userid, Session())
        session.age(self._clock.timestamp())
        return session

    def pull(self, account: Account, cursor: str, token: str, limit: int) -> dict[str, Any]:
        """A page of the log after a cursor; 95007 for an old token, 45009 for too many pulls without one."""
        now = self._clock.timestamp()
        self._check_token(account, token, now)
        start = bisect_left(account.logged_at, now - RETENTION_SECONDS)
        if cursor:
            head, _, tail = cursor.partition("-")
            if head != account.open_kfid or not tail.isdigit() or int(tail) > len(account.log):
                raise ApiError(40058, "invalid cursor")
            start = max(start, int(tail))
        if account.empty_pages:
            account.empty_pages -= 1
            return {"next_cursor": f"{account.open_kfid}-{start}", "has_more": 1, "msg_list": []}
        end = min(start + limit, len(account.log))
        more = int(end < len(account.log))
        return {"next_cursor": f"{account.open_kfid}-{end}", "has_more": more, "msg_list": account.log[start:end]}

    def _check_token(self, account: Account, token: str, now: float) -> None:
        if token:
            if account.tokens.get(token, 0) <= now:
                raise ApiError(95007)
            return
        while account.tokenless and account.tokenless[0] <= now - 60:
            account.tokenless.popleft()
        if len(account.tokenless) >= TOKENLESS_PER_MINUTE:
            raise ApiError(45009)
        account.tokenless.append(now)
