"""The open due times of tickets: begun, ended, counted again after pauses and extensions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlmodel import Session, col, select

from domain import sla
from domain.calendar import Duty, Workdays
from domain.escalation import ACCEPT_LADDER, CONTACT_LADDER, LEADERS, RESOLVE_LADDER, Notice, Rung, notices
from domain.sla import RESOLVE, Limit, Pause, Schedule
from domain.triage_words import CATEGORIES
from models.routing import EscalationRung, TicketCategory
from models.ticket import Clock, Ticket, TicketClock, TicketPause
from services.period import workdays

Ladders = dict[Clock, tuple[Rung, ...]]

_LADDERS: Ladders = {
    Clock.ACCEPT: ACCEPT_LADDER,
    Clock.CONTACT: CONTACT_LADDER,
    Clock.RESOLVE: RESOLVE_LADDER,
    Clock.ARBITRATE: LEADERS,
    Clock.CONFIRM: (),
}
_PRESETS = {category.name: category.resolve_days for category in CATEGORIES}


def schedule_of(session: Session) -> Schedule:
    """The county's working time, with the single days that an operator has corrected."""
    return _schedule(frozenset(workdays(session).overrides.items()))


def ladders(session: Session) -> Ladders:
    """The ladder of every clock: the county's rows, or where there are none the one of the rules."""
    rows = session.exec(select(EscalationRung).order_by(col(EscalationRung.position))).all()
    own: Ladders = {}
    for row in rows:
        own[row.which] = (*own.get(row.which, ()), Rung(row.addressee, row.minutes, row.days))
    return _LADDERS | own


def resolve_limit(session: Session, category: str) -> Limit:
    """How long a case of this category may take."""
    days = session.exec(select(TicketCategory.resolve_days).where(TicketCategory.name == category)).first()
    return Limit(days=days if days is not None else _PRESETS.get(category, RESOLVE.days or 0))


@dataclass(frozen=True, slots=True)
class Counting:
    """What due times are counted by: the working time, the ladders, and the instant to which open pauses last."""

    schedule: Schedule
    ladders: Ladders
    now: datetime

    @classmethod
    def of(cls, session: Session, now: datetime) -> "Counting":
        """As the county's rows say."""
        return cls(schedule_of(session), ladders(session), now)


def begin(session: Session, ticket: Ticket, which: Clock, limit: Limit, *, now: datetime) -> TicketClock:
    """Begins a due time now; one that ran already begins anew."""
    assert ticket.id is not None
    clock = session.get(TicketClock, (ticket.id, which)) or TicketClock(
        ticket_id=ticket.id, which=which, began_at=now, due_at=now
    )
    clock.began_at, clock.minutes, clock.days = now, limit.minutes, limit.days
    session.add(clock)
    _count(clock, [], Counting.of(session, now))
    return clock


def end(session: Session, ticket: Ticket, which: Iterable[Clock] = tuple(Clock)) -> None:
    """Ends due times that run; those that do not are left alone."""
    for clock in _running(session, ticket):
        if clock.which in which:
            session.delete(clock)
    session.flush()


def extend(session: Session, ticket: Ticket, days: int, *, now: datetime) -> None:
    """Gives the resolution so many working days more."""
    clock = session.get_one(TicketClock, (ticket.id, Clock.RESOLVE))
    clock.days = limit_of(clock).extended(days).days
    count_again(session, ticket, now=now)


def pause(session: Session, ticket: Ticket, reason: str, *, now: datetime) -> None:
    """Lets all clocks of a ticket stand still."""
    assert ticket.id is not None
    session.add(TicketPause(ticket_id=ticket.id, began_at=now, reason=reason))
    for clock in _running(session, ticket):
        clock.next_at = None
    session.flush()


def resume(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Ends the pause that goes on; the clocks that still run are due later by its working time."""
    query = select(TicketPause).where(TicketPause.ticket_id == ticket.id, col(TicketPause.ended_at).is_(None))
    for one in session.exec(query):
        one.ended_at = now
    count_again(session, ticket, now=now)


def count_again(session: Session, ticket: Ticket, *, now: datetime) -> None:
    """Brings the due times that run up to date with pauses, extensions and the calendar."""
    session.flush()
    pauses = session.exec(select(TicketPause).where(TicketPause.ticket_id == ticket.id)).all()
    _count_all(ticket, _running(session, ticket), pauses, Counting.of(session, now))
    session.flush()


def count_everything_again(session: Session, *, now: datetime) -> int:
    """Brings every due time that runs up to date, in a few statements; returns for how many tickets."""
    counting = Counting.of(session, now)
    running = select(TicketClock.ticket_id)
    # Held before their clocks are read, as every act does: else one that ends a clock meanwhile would be undone.
    query = select(Ticket).where(col(Ticket.id).in_(running)).order_by(col(Ticket.id)).with_for_update()
    tickets = session.exec(query.execution_options(populate_existing=True)).all()
    clocks: dict[int, list[TicketClock]] = {}
    for clock in session.exec(select(TicketClock).execution_options(populate_existing=True)):
        clocks.setdefault(clock.ticket_id, []).append(clock)
    pauses: dict[int, list[TicketPause]] = {}
    for one in session.exec(select(TicketPause).where(col(TicketPause.ticket_id).in_(running))):
        pauses.setdefault(one.ticket_id, []).append(one)
    for ticket in tickets:
        _count_all(ticket, clocks.get(ticket.id or 0, []), pauses.get(ticket.id or 0, []), counting)
    session.flush()
    return len(clocks)


def climb_on(session: Session, *, now: datetime) -> None:
    """Puts the clocks that run on the ladders of today, which somebody has just changed.

    What was told stays told, a new step that lies in the past is not made up for, and what was due but not yet told
    is told still.
    """
    counting = Counting.of(session, now)
    still = set(session.exec(select(TicketPause.ticket_id).where(col(TicketPause.ended_at).is_(None))))
    for clock in session.exec(select(TicketClock)):
        steps = climb(clock, counting.ladders, counting.schedule)
        reached = min(now, clock.next_at or now)
        clock.rung = sum(step.send_at < reached for step in steps)
        left = steps[clock.rung :]
        clock.next_at = left[0].send_at if left and clock.ticket_id not in still else None
    session.flush()


def limit_of(clock: TicketClock) -> Limit:
    """The limit a clock runs under."""
    return Limit(minutes=clock.minutes) if clock.days is None else Limit(days=clock.days)


def climb(clock: TicketClock, of: Ladders, schedule: Schedule) -> list[Notice]:
    """The steps of a clock's ladder with the instants they are due at."""
    return notices(clock.began_at, clock.due_at, of[clock.which], schedule)


def _count_all(
    ticket: Ticket, clocks: Iterable[TicketClock], pauses: Sequence[TicketPause], counting: Counting
) -> None:
    is_paused = any(one.ended_at is None for one in pauses)
    spans = [Pause(one.began_at, one.ended_at or counting.now) for one in pauses]
    for clock in clocks:
        _count(clock, spans, counting)
        if is_paused:
            clock.next_at = None
        if clock.which is Clock.ACCEPT:
            ticket.accept_due_at = clock.due_at
        if clock.which is Clock.CONTACT and not ticket.reopens:
            ticket.contact_due_at = clock.due_at
        if clock.which is Clock.RESOLVE:
            ticket.resolve_due_at = clock.due_at


def _count(clock: TicketClock, pauses: Sequence[Pause], counting: Counting) -> None:
    due = sla.due_at(clock.began_at, limit_of(clock), counting.schedule, pauses)
    if due != clock.due_at:
        clock.due_at, clock.rung = due, 0
    steps = climb(clock, counting.ladders, counting.schedule)[clock.rung :]
    clock.next_at = steps[0].send_at if steps else None


def _running(session: Session, ticket: Ticket) -> list[TicketClock]:
    return list(session.exec(select(TicketClock).where(TicketClock.ticket_id == ticket.id)))


@lru_cache(maxsize=4)
def _schedule(overrides: frozenset[tuple[date, bool]]) -> Schedule:
    return Schedule(Duty(workdays=Workdays(dict(overrides))))
