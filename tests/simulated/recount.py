"""What must be true of a simulated quarter, recounted from the tickets' log by the slow count of minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sqlmodel import Session, col, select

from domain.ticket import TicketAction as A
from domain.ticket import TicketState as S
from domain.triage_words import CATEGORIES
from models.ticket import Clock, Ticket, TicketEvent
from tests.simulated.minutes import MinuteCount, Term, minute_of

ACCEPT, CONTACT, CONFIRM, TODAY = Term(minutes=240), Term(days=1), Term(days=3), Term(days=0)
ENDED = (S.SOLVED, S.LAPSED, S.WITHDRAWN)
# Who hears, minutes and working days after the due time.
LEADERS = (("grid_leader", 0, 0), ("duty_leader", 0, 1))
LADDERS: dict[Clock, tuple[tuple[str, int, int], ...]] = {
    Clock.ACCEPT: (("owner", -60, 0), *LEADERS),
    Clock.CONTACT: (("owner", -150, 0), *LEADERS),
    Clock.RESOLVE: (("owner", 0, -1), *LEADERS),
    Clock.ARBITRATE: LEADERS,
    Clock.CONFIRM: (),
}


@dataclass
class Run:
    """A clock from its beginning to its end, with every time its due minute was counted anew."""

    which: Clock
    began: int
    term: Term
    counted: list[tuple[int, int | None]] = field(default_factory=list)  # minute, due; None while it stands still
    due: int = 0
    ended: int | None = None


@dataclass
class Replay:
    """One ticket as its log tells it."""

    runs: list[Run]
    accept_due: int
    contact_due: int
    resolve_due: int
    contacted: int | None = None
    reached: bool = False
    was_reopened: bool = False
    state: str = ""
    rating: str | None = None
    closed: int | None = None
    paused: int | None = None  # since when its clocks stand still, where they still do


@dataclass
class Recounter:
    """Plays logs again; `storm` is when the corrected calendar was counted, `until` the last nightly look."""

    before_storm: MinuteCount
    after_storm: MinuteCount
    storm: int
    until: int

    def count_at(self, minute: int) -> MinuteCount:
        """The calendar by which due times were counted then."""
        return self.before_storm if minute < self.storm - 43 else self.after_storm

    def replay(self, ticket: Ticket, events: Sequence[TicketEvent]) -> Replay:
        """The clocks of a ticket from its log alone."""
        tape = _Tape(self, ticket)
        was_storm = False
        for event in events:
            now = minute_of(event.at)
            if now > self.storm and not was_storm:
                was_storm = True
                tape.count(self.storm)
            tape.play(event, now)
        if not was_storm:
            tape.count(self.storm)
        tape.count(self.until)
        return tape.found

    def expected(self, run: Run) -> set[tuple[str, int, int]]:
        """Whom the clock must have told: the role, the due minute, and the minute of the run that told it."""
        told: set[tuple[str, int, int]] = set()
        known: set[tuple[str, int, int]] = set()
        ends = run.ended if run.ended is not None else self.until
        marks = [*run.counted, (ends, None)]
        for (since, due), (until, _) in pairwise(marks):
            if due is None:
                continue
            for role, minutes, days in LADDERS[run.which]:
                calendar = self.count_at(since)
                send_at = calendar.send_at(run.began, due, minutes, days)
                if send_at is None or (role, due, send_at) in known:
                    continue
                at = max(send_at, since + 1)
                while at % 5 != 2 or not calendar.is_on_duty(at):
                    at += 1
                if at < until:
                    known.add((role, due, send_at))
                    if role != "owner" or at <= due:
                        told.add((role, due, at))
        return told


class _Tape:
    """The clocks of one ticket while its log is played."""

    def __init__(self, recounter: Recounter, ticket: Ticket) -> None:
        self._recounter, self._ticket = recounter, ticket
        self._running: dict[Clock, Run] = {}
        self._pauses: list[tuple[int, int | None]] = []
        self._days = {one.name: one.resolve_days for one in CATEGORIES}.get(ticket.category, 5)
        self._asked = 0
        self.found = Replay([], 0, 0, 0)

    def play(self, event: TicketEvent, now: int) -> None:
        """One line: what it ends and begins, then every due time anew."""
        if event.before == S.PAUSED and event.after != S.PAUSED:
            self._pauses[-1] = (self._pauses[-1][0], now)
            self.count(now)
        self._asked = event.days or 0 if event.action == A.ASK_EXTENSION else self._asked
        self._end_and_begin(event, now)
        if event.before != S.PAUSED and event.after == S.PAUSED:
            self._pauses.append((now, None))
        if event.after in ENDED:
            self._end(list(Clock), now)
        self._note(event, now)
        self.count(now)

    def count(self, now: int) -> None:
        """Every due time that runs, as it stands at this minute."""
        is_paused = bool(self._pauses) and self._pauses[-1][1] is None
        spans = [(first, now if last is None else last) for first, last in self._pauses]
        for run in self._running.values():
            run.due = self._recounter.count_at(now).due(run.began, run.term, spans)
            run.counted.append((now, None if is_paused else run.due))
        dues = {which: run.due for which, run in self._running.items()}
        self.found.accept_due = dues.get(Clock.ACCEPT, self.found.accept_due)
        self.found.resolve_due = dues.get(Clock.RESOLVE, self.found.resolve_due)
        if not self.found.was_reopened:
            self.found.contact_due = dues.get(Clock.CONTACT, self.found.contact_due)

    def _end_and_begin(self, event: TicketEvent, now: int) -> None:
        is_other = event.owner_after_id != event.owner_before_id
        if event.action == A.CONTACT:
            self._end([Clock.CONTACT], now)
        if event.before == S.UNACCEPTED and event.after != S.UNACCEPTED:
            self._end([Clock.ACCEPT], now)
        if event.action in (A.FINISH, A.DENY):
            self._end(list(Clock), now)
        if event.action in ("file", A.DENY):
            self._begin(Clock.CONTACT, CONTACT, now)
            self._begin(Clock.RESOLVE, Term(days=self._days), now)
        if event.action == A.FINISH:
            self._begin(Clock.CONFIRM, CONFIRM, now)
        if event.action == A.GRANT_EXTENSION:
            resolve = self._running[Clock.RESOLVE]
            resolve.term = Term(days=(resolve.term.days or 0) + self._asked)
        if event.after == S.ARBITRATION and event.before != S.ARBITRATION:
            self._begin(Clock.ARBITRATE, TODAY, now)
        if event.before == S.ARBITRATION and event.after != S.ARBITRATION:
            self._end([Clock.ARBITRATE], now)
        if event.action in ("file", A.ARBITRATE) or (event.after == S.UNACCEPTED and is_other):
            self._begin(Clock.ACCEPT, ACCEPT, now)

    def _begin(self, which: Clock, term: Term, now: int) -> None:
        self._end([which], now)
        self._running[which] = Run(which, now, term)
        self.found.runs.append(self._running[which])

    def _end(self, which: Sequence[Clock], now: int) -> None:
        for one in which:
            if one in self._running:
                self._running.pop(one).ended = now

    def _note(self, event: TicketEvent, now: int) -> None:
        found = self.found
        is_told = event.action == A.FINISH and self._ticket.requester_id is not None
        if found.contacted is None and (event.action == A.CONTACT or is_told):
            found.contacted = now
        if event.action in (A.CONFIRM, A.DENY, A.RATE):
            found.reached = True
        if event.action == A.RATE:
            found.rating = event.rating.value if event.rating else None
        if event.action == A.DENY:
            found.rating, found.closed, found.was_reopened = None, None, True
        if event.after in ENDED and (event.before not in ENDED or event.action == A.CONFIRM):
            found.closed = now
        found.state = event.after
        found.paused = self._pauses[-1][0] if event.after == S.PAUSED else None


def logs_of(session: Session) -> list[tuple[Ticket, list[TicketEvent]]]:
    """Every ticket with its log, in the order both were written."""
    logs: dict[int, list[TicketEvent]] = {}
    for event in session.exec(select(TicketEvent).order_by(col(TicketEvent.id))):
        logs.setdefault(event.ticket_id, []).append(event)
    return [(one, logs[one.id or 0]) for one in session.exec(select(Ticket).order_by(col(Ticket.id)))]


def minute_or_none(instant: datetime | None) -> int | None:
    """The minute of an instant that may be missing."""
    return None if instant is None else minute_of(instant)
