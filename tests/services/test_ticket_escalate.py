"""When time runs out: who hears, when, and that it is said once."""

from datetime import date

import pytest
from sqlmodel import Session

from domain.process import Actor
from domain.ticket import TicketAction as A
from domain.ticket import TicketState
from models.routing import EscalationRung
from models.ticket import Clock, Ticket
from services.ticket.closing import ask_ratings, lapse
from services.ticket.escalate import due_notices
from tests.factories_ticket import TicketCast, do, take_leave, told
from tests.times import FRIDAY, at

TITLE = "Q261120-0001｜固电电子有限公司｜招普工 30 人"
TUESDAY = at("2026-11-24 09:00")


def test_the_owner_is_nudged_then_the_leader_then_the_next(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    said = {
        moment: told(due_notices(session, now=at(moment)))
        for moment in ("2026-11-23 09:06", "2026-11-23 09:08", "2026-11-23 10:06", "2026-11-23 10:12")
    }

    assert list(said.values()) == [
        {},
        {"联三": f"接单时间快到了：今天 10:07\n{TITLE}"},
        {},
        {"网长": f"接单时间（今天 10:07）已过，还没有办\n{TITLE}\n承办人 联三（联系人）。"},
    ]
    assert due_notices(session, now=at("2026-11-23 10:13")) == []
    later = due_notices(session, now=at("2026-11-24 10:08"))
    assert ("值长", Actor.DUTY_LEADER) in {(one.person.name, one.role) for one in later if one.person}
    assert all(one.is_urged for one in later)


@pytest.mark.parametrize("moment", ["2026-11-23 20:00", "2026-11-28 10:07", "2026-11-24 03:00"])
def test_nothing_is_said_at_night_and_at_the_weekend(
    session: Session, cast: TicketCast, ticket: Ticket, moment: str
) -> None:
    assert due_notices(session, now=at(moment)) == []


def test_whoever_is_away_is_stood_in_for(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    for person in (cast.liansan, cast.grid_leader):
        take_leave(session, person, date(2026, 11, 23), date(2026, 11, 23))

    assert list(told(due_notices(session, now=at("2026-11-23 09:08")))) == ["联四"]
    assert list(told(due_notices(session, now=at("2026-11-23 10:12")))) == ["值长"]


def test_what_is_done_in_time_escalates_to_nobody(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.CONTACT, cast.liansan, FRIDAY, proof="电话", text="约好了")

    assert due_notices(session, now=at("2026-11-23 17:29")) == []
    assert list(told(due_notices(session, now=at("2026-11-27 09:08")))) == ["联三"]


def test_a_ticket_that_stands_still_escalates_to_nobody(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.CONTACT, cast.liansan, FRIDAY, proof="电话", text="缺图纸")
    do(session, ticket, A.PAUSE, cast.liansan, FRIDAY, reason="等图纸")

    assert due_notices(session, now=at("2026-12-08 10:12")) == []

    do(session, ticket, A.RESUME, cast.liansan, at("2026-12-08 10:12"))
    assert due_notices(session, now=at("2026-12-11 17:12")) == []
    assert list(told(due_notices(session, now=at("2026-12-14 14:12")))) == ["联三"]


def test_the_ladder_is_data(session: Session, cast: TicketCast) -> None:
    session.add(EscalationRung(which=Clock.ACCEPT, position=1, addressee=Actor.DUTY_LEADER, minutes=60))
    session.flush()
    cast.filed(session, FRIDAY)

    assert due_notices(session, now=at("2026-11-23 11:06")) == []
    assert list(told(due_notices(session, now=at("2026-11-23 11:08")))) == ["值长"]


def test_what_was_slept_through_is_told_to_the_leader_alone(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    assert {one.role for one in due_notices(session, now=at("2026-11-23 14:12"))} == {Actor.GRID_LEADER}


def finish(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.FINISH, cast.liansan, FRIDAY, text="好了")


def test_no_answer_in_three_working_days_ends_it(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    finish(session, cast, ticket)

    assert lapse(session, now=at("2026-11-25 17:30")) == []
    tellings = lapse(session, now=at("2026-11-26 07:11"))

    assert ticket.state == TicketState.LAPSED
    assert set(told(tellings)) == {"联三", "提出人"}
    assert ticket.reached_at is None
    assert lapse(session, now=at("2026-11-27 07:11")) == []


def test_a_rating_is_asked_for_once_and_once_more(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    finish(session, cast, ticket)
    do(session, ticket, A.CONFIRM, cast.asker, TUESDAY)

    said = [len(ask_ratings(session, now=at(f"2026-11-{day} 10:11"))) for day in (24, 25, 26, 27, 29, 30)]

    assert said == [0, 0, 1, 0, 0, 0]


def test_who_has_rated_is_not_asked(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    finish(session, cast, ticket)
    do(session, ticket, A.CONFIRM, cast.asker, TUESDAY)
    do(session, ticket, A.RATE, cast.asker, TUESDAY, rating="满意")

    assert ask_ratings(session, now=at("2026-11-27 10:11")) == []
