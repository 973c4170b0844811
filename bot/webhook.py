"""Tells outside systems of their tickets: signed, to the one address an operator gave, again and again until it is taken."""

import hmac
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy

import requests
import structlog
from sqlalchemy import ColumnElement, Engine, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, or_, select

from bot.backup import HELD, UNTIL_RELEASED
from bot.claim import LEASE, UNREADABLE
from bot.clock import Clock
from bot.outcome import BACKOFF, Outcome, record
from bot.wecom.deadline import DeadlineAdapter
from models.engine import reading, writing
from models.message import WEBHOOK, WEBHOOK_PRIORITY, OutboxMessage, OutboxState
from models.outside import OutsideSystem
from models.platform import Pause
from models.secrecy import Unreadable

CONNECT_SECONDS, READ_SECONDS = 3.05, 8.0
MOST_AT_ONCE = 8
ENDED = "这个系统已停用，或没有回调地址"
NOT_REACHED = "连不上对方的回调地址，稍后会自动再试"
NOT_TRUSTED = "对方的证书不对，稍后会自动再试"
NO_ANSWER = "对方没有按时回答，稍后会自动再试"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it was when it was claimed; `lease_until` is the proof that it is still ours."""

    id: int
    url: str
    secret: str
    body: str
    attempts: int
    first_sent_at: datetime | None
    lease_until: datetime


class Webhooks:
    """Sends what is due, one message per system at a time, side by side with any number of other workers.

    A message may arrive twice, with the same `Linge-Delivery`. It is dead after 12 tries over about four hours.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="webhook")
        self._under_way: set[Future[None]] = set()
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc and no proxy variables
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, DeadlineAdapter(pool_connections=MOST_AT_ONCE, max_retries=0))

    def send_due(self) -> int:
        """Begins to send what is due, waiting for no answer; returns how many messages it touched."""
        done = {future for future in self._under_way if future.done()}
        self._under_way -= done
        for future in done:
            future.result()
        now, room = self._clock(), MOST_AT_ONCE - len(self._under_way)
        if room == 0 or not self._may_send(now):
            return 0
        with writing(self._engine) as session:
            touched, deliveries = _claim(session, room, now)
        self._under_way |= {self._threads.submit(self._send, one) for one in deliveries}
        return touched

    def wait(self) -> None:
        """Waits for the answers to what is under way; for tests and one-off commands."""
        wait(self._under_way)

    def close(self) -> None:
        """Waits for the answers to what is under way and ends the threads and connections."""
        self._threads.shutdown()
        self._session.close()

    def _may_send(self, now: datetime) -> bool:
        with reading(self._engine) as session:
            if session.exec(select(OutboxMessage.id).where(*_mine(now)).limit(1)).first() is None:
                return False
            # A restored copy tells nobody anything until it is released; a pause of WeCom's is none of ours.
            held = select(Pause.key).where(Pause.key == HELD, Pause.until == UNTIL_RELEASED)
            return session.exec(held).first() is None

    def _send(self, one: Delivery) -> None:
        began = self._clock()
        if began >= one.lease_until:
            return  # we slept so long that another worker has it
        error = self._post(one, began)
        if error:
            log.warning("webhook_not_sent", id=one.id, attempts=one.attempts, fault=error)
        with writing(self._engine) as session:
            record(session, [_judge(one, error, began=began, now=self._clock())])

    def _post(self, one: Delivery, now: datetime) -> str:
        """Why the other side did not take it; empty when it did. Its words are not read, only its status."""
        stamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Linge-Delivery": str(one.id),
            "Linge-Timestamp": stamp,
            "Linge-Signature": signature(one.secret, stamp, one.body),
        }
        timeout = CONNECT_SECONDS, READ_SECONDS
        try:
            with self._session.post(
                one.url, one.body.encode(), headers=headers, timeout=timeout, allow_redirects=False, stream=True
            ) as answer:
                return "" if answer.ok and not answer.is_redirect and answer.status_code < 300 else _refused(answer)
        except requests.exceptions.SSLError:
            return NOT_TRUSTED
        except (requests.Timeout, TimeoutError):
            return NO_ANSWER
        except requests.RequestException:
            return NOT_REACHED


def signature(secret: str, stamp: str, body: str) -> str:
    """The header that proves a message ours: HMAC-SHA256 over `stamp`, a dot and the body, in hexadecimal digits."""
    return f"v1={hmac.digest(secret.encode(), f'{stamp}.{body}'.encode(), 'sha256').hex()}"


def _refused(answer: requests.Response) -> str:
    return f"对方回答 HTTP {answer.status_code}，稍后会自动再试"


def _judge(one: Delivery, error: str, *, began: datetime, now: datetime) -> Outcome:
    first = one.first_sent_at or began
    if not error:
        return Outcome(one.id, one.lease_until, OutboxState.SENT, one.attempts, now, first, now)
    if one.attempts > len(BACKOFF):
        return Outcome(one.id, one.lease_until, OutboxState.DEAD, one.attempts, now, first, error=error)
    due_at = now + BACKOFF[one.attempts - 1]
    return Outcome(one.id, one.lease_until, OutboxState.QUEUED, one.attempts, due_at, first, error=error)


def _mine(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Due, or left behind by a worker that died."""
    state, is_due = col(OutboxMessage.state), col(OutboxMessage.due_at) <= now
    queued = (state == OutboxState.QUEUED) & is_due
    left_behind = (state == OutboxState.SENDING) & (col(OutboxMessage.lease_until) <= now)
    return col(OutboxMessage.priority) == WEBHOOK_PRIORITY, or_(queued, left_behind)


def _claim(session: Session, most: int, now: datetime) -> tuple[int, list[Delivery]]:
    """Up to `most` messages, one per system, now marked as under way; and how many rows that touched."""
    other = aliased(OutboxMessage)
    under_way = exists().where(
        col(other.recipient) == col(OutboxMessage.recipient),
        col(other.state) == OutboxState.SENDING,
        col(other.lease_until) > now,
    )
    query = (
        select(OutboxMessage.id, OutboxMessage.recipient)
        .where(*_mine(now), ~under_way)
        .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
        .limit(100)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    first: dict[str, int] = {}
    for id_, recipient in session.exec(query):
        first.setdefault(recipient, id_ or 0)
    deliveries = [_delivery(session, id_, recipient, now) for recipient, id_ in list(first.items())[:most]]
    return len(deliveries), [one for one in deliveries if one is not None]


def _delivery(session: Session, id_: int, recipient: str, now: datetime) -> Delivery | None:
    """The message marked as under way; None when it never can be sent and rests with the reason."""
    code = recipient.removeprefix(f"{WEBHOOK}:")
    try:
        row = session.get_one(OutboxMessage, id_)
        system = session.exec(select(OutsideSystem).where(OutsideSystem.code == code)).first()
    except Unreadable:
        _rest(session, id_, UNREADABLE)
        return None
    if system is None or not system.is_active or not system.webhook_url:
        _rest(session, id_, ENDED)
        return None
    row.state, row.lease_until, row.attempts = OutboxState.SENDING, now + LEASE, row.attempts + 1
    return Delivery(
        id_, system.webhook_url, system.webhook_secret, row.payload, row.attempts, row.first_sent_at, now + LEASE
    )


def _rest(session: Session, id_: int, reason: str) -> None:
    values = {"state": OutboxState.DEAD, "error": reason, "lease_until": None}
    session.connection().execute(update(OutboxMessage).where(col(OutboxMessage.id) == id_).values(**values))
