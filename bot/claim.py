"""Chooses what may be sent now and marks it as under way, so that no two workers send the same message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import CursorResult, Text, Update, func, type_coerce, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select

from bot.channel import CHANNELS, MESSAGE, Channel
from bot.kf.window import TOO_LATE, WAITS, Windows, is_kf
from bot.pace import API, PaceBook
from bot.quiet import QuietHours
from bot.together import Group, body_of, group, is_joint
from bot.unlike import said_lately, tell_apart
from bot.wecom.render import DUPLICATE_CHECK_SECONDS
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.secrecy import Unreadable, is_readable

# A welcome code lives 20 seconds; answers leave before what another person set off, and that before what the clock did.
WELCOME, ANSWER, CARRIED, BY_CLOCK = PRIORITIES = (-1, 0, 1, 2)
# Longer than a call can take with its timeouts and its token: after that its worker is taken for dead.
LEASE = timedelta(seconds=60)
# A repetition is harmless while WeCom suppresses it; the last minutes are left for it to get there.
REPEATABLE = timedelta(seconds=DUPLICATE_CHECK_SECONDS) - timedelta(minutes=5)

# Rows looked at for even one message: many may be stale, waiting or too early.
LOOKS_AT = 100

UNFINISHED = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.WAITING)
LEFT = "收件人已离职，没有发出"
UNREADABLE = "原文读不出来：密钥不对，或内容被改动过"
STALE = "过了时效，没有发出"
DOUBTFUL = "一直没有等到企业微信的回答，不知道对方收到没有；请问一下收件人，再决定重发还是不发"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message as it was when it was claimed; `lease_until` is the proof that it is still ours."""

    id: int
    channel: Channel
    recipient: str
    payload: str
    attempts: int
    first_sent_at: datetime | None
    lease_until: datetime
    others: tuple["Claimed", ...] = ()

    @property
    def all(self) -> "tuple[Claimed, ...]":
        """Every message that this call carries: itself, and those that say the same to other people."""
        return (self, *self.others)


def something_is_due(session: Session, now: datetime) -> bool:
    """Whether `claim` could find anything; a look that costs nobody a lock."""
    due = select(1).where(
        OutboxMessage.state == OutboxState.QUEUED,
        col(OutboxMessage.priority).in_(PRIORITIES),
        OutboxMessage.due_at <= now,
    )
    left_behind = select(1).where(OutboxMessage.state == OutboxState.SENDING, col(OutboxMessage.lease_until) <= now)
    return any(session.exec(query.limit(1)).first() for query in (due, left_behind))


class Claim:
    """One worker's choice in one transaction; workers choose one after another, since they share the platform's pace."""

    def __init__(self, session: Session, now: datetime, *, room: Mapping[str, int] = MappingProxyType({})) -> None:
        """`room` is how many calls may be made over a channel that is paused or tried."""
        self._session, self._now, self._room = session, now, dict(room)
        self._book = PaceBook(session)
        self._windows = Windows(session, now)
        self._quiet: QuietHours | None = None
        self.touched = 0

    def take(self, limit: int) -> list[Claimed]:
        """Up to `limit` calls, one per recipient, now marked as under way; counts in `touched` what else it moved."""
        self._book.lock(MESSAGE.api_key, self._now)
        self._take_back()
        rows = self._candidates(max(2 * limit, LOOKS_AT))
        groups = self._widened(group(rows, said_lately(self._session, rows, self._now)))
        rows = [row for one in groups for row in one.rows]
        self._book.read([key for row in rows for key in _keys(row)])
        self._windows.read([row.recipient for row in rows if is_kf(row)])
        leavers = self._leavers(rows)
        calls: list[list[OutboxMessage]] = []
        for one in groups:
            name = one.rows[0].channel
            if len(calls) < limit and self._room.get(name, limit) > 0:
                leaving = [row for row in one.rows if self._may_leave(row, leavers)]
                if leaving:
                    self._book.take(CHANNELS[leaving[0].channel].api_key, API, self._now)
                    calls.append(leaving)
                    self._room[name] = self._room.get(name, limit) - 1
        self._book.write()
        return self._mark(calls)

    def _take_back(self) -> None:
        """Messages whose worker died go back to the queue."""
        left_behind = col(OutboxMessage.state) == OutboxState.SENDING, col(OutboxMessage.lease_until) <= self._now
        self._change(update(OutboxMessage).where(*left_behind).values(state=OutboxState.QUEUED, lease_until=None))

    def _bury_unreadable(self) -> None:
        """Queued messages that cannot be decrypted rest, so that they do not stand in the way of all others."""
        is_due = col(OutboxMessage.state) == OutboxState.QUEUED, col(OutboxMessage.due_at) <= self._now
        stored = type_coerce(col(OutboxMessage.payload), Text)
        rows = self._session.connection().execute(select(col(OutboxMessage.id), stored).where(*is_due)).all()
        lost = [id_ for id_, sealed in rows if not is_readable("outbox_message.payload", sealed)]
        rest = update(OutboxMessage).where(col(OutboxMessage.id).in_(lost))
        self._change(rest.values(state=OutboxState.DEAD, error=UNREADABLE))

    def _candidates(self, most: int) -> list[OutboxMessage]:
        """The first due messages whose recipient has nothing under way and whose predecessor is finished."""
        found: list[OutboxMessage] = []
        for priority in PRIORITIES:
            found += self._due(most - len(found), OutboxMessage.priority == priority)
            if len(found) >= most:
                break
        return _one_each(found)

    def _due(self, most: int, *which: Any) -> Sequence[OutboxMessage]:
        other, before = aliased(OutboxMessage), aliased(OutboxMessage)
        under_way = exists().where(
            col(other.recipient) == col(OutboxMessage.recipient), col(other.state) == OutboxState.SENDING
        )
        waits = exists().where(col(before.id) == col(OutboxMessage.after_id), col(before.state).in_(UNFINISHED))
        closed = [name for name, room in self._room.items() if room == 0]
        due = (
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.due_at <= self._now,
            col(OutboxMessage.channel).not_in(closed),
        )
        query = (
            select(OutboxMessage)
            .where(*due, *which, ~under_way, ~waits)
            .order_by(col(OutboxMessage.due_at), col(OutboxMessage.id))
            .limit(most)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        )
        try:
            return self._session.exec(query).all()
        except Unreadable:
            self._bury_unreadable()
            return self._session.exec(query).all()

    def _widened(self, groups: list[Group]) -> list[Group]:
        """The first call to many with all that may join it; further ones wait for the next claim, which is soon."""
        many = [one for one in groups if is_joint(one)]
        if not many:
            return groups
        first = many[0]
        chosen = [one for one in groups if one is first or one not in many]
        elsewhere = {row.recipient for one in chosen if one is not first for row in one.rows}
        found = _one_each(self._due(CHANNELS[first.rows[0].channel].names, *first.which))
        lately = {row.id for row in said_lately(self._session, found, self._now)}
        first.rows = [row for row in found if row.id not in lately and row.recipient not in elsewhere]
        return [one for one in chosen if one.rows]

    def _leavers(self, rows: Sequence[OutboxMessage]) -> frozenset[str]:
        accounts = [row.recipient for row in rows]
        query = select(Person.account_key).where(
            col(Person.account_key).in_(accounts), col(Person.left_at) <= self._now
        )
        return frozenset(self._session.exec(query))

    def _may_leave(self, row: OutboxMessage, leavers: frozenset[str]) -> bool:
        channel = CHANNELS[row.channel]
        if row.expires_at and row.expires_at <= self._now:
            return self._rest(row, OutboxState.EXPIRED, STALE)
        if row.recipient in leavers:
            return self._rest(row, OutboxState.EXPIRED, LEFT)
        if row.first_sent_at and (not channel.suppresses or self._now - row.first_sent_at > REPEATABLE):
            return self._rest(row, OutboxState.IN_DOUBT, DOUBTFUL)
        if not row.any_hour and not self._on_duty():
            return False
        if is_kf(row) and not self._finds_window(row):
            return False
        if self._book.ready_at(channel.api_key, API, self._now) > self._now:
            return False
        if channel.limit:
            key = channel.key_for(row.recipient)
            ready_at = self._book.ready_at(key, channel.limit, self._now)
            if ready_at > self._now:
                mine = col(OutboxMessage.recipient) == row.recipient, col(OutboxMessage.channel) == row.channel
                return self._put_off(ready_at, *mine)
            self._book.take(key, channel.limit, self._now)
        return True

    def _finds_window(self, row: OutboxMessage) -> bool:
        """Whether a customer may be written to now; else the message waits for their word, or is past if it may not."""
        row.turn = self._windows.turn_for(row)
        if row.turn is not None:
            return True
        is_greeting = row.expires_at is not None and not row.purpose
        return (
            self._rest(row, OutboxState.EXPIRED, TOO_LATE)
            if is_greeting
            else self._rest(row, OutboxState.WAITING, WAITS)
        )

    def _rest(self, row: OutboxMessage, state: OutboxState, reason: str) -> bool:
        row.state, row.error = state, reason
        self._session.add(row)
        self.touched += 1
        return False

    def _on_duty(self) -> bool:
        """Whether messages that nobody waits for may leave; if not, all of them are put off to when they may."""
        if self._quiet is None:
            self._quiet = QuietHours(self._session)
            openings = self._quiet.openings(self._now)
            if openings != [self._now]:
                for number, opening in enumerate(openings):
                    share = func.mod(OutboxMessage.id, len(openings)) == number
                    self._put_off(opening, col(OutboxMessage.any_hour).is_(False), share)
        return self._quiet.may_leave(self._now)

    def _put_off(self, until: datetime, *which: Any) -> bool:
        due = col(OutboxMessage.state) == OutboxState.QUEUED, col(OutboxMessage.due_at) < until
        self._change(update(OutboxMessage).where(*due, *which).values(due_at=until))
        return False

    def _change(self, statement: Update) -> None:
        result = self._session.connection().execute(statement)
        assert isinstance(result, CursorResult)
        self.touched += result.rowcount

    def _mark(self, calls: Sequence[list[OutboxMessage]]) -> list[Claimed]:
        lease_until = self._now + LEASE
        rows = [row for call in calls for row in call]
        tell_apart(self._session, rows, self._now)
        bodies = [body_of(self._session, call) for call in calls]
        marked = [[self._marked(row, lease_until) for row in call] for call in calls]
        self._session.add_all(rows)
        self.touched += len(rows)
        return [
            replace(first, payload=body, others=tuple(others))
            for body, (first, *others) in zip(bodies, marked, strict=True)
        ]

    def _marked(self, row: OutboxMessage, lease_until: datetime) -> Claimed:
        assert row.id is not None
        before = row.first_sent_at
        row.state, row.lease_until, row.attempts = OutboxState.SENDING, lease_until, row.attempts + 1
        row.first_sent_at = before or self._now
        return Claimed(row.id, CHANNELS[row.channel], row.recipient, row.payload, row.attempts, before, lease_until)


def _one_each(rows: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """The first message of each recipient."""
    first: dict[str, OutboxMessage] = {}
    for row in rows:
        first.setdefault(row.recipient, row)
    return list(first.values())


def _keys(row: OutboxMessage) -> list[str]:
    channel = CHANNELS[row.channel]
    return [channel.api_key, channel.key_for(row.recipient)]
