"""Two act on one ticket at the same moment: one wins, the other is told who, and the clock's jobs never stumble."""

import time
from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.errors import DomainError
from domain.ticket import TicketAction as A
from domain.ticket import TicketState
from models.engine import reading, writing
from models.period import CalendarDay
from models.ticket import Ticket
from services.ticket.closing import lapse
from services.ticket.escalate import due_notices
from services.ticket.holders import count_clocks_again
from tests.factories import make_county
from tests.factories_ticket import TicketCast, do, make_ticket_cast
from tests.times import FRIDAY, at

LONG_ENOUGH_TO_MEET = 0.3
LATE = at("2026-11-26 08:43")


@pytest.fixture
def cast(engine: Engine) -> TicketCast:
    with writing(engine) as session:
        return make_ticket_cast(session, make_county(session))


@pytest.fixture
def ticket(engine: Engine, cast: TicketCast) -> Ticket:
    with writing(engine) as session:
        return cast.filed(session, FRIDAY)


def meanwhile(engine: Engine, first: Callable[[Session], object], second: Callable[[Session], object]) -> list[str]:
    """Lets `second` begin while `first` has acted but not committed; says what the second came to."""
    said: list[str] = []

    def run() -> None:
        try:
            with writing(engine) as session:
                said.append(str(second(session)))
        except Exception as error:  # noqa: BLE001 a thread's error is what the test looks at
            said.append(f"{type(error).__name__}: {error}")

    with writing(engine) as session:
        first(session)
        session.flush()
        other = Thread(target=run)
        other.start()
        time.sleep(LONG_ENOUGH_TO_MEET)
    other.join()
    return said


def test_an_owner_who_passes_on_what_a_leader_has_just_given_away_is_told_who(
    engine: Engine, cast: TicketCast, ticket: Ticket
) -> None:
    said = meanwhile(
        engine,
        lambda session: do(session, ticket, A.REASSIGN, cast.grid_leader, FRIDAY, target="联四", reason="他更熟"),
        lambda session: do(session, ticket, A.TRANSFER, cast.liansan, FRIDAY, target="联五", reason="归他"),
    )

    assert said == [f"{DomainError.__name__}: 网长 今天 15:07 已经改派，现在由 联四 来办。"]


def test_a_leader_who_comes_after_the_owner_gives_it_on_and_all_is_in_the_log(
    engine: Engine, cast: TicketCast, ticket: Ticket
) -> None:
    said = meanwhile(
        engine,
        lambda session: do(session, ticket, A.TRANSFER, cast.liansan, FRIDAY, target="联五", reason="归他"),
        lambda session: do(session, ticket, A.REASSIGN, cast.grid_leader, FRIDAY, target="联四", reason="他熟").reply,
    )

    assert said == ["改派给 联四 了\nQ261120-0001｜固电电子有限公司｜招普工 30 人"]


def test_what_is_confirmed_while_it_lapses_counts_as_confirmed(
    engine: Engine, cast: TicketCast, ticket: Ticket
) -> None:
    with writing(engine) as session:
        other = cast.filed(session, FRIDAY)
        for one in (ticket, other):
            do(session, one, A.ACCEPT, cast.liansan, FRIDAY)
            do(session, one, A.FINISH, cast.liansan, FRIDAY, text="好了")

    said = meanwhile(
        engine,
        lambda session: do(session, ticket, A.CONFIRM, cast.asker, LATE),
        lambda session: len(lapse(session, now=LATE)),
    )

    assert said == ["2"]
    with reading(engine) as session:
        states = [session.get_one(Ticket, one.id).state for one in (ticket, other)]
    assert states == [TicketState.SOLVED, TicketState.LAPSED]


def test_what_is_accepted_while_its_time_runs_out_is_not_told_of(
    engine: Engine, cast: TicketCast, ticket: Ticket
) -> None:
    said = meanwhile(
        engine,
        lambda session: do(session, ticket, A.ACCEPT, cast.liansan, at("2026-11-23 09:07")),
        lambda session: due_notices(session, now=at("2026-11-23 09:08")),
    )

    assert said == ["[]"]


def test_what_is_accepted_while_due_times_are_counted_stays_accepted(
    engine: Engine, cast: TicketCast, ticket: Ticket
) -> None:
    with writing(engine) as session:
        session.add(CalendarDay(day=at("2026-11-23 00:00").date(), is_working=False))

    said = meanwhile(
        engine,
        lambda session: do(session, ticket, A.ACCEPT, cast.liansan, at("2026-11-23 02:43")),
        lambda session: count_clocks_again(session, now=at("2026-11-23 02:43")),
    )

    assert said == ["1"]
