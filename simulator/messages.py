"""App messages the platform accepted: their delivery, suppression of duplicates, cards and recall."""

import hashlib
import itertools
import secrets
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from simulator.corp import App
from simulator.directory import Member
from simulator.errors import ApiError
from simulator.pace import Pace
from simulator.post import Post
from simulator.threads import Threads

CARD_UPDATE_SECONDS = 72 * 3600
RECALL_SECONDS = 24 * 3600
SWEEP_AT = 50_000


@dataclass(slots=True)
class Message:
    """An accepted message; `posts` are its copies that reached somebody."""

    msgid: str
    agentid: int
    kind: str
    content: dict[str, Any]
    at: float
    posts: list[Post]
    dropped: int = 0


@dataclass(slots=True)
class ResponseCode:
    """The right to change one card once, for 72 hours."""

    message: Message
    expires_at: float


class Messages:
    """Accepts, delivers and remembers app messages."""

    def __init__(self, threads: Threads, main_agentid: int) -> None:
        self.pace = Pace()
        self.dropped = 0
        self.suppressed = 0
        self.accepted: dict[str, Message] = {}
        self.cut: deque[tuple[str, int]] = deque(maxlen=1000)
        """Texts longer than their field shows: the field and the length, newest last."""
        self._threads = threads
        self._main = main_agentid
        self._numbers = itertools.count(1)
        self._tasks: dict[tuple[int, str], Message] = {}
        self._codes: dict[str, ResponseCode] = {}
        self._bodies: dict[bytes, float] = {}
        self._sweep_at = SWEEP_AT
        self._days: Counter[tuple[int, int]] = Counter()

    def note(self, name: str, length: int) -> None:
        """Remember a text that is longer than its field shows."""
        self.cut.append((name, length))

    def peer(self, agentid: int) -> str:
        """The thread in which an app speaks."""
        return "app" if agentid == self._main else f"app:{agentid}"

    def is_duplicate(self, app: App, raw: bytes, now: float) -> bool:
        """Whether an identical body was accepted and its check interval is not over."""
        until = self._bodies.get(_digest(app, raw))
        if until is None or until <= now:
            return False
        self.suppressed += 1
        return True

    def remember(self, app: App, raw: bytes, now: float, interval: int) -> None:
        """Suppress identical bodies for `interval` seconds from now."""
        if len(self._bodies) >= self._sweep_at:
            self._bodies = {key: until for key, until in self._bodies.items() if until > now}
            self._sweep_at = max(SWEEP_AT, 2 * len(self._bodies))
        self._bodies[_digest(app, raw)] = now + interval

    def knows_task(self, agentid: int, task_id: str) -> bool:
        """Whether an app used this task_id before."""
        return (agentid, task_id) in self._tasks

    def send(self, app: App, kind: str, content: dict[str, Any], members: list[Member], now: float) -> Message:
        """Deliver a checked message; copies beyond a member's pace are silently dropped."""
        message = Message(f"SIMMSG-{next(self._numbers):06d}", app.agentid, kind, content, now, [])
        self.accepted[message.msgid] = message
        peer, admits, add = self.peer(app.agentid), self.pace.admits, self._threads.add
        for member in members:
            if admits(app.agentid, member.userid, now):
                post = add(member.userid, peer, kind, content, sender=app.name)
                post.msgid = message.msgid
                message.posts.append(post)
            else:
                message.dropped += 1
        self.dropped += message.dropped
        self._days[app.agentid, int((now + 8 * 3600) // 86400)] += len(members)
        if kind == "template_card" and content.get("task_id"):
            self._tasks[app.agentid, content["task_id"]] = message
        return message

    def sent_on(self, agentid: int, day: int) -> int:
        """Person-messages of an app on a day (whole days since 1970 in China)."""
        return self._days[agentid, day]

    def new_response_code(self, message: Message, now: float) -> str:
        """A code that allows one change of the message's card."""
        code = f"SIMRC-{secrets.token_urlsafe(18)}"
        self._codes[code] = ResponseCode(message, now + CARD_UPDATE_SECONDS)
        return code

    def card_of(self, app: App, code: str, now: float) -> Message:
        """The card message a live code belongs to; 60140 for a used or old one, 42015 for another app's."""
        found = self._codes.get(code)
        if found is None or found.expires_at <= now:
            raise ApiError(60140)
        if found.message.agentid != app.agentid:
            raise ApiError(42015)
        return found.message

    def spend(self, code: str) -> None:
        """End a response code."""
        del self._codes[code]

    def recall(self, app: App, msgid: str, now: float) -> None:
        """Take a message back within 24 hours; 40058 for another app's, 42052 when too late."""
        message = self.accepted.get(msgid)
        if message is None or message.agentid != app.agentid:
            raise ApiError(40058, "invalid msgid")
        if now - message.at > RECALL_SECONDS:
            raise ApiError(42052)
        for post in message.posts:
            post.recalled = True
            self._threads.touch(post)


def _digest(app: App, raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=16, salt=app.agentid.to_bytes(8, "big")).digest()
