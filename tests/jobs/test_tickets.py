"""The clock's jobs about tickets, as people meet them."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.ticket import TicketAction, TicketState
from models.engine import reading, writing
from models.message import OutboxMessage
from models.person import Person
from models.ticket import Ticket
from simulator import World
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast
from tests.factories_ticket import CUSTOMER, TicketCast, do, make_ticket_cast
from tests.times import FRIDAY, MovableClock, at

RunJob = Callable[[str, str], None]


@pytest.fixture
def cast(engine: Engine, county: Cast, world: World) -> TicketCast:
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
    for person in vars(cast).values():
        if isinstance(person, Person):
            world.directory.add_member(person.account, person.name, departments=[1])
    return cast


@pytest.fixture
def ticket(engine: Engine, cast: TicketCast) -> Ticket:
    with writing(engine) as session:
        return cast.filed(session, FRIDAY)


@pytest.fixture
def run_job(service: Service, chat: Chat, clock: MovableClock) -> RunJob:
    """Runs a job at a moment, then lets what is due leave in the minutes after."""

    def run(name: str, moment: str) -> None:
        clock.set(at(moment))
        service.scheduler.run_now(name, at(moment))
        for _ in range(3):
            chat.work_off()
            clock.advance(minutes=5)

    return run


def test_a_request_that_nobody_accepts_reaches_owner_and_leader_once(
    ticket: Ticket, chat: Chat, run_job: RunJob
) -> None:
    for moment in ("2026-11-23 09:12", "2026-11-23 09:17", "2026-11-23 10:12", "2026-11-23 10:17"):
        run_job("escalate_tickets", moment)

    assert [one.text.split("\n")[0] for one in chat.inbox("liansan")] == ["接单时间快到了：今天 10:07"]
    assert [one.text.split("\n")[0] for one in chat.inbox("wangzhang")] == ["接单时间（今天 10:07）已过，还没有办"]
    assert chat.inbox("zhizhang") == []


def test_who_does_not_answer_is_told_how_to_go_on_and_asked_for_a_rating(
    engine: Engine, cast: TicketCast, ticket: Ticket, run_job: RunJob
) -> None:
    with writing(engine) as session:
        do(session, ticket, TicketAction.ACCEPT, cast.liansan, FRIDAY)
        do(session, ticket, TicketAction.FINISH, cast.liansan, FRIDAY, text="好了")

    run_job("lapse_tickets", "2026-11-26 08:43")
    run_job("ask_ratings", "2026-11-26 10:17")
    run_job("ask_ratings", "2026-11-27 10:17")

    with reading(engine) as session:
        said = session.exec(select(OutboxMessage.key).where(OutboxMessage.recipient == f"kf:wk1:wm{CUSTOMER}")).all()
        assert session.get_one(Ticket, ticket.id).state == TicketState.LAPSED
    assert len(said) == 2


def test_the_office_hears_of_grids_without_a_holder_once_a_week(
    engine: Engine, cast: TicketCast, chat: Chat, run_job: RunJob
) -> None:
    with writing(engine) as session:
        session.get_one(Person, cast.other_contact.id).left_at = FRIDAY

    for day in (23, 24):
        run_job("check_grid_holders", f"2026-11-{day} 02:43")
        run_job("sweep", f"2026-11-{day} 09:17")

    assert [one.text for one in chat.inbox("jixiao")] == [
        "这些网格有企业却没有联系人，来的诉求先派给上级：东湖一网格 2 微网格。请在网格表里补上联系人。"
    ]


def test_what_a_leaver_owned_goes_to_the_deputy(ticket: Ticket, chat: Chat, world: World, run_job: RunJob) -> None:
    world.directory.remove_member("liansan")

    run_job("sync_contacts", "2026-11-23 09:13")

    assert chat.inbox("liansi")[0].text.startswith("交给你一件：原承办人已离开")
