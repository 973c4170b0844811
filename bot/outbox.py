"""Sends what is queued: claims messages, sends them outside any transaction, and records what became of them."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from bot.claim import Claim, Claimed, something_is_due
from bot.clock import Clock
from bot.enqueue import (
    enqueue_card_update,
    enqueue_group_text,
    enqueue_notice,
    enqueue_notices,
    enqueue_replies,
    enqueue_to_customer,
)
from bot.outcome import Outcome, judge_answer, judge_error, record, shares
from bot.pause import AWAY, REFUSED, SENDING, Growth, PauseSwitch
from bot.release import give_up, resend
from bot.way_pause import WayPauses
from bot.wecom.client import WeComClient
from bot.wecom.errors import Kind, WeComError
from models.engine import reading, writing
from models.platform import Pause

__all__ = [
    "Outbox",
    "enqueue_card_update",
    "enqueue_group_text",
    "enqueue_notice",
    "enqueue_notices",
    "enqueue_replies",
    "enqueue_to_customer",
    "give_up",
    "resend",
]

# A message that failed before says little about the platform: others are tried again soon.
BRIEF = Growth(timedelta(seconds=1), timedelta(seconds=1))

# How long answers are waited for together, in seconds: whose answer takes longer holds up nobody else.
TOGETHER = 0.1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Try:
    """One call and what it came to; `began` is a monotonic time."""

    row: Claimed
    outcomes: tuple[Outcome, ...]
    error: WeComError | None
    began: float


class Outbox:
    """Sends what is due, side by side with any number of other workers; only one thread may call it."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock, *, threads: int = 50) -> None:
        self._engine, self._client, self._clock = engine, client, clock
        self._pause = PauseSwitch(engine, SENDING)
        self._ways = WayPauses(engine)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="send")
        self._under_way: set[Future[Try | None]] = set()
        self._answered_at = 0.0

    def close(self) -> None:
        """Waits for the calls under way, records what became of them and ends the sending threads."""
        self._threads.shutdown()
        self._settle(None)

    def send_due(self, limit: int = 50) -> int:
        """Sends due messages, at most one per recipient and `limit` at a time; returns how many rows it touched.

        0 means that nothing can be done now: nothing is due, the pace is used up, or sending is paused.
        """
        now, room = self._clock(), limit - len(self._under_way)
        if room <= 0 or not self._is_something_due(now):
            return self._settle(None)
        pause = self._pause.standing()
        held = self._pause.claim_probe(pause, now) if pause else None
        if pause and not (held and self._answers(held)):
            return self._settle(None)
        touched = self._start(1 if held else room, now, is_probe=held is not None)
        return touched + self._settle(held)

    def _is_something_due(self, now: datetime) -> bool:
        with reading(self._engine) as session:
            return something_is_due(session, now)

    def _start(self, most: int, now: datetime, *, is_probe: bool) -> int:
        """Claims messages and begins to send them; returns how many rows that touched."""
        touched, room = 0, self._ways.room(now)
        while True:
            with writing(self._engine) as session:
                claim = Claim(session, now, room=room)
                rows = claim.take(most)
            touched += claim.touched
            # What is stale or put off tells nothing about the platform: a probe goes on to one that is sent.
            if rows or not is_probe or not claim.touched:
                self._under_way |= {self._threads.submit(self._send, row) for row in rows}
                return touched

    def _answers(self, held: Pause) -> bool:
        """Whether the cause of a pause is gone as far as a harmless call can tell; else the pause grows."""
        try:
            self._client.check()
        except WeComError as error:
            growth = _growth(error)
            if growth:
                self._pause.grow(growth, error.explanation, now=self._clock(), held=held)
            return growth is None
        return True

    def _settle(self, held: Pause | None) -> int:
        """Records the calls that have an answer; returns how many there were, those still under way included."""
        count = len(self._under_way)
        wait(self._under_way, timeout=None if held else TOGETHER)
        done = {future for future in self._under_way if future.done()}
        # One surprise must not cost the others their result: they would be sent again.
        surprises = [error for future in done if (error := future.exception())]
        tries = [one for future in done if not future.exception() and (one := future.result())]
        if tries:
            with writing(self._engine) as session:
                late = record(session, [outcome for one in tries for outcome in one.outcomes])
            if late:
                log.warning("results_came_late", count=late)
        self._under_way -= done  # not before: results outlive a database that is briefly away
        self._heed(tries, held)
        if surprises:
            raise surprises[0]
        return count

    def _send(self, row: Claimed) -> Try | None:
        began, began_at = time.monotonic(), self._clock()
        if began_at >= row.lease_until:
            return None  # we slept so long that another worker has it
        try:
            answer = row.channel.send(self._client, row.recipient, row.payload)
        except WeComError as error:
            log.warning("not_sent", id=row.id, channel=row.channel.name, fault=str(error))
            now = self._clock()
            return Try(row, tuple(judge_error(one, error, began=began_at, now=now) for one in row.all), error, began)
        self._answered_at, now = time.monotonic(), self._clock()
        return Try(
            row,
            tuple(judge_answer(one, mine, began=began_at, now=now) for one, mine in shares(row, answer)),
            None,
            began,
        )

    def _heed(self, tries: Sequence[Try], held: Pause | None) -> None:
        """Pauses sending when these tries show that it is no use, and ends a pause when one shows that it is."""
        for one in tries:
            self._ways.heed(one.row.channel, one.error, self._clock())
        errors = [one.error for one in tries if one.error]
        refused = next((error for error in errors if _growth(error) is REFUSED), None)
        # A call that hung while others got their answer says nothing about the platform.
        is_away = all(one.error and _growth(one.error) is AWAY and one.began > self._answered_at for one in tries)
        if refused:
            self._pause.grow(REFUSED, refused.explanation, now=self._clock(), held=held)
        elif errors and is_away:
            first_tries = any(one.row.attempts == 1 for one in tries)
            self._pause.grow(AWAY if first_tries else BRIEF, errors[0].explanation, now=self._clock(), held=held)
        elif held and any(one.error is None or _growth(one.error) is None for one in tries):
            self._pause.end(held)


def _growth(error: WeComError) -> Growth | None:
    """How long an error stops everybody; None when it concerns its own message or its own way only."""
    if error.of_one_call:
        return None
    if error.kind in (Kind.PAUSE, Kind.WINDOW, Kind.REFRESH):
        return REFUSED
    return AWAY if error.code is None and error.kind is not Kind.DATA else None
