"""The promises about tickets, each with every way in which a simulated quarter broke it."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from sqlmodel import Session, col, select

from domain.rates import Counts, three_rates
from domain.ticket import TicketState as S
from models.message import OutboxMessage
from models.person import Person
from models.ticket import Ticket, TicketClock, TicketEvent
from services.ticket.kind import process_of
from services.ticket.rates import Division, rate_rows
from services.ticket.span import span_of
from tests.simulated.listening import ESCALATED
from tests.simulated.minutes import instant_of, minute_of
from tests.simulated.quarter import END, STORM_COUNTED, Quarter
from tests.simulated.recount import Recounter, Replay, logs_of, minute_or_none

Log = tuple[Ticket, list[TicketEvent], Replay]


def broken(session: Session, quarter: Quarter) -> dict[str, list[str]]:
    """Each promise with what broke it; all lists are empty when the service kept its word."""
    recounter = Recounter(quarter.before_storm, quarter.after_storm, STORM_COUNTED, END)
    logs = [(ticket, events, recounter.replay(ticket, events)) for ticket, events in logs_of(session)]
    return {
        "always owned": [fault for log in logs for fault in _without_owner(session, *log)],
        "every clock right": [fault for log in logs for fault in _wrong_clocks(session, *log)],
        "told once, in time": list(_wrongly_told(session, recounter, logs)),
        "told the right person, never at rest": quarter.wrong,
        "rates as the log says": list(_wrong_rates(session, logs)),
        "numbered without gap or double": list(_misnumbered(logs)),
    }


def _without_owner(session: Session, ticket: Ticket, events: list[TicketEvent], replay: Replay) -> Iterator[str]:
    first = events[0]
    if (first.action, first.at, events[-1].owner_after_id) != ("file", ticket.opened_at, ticket.owner_id):
        yield f"{ticket.number}: the log does not run from the first owner to the present one"
    for one, other in pairwise(events):
        if other.owner_before_id != one.owner_after_id or other.at < one.at or other.before != one.after:
            yield f"{ticket.number}: a gap after {one.action}"
    states = process_of(ticket.kind).states
    for event, until in zip(events, [*(one.at for one in events[1:]), instant_of(END)], strict=True):
        left_at = session.get_one(Person, event.owner_after_id).left_at
        if states[event.after].is_open and left_at is not None and left_at < until:
            yield f"{ticket.number}: owned by somebody who had left, after {event.action}"
    if ticket.state != replay.state or minute_or_none(ticket.closed_at) != replay.closed:
        yield f"{ticket.number}: is {ticket.state}, closed {ticket.closed_at}; the log says {replay.state}"


def _wrong_clocks(session: Session, ticket: Ticket, _events: list[TicketEvent], replay: Replay) -> Iterator[str]:
    kept = {
        "accept": (ticket.accept_due_at, replay.accept_due),
        "contact": (ticket.contact_due_at, replay.contact_due),
        "resolve": (ticket.resolve_due_at, replay.resolve_due),
    }
    for name, (due_at, counted) in kept.items():
        if minute_of(due_at) != counted:
            yield f"{ticket.number}: {name} due {due_at}, the slow count says {instant_of(counted)}"
    if minute_or_none(ticket.first_contacted_at) != replay.contacted:
        yield f"{ticket.number}: first contact {ticket.first_contacted_at}"
    running = {run.which: run.due for run in replay.runs if run.ended is None}
    stored = session.exec(select(TicketClock).where(TicketClock.ticket_id == ticket.id))
    if {clock.which: minute_of(clock.due_at) for clock in stored} != running:
        yield f"{ticket.number}: other clocks run than {sorted(running)}"


def _wrongly_told(session: Session, recounter: Recounter, logs: list[Log]) -> Iterator[str]:
    found: Counter[tuple[str, str, str, int]] = Counter()
    numbers = {ticket.id: ticket.number for ticket, _, _ in logs}
    for row in session.exec(select(OutboxMessage).where(col(OutboxMessage.key).like(ESCALATED))):
        _, ticket_id, which, *_, role, _ = row.key.split(":")
        found[numbers[int(ticket_id)], which, role, minute_of(row.created_at)] += 1
    wanted = {
        (ticket.number, run.which.value, role, told)
        for ticket, _, replay in logs
        for run in replay.runs
        for role, _, told in recounter.expected(run)
    }
    yield from (f"{one} was told {count} times" for one, count in found.items() if count > 1)
    yield from (
        f"{number} {which} {role} was told at {instant_of(at)}" for number, which, role, at in found.keys() - wanted
    )
    yield from (
        f"{number} {which} {role} was not told at {instant_of(at)}" for number, which, role, at in wanted - found.keys()
    )


def _wrong_rates(session: Session, logs: list[Log]) -> Iterator[str]:
    """The county's figures of each quarter and category, against those from the log."""
    now = instant_of(END)
    for code in ("2026Q4", "2027Q1"):
        span = span_of(session, code)
        assert span is not None
        told: dict[str, Counter[str]] = {}
        for ticket, _, replay in logs:
            if span.begins_at <= instant_of(replay.resolve_due) < span.until(now) and _fell_due(replay):
                _add(told.setdefault(ticket.category, Counter()), replay)
        rows = {row.key: (row.counts, row.rates) for row in rate_rows(session, Division.CATEGORY, span, now=now)}
        for category in rows.keys() | told.keys():
            counts = _counts(told.get(category, Counter()))
            if rows.get(category) != (counts, three_rates(counts)):
                yield f"{code} {category}: {rows.get(category)}, the log says {counts}"


def _fell_due(replay: Replay) -> bool:
    if replay.state == S.WITHDRAWN and replay.closed is not None and replay.closed < replay.resolve_due:
        return False
    return replay.paused is None or replay.paused >= replay.resolve_due


def _add(counted: Counter[str], replay: Replay) -> None:
    counted["due"] += 1
    counted["answered"] += replay.contacted is not None and replay.contacted <= replay.contact_due
    counted["reached"] += replay.reached
    counted["solved"] += replay.reached and replay.state == S.SOLVED
    if replay.rating is not None:
        counted[replay.rating] += 1


def _counts(counted: Counter[str]) -> Counts:
    return Counts(*(counted[name] for name in ("due", "answered", "reached", "solved", "满意", "基本满意", "不满意")))


def _misnumbered(logs: list[Log]) -> Iterator[str]:
    days: dict[str, list[int]] = {}
    for ticket, _, _ in logs:
        days.setdefault(ticket.number[:7], []).append(int(ticket.number[8:]))
    yield from (f"{day}: {serials}" for day, serials in days.items() if serials != list(range(1, len(serials) + 1)))
