"""What is done to a ticket: every action, who hears of it, and what it does to the clocks."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.ticket import TicketAction as A
from models.engine import writing
from models.ticket import Clock, Ticket, TicketClock
from services.ticket.deed import Outcome
from services.ticket.filing import file
from tests.factories import make_county
from tests.factories_ticket import CUSTOMER, TicketCast, do, make_ticket_cast
from tests.times import FRIDAY, at

MONDAY = at("2026-11-23 09:00")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


@pytest.fixture
def cast(session: Session) -> TicketCast:
    return make_ticket_cast(session, make_county(session))


@pytest.fixture
def ticket(session: Session, cast: TicketCast) -> Ticket:
    return cast.filed(session, FRIDAY)


def told(outcome: Outcome) -> dict[str, str]:
    """What others are told, by name."""
    return {one.person.name if one.person else "提出人": one.text for one in outcome.tellings}


def due(session: Session, ticket: Ticket) -> dict[Clock, datetime]:
    query = select(TicketClock).where(TicketClock.ticket_id == ticket.id)
    return {clock.which: clock.due_at for clock in session.exec(query)}


def accepted(session: Session, cast: TicketCast) -> Ticket:
    ticket = cast.filed(session, FRIDAY)
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    return ticket


def test_a_request_gets_a_number_an_owner_and_due_times(session: Session, cast: TicketCast) -> None:
    filed = file(session, cast.draft(), by=cast.asker, now=FRIDAY)

    assert filed.ticket.number == "Q261120-0001"
    assert filed.reply == (
        "已提交，编号 Q261120-0001。由联系人 联三 负责，周一（23日）下班前会联系您。有照片、材料直接发来就行。"
    )
    assert told(filed) == {
        "联三": "新诉求 Q261120-0001｜固电电子有限公司｜招普工 30 人\n"
        "接单截止 周一 10:07｜首次联系 周一 17:30｜办结 11月27日 17:30"
    }
    assert filed.tellings[0].actions == (A.ACCEPT, A.TRANSFER, A.RETURN)
    assert due(session, filed.ticket) == {
        Clock.ACCEPT: at("2026-11-23 10:07"),
        Clock.CONTACT: at("2026-11-23 17:30"),
        Clock.RESOLVE: at("2026-11-27 17:30"),
    }


def test_accepting_tells_the_enterprise_when_it_will_be_called(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    done = do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)

    assert told(done) == {"提出人": "联三接下了您的事（Q261120-0001），周一 17:30前会联系您。"}
    assert done.tellings[0].requester_id == CUSTOMER
    assert set(due(session, ticket)) == {Clock.CONTACT, Clock.RESOLVE}
    assert ticket.accepted_at == FRIDAY
