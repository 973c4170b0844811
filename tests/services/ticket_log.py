"""The three rates counted again, one ticket after the other, from nothing but what the log says."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from domain.calendar import Duty
from domain.rates import Counts
from domain.sla import FIRST_CONTACT, Limit, Pause, Schedule, due_at
from domain.ticket import Rating
from domain.ticket import TicketAction as A
from domain.triage_words import CATEGORIES
from models.ticket import Ticket, TicketEvent, TicketExclusion
from services.ticket.span import Span

SCHEDULE = Schedule(Duty())
DAYS = {category.name: category.resolve_days for category in CATEGORIES}


def recounted(session: Session, span: Span, *, now: datetime) -> Counts:
    """What `rate_rows` must find, all rows together."""
    numbers = dict.fromkeys(
        ("due", "answered", "reached", "solved", "satisfied", "fair", "dissatisfied", "excluded"), 0
    )
    for ticket in session.exec(select(Ticket)):
        query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(col(TicketEvent.id))
        found = _Replay(ticket.category, session.exec(query).all(), now)
        if not found.fell_due(span, now):
            continue
        numbers["due"] += 1
        wish = select(TicketExclusion).where(TicketExclusion.ticket_id == ticket.id)
        if any(one.is_approved for one in session.exec(wish)):
            numbers["excluded"] += 1
            continue
        numbers["answered"] += found.is_answered
        numbers["reached"] += found.is_reached
        numbers["solved"] += found.is_solved
        for name, rating in (
            ("satisfied", Rating.SATISFIED),
            ("fair", Rating.FAIR),
            ("dissatisfied", Rating.DISSATISFIED),
        ):
            numbers[name] += found.rating is rating
    return Counts(**numbers)


class _Replay:
    """A ticket's life, read from its log."""

    def __init__(self, category: str, events: Sequence[TicketEvent], now: datetime) -> None:
        self._began_at = self._filed_at = events[0].at
        self._preset = self._days = DAYS[category]
        self._pauses: list[Pause] = []
        self._paused_at: datetime | None = None
        self._withdrawn_at: datetime | None = None
        self._contacted_at: datetime | None = None
        self._asked = 0
        self.is_reached = self.is_solved = False
        self.rating: Rating | None = None
        for event in events:
            self._take(event)

    @property
    def _due_at(self) -> datetime:
        return due_at(self._began_at, Limit(days=self._days), SCHEDULE, self._pauses)

    @property
    def is_answered(self) -> bool:
        limit = due_at(self._filed_at, FIRST_CONTACT, SCHEDULE)
        return self._contacted_at is not None and self._contacted_at <= limit

    def fell_due(self, span: Span, now: datetime) -> bool:
        """Whether its time ended in the span, before now, and while it ran."""
        due = self._due_at
        if self._withdrawn_at is not None and self._withdrawn_at < due:
            return False
        if self._paused_at is not None and self._paused_at < due:
            return False
        return span.begins_at <= due < min(span.ends_at, now)

    def _take(self, event: TicketEvent) -> None:
        if event.before != "paused" and event.after == "paused":
            self._paused_at = event.at
        if event.before == "paused" and event.after != "paused":
            assert self._paused_at is not None
            self._pauses.append(Pause(self._paused_at, event.at))
            self._paused_at = None
        if event.action in (A.CONTACT, A.FINISH) and self._contacted_at is None:
            self._contacted_at = event.at
        if event.action == A.ASK_EXTENSION:
            self._asked = event.days or 0
        if event.action == A.GRANT_EXTENSION:
            self._days += self._asked
        if event.action == A.CONFIRM:
            self.is_reached = self.is_solved = True
        if event.action == A.DENY:
            self._began_at, self._days = event.at, self._preset
            self.is_reached, self.is_solved, self.rating = True, False, None
        if event.action == A.RATE:
            self.is_reached, self.rating = True, event.rating
        if event.action == A.WITHDRAW:
            self._withdrawn_at = event.at
