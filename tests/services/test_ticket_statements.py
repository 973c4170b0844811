"""How often the database is asked: as often for many requests that fall due at once as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine, event
from sqlmodel import Session

from services.ticket.escalate import due_notices
from services.ticket.filing import file
from tests.factories_ticket import TicketCast, take_leave, told
from tests.times import FRIDAY, at

LATE = at("2026-11-23 10:12")
SOON = at("2026-11-23 09:08")


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What the database is asked within the block."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_many_due_at_once_ask_no_more_than_one(engine: Engine, session: Session, cast: TicketCast) -> None:
    cast.filed(session, FRIDAY)
    session.expire_all()
    with statements(engine) as of_one:
        assert len(due_notices(session, now=SOON)) == 1
    for _ in range(30):
        cast.filed(session, FRIDAY)
    session.flush()
    session.expire_all()

    with statements(engine) as of_many:
        assert len(due_notices(session, now=SOON)) == 30

    assert len(of_many) <= len(of_one) <= 11, of_many


def test_whoever_is_away_costs_no_more(engine: Engine, session: Session, cast: TicketCast) -> None:
    for person in (cast.liansan, cast.deputy, cast.grid_leader):
        take_leave(session, person, date(2026, 11, 23), date(2026, 11, 23))
    for _ in range(5):
        cast.filed(session, FRIDAY)
    session.flush()
    session.expire_all()

    with statements(engine) as asked:
        assert list(told(due_notices(session, now=LATE))) == ["值长"]

    assert len(asked) <= 11, asked


def test_filing_asks_fifteen_times_at_most(engine: Engine, session: Session, cast: TicketCast) -> None:
    cast.filed(session, FRIDAY)
    session.flush()
    session.expunge_all()

    with statements(engine) as asked:
        file(session, cast.draft(), by=cast.asker, now=FRIDAY)

    assert len(asked) <= 15, asked
