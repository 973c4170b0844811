"""Sends what is queued: claims messages, sends them outside any transaction, and records what became of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from sqlalchemy import Engine

from bot.claim import Claim, Claimed, something_is_due
from bot.clock import Clock
from bot.enqueue import enqueue_card_update, enqueue_group_text, enqueue_notice, enqueue_notices, enqueue_replies
from bot.outcome import Outcome, judge_answer, judge_error, record
from bot.pause import AWAY, REFUSED, SENDING, Growth, PauseSwitch
from bot.release import give_up, resend
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
    "give_up",
    "resend",
]

# A message that failed before says little about the platform: others are tried again soon.
BRIEF = Growth(timedelta(seconds=1), timedelta(seconds=1))

log = structlog.get_logger(__name__)

Try = tuple[Claimed, Outcome, WeComError | None]


class Outbox:
    """Sends what is due, side by side with any number of other workers."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock, *, threads: int = 50) -> None:
        self._engine, self._client, self._clock = engine, client, clock
        self._pause = PauseSwitch(engine, SENDING)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="send")

    def close(self) -> None:
        """Ends the sending threads."""
        self._threads.shutdown()

    def send_due(self, limit: int = 50) -> int:
        """Sends up to `limit` due messages, at most one per recipient; returns how many rows it touched.

        0 means that nothing can be done now: nothing is due, the pace is used up, or sending is paused.
        """
        now = self._clock()
        with reading(self._engine) as session:
            if not something_is_due(session, now):
                return 0
        pause = self._pause.standing()
        held = self._pause.claim_probe(pause, now) if pause else None
        if pause and not (held and self._answers(held)):
            return 0
        with writing(self._engine) as session:
            claim = Claim(session, now)
            rows = claim.take(1 if held else limit)
        self._send_all(rows, held)
        return claim.touched

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

    def _send_all(self, rows: Sequence[Claimed], held: Pause | None) -> None:
        futures = [self._threads.submit(self._send, row) for row in rows]
        # One surprise must not cost the others their result: they would be sent again.
        surprises = [error for future in futures if (error := future.exception())]
        tries = [done for future in futures if not future.exception() and (done := future.result())]
        with writing(self._engine) as session:
            late = record(session, [outcome for _, outcome, _ in tries])
        if late:
            log.warning("results_came_late", count=late)
        self._heed(tries, held)
        if surprises:
            raise surprises[0]

    def _send(self, row: Claimed) -> Try | None:
        began = self._clock()
        if began >= row.lease_until:
            return None  # we slept so long that another worker has it
        try:
            answer = row.channel.send(self._client, row.recipient, row.payload)
        except WeComError as error:
            log.warning("not_sent", id=row.id, channel=row.channel.name, fault=str(error))
            return row, judge_error(row, error, began=began, now=self._clock()), error
        return row, judge_answer(row, answer, began=began, now=self._clock()), None

    def _heed(self, tries: Sequence[Try], held: Pause | None) -> None:
        """Pauses sending when these tries show that it is no use, and ends a pause when one shows that it is."""
        errors = [error for _, _, error in tries if error]
        refused = next((error for error in errors if _growth(error) is REFUSED), None)
        if refused:
            self._pause.grow(REFUSED, refused.explanation, now=self._clock(), held=held)
        elif errors and len(errors) == len(tries) and all(_growth(error) is AWAY for error in errors):
            first_tries = any(row.attempts == 1 for row, _, _ in tries)
            self._pause.grow(AWAY if first_tries else BRIEF, errors[0].explanation, now=self._clock(), held=held)
        elif tries and held:
            self._pause.end()


def _growth(error: WeComError) -> Growth | None:
    """How long an error stops everybody; None when it concerns its own message only."""
    if error.kind in (Kind.PAUSE, Kind.WINDOW, Kind.REFRESH):
        return REFUSED
    return AWAY if error.code is None and error.kind is not Kind.DATA else None
