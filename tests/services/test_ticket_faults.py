"""What a simulated quarter brought to light: rare turns of events in which a ticket must still be right."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.process import Actor
from domain.ticket import TicketAction as A
from domain.ticket import TicketState
from models.engine import writing
from models.routing import EscalationRung
from models.ticket import Clock, Ticket, TicketEvent
from services.ticket.escalate import due_notices
from services.ticket.hand_over import hand_over_of_leavers
from tests.factories import make_county
from tests.factories_ticket import TicketCast, do, due_times, make_ticket_cast, take_leave, told
from tests.times import FRIDAY, at
from tests.workbooks import load, write_workbook

MONDAY = at("2026-11-23 09:00")
TUESDAY = at("2026-11-24 09:00")


def test_a_pause_moves_the_first_contact_that_is_counted(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.PAUSE, cast.liansan, MONDAY, reason="等企业补图纸")
    do(session, ticket, A.RESUME, cast.liansan, TUESDAY)

    assert ticket.contact_due_at == due_times(session, ticket)[Clock.CONTACT] == at("2026-11-24 17:30")


def test_a_reopened_ticket_keeps_the_time_of_its_first_contact(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    ticket.requester_id = None
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.FINISH, cast.liansan, TUESDAY, text="好了")
    do(session, ticket, A.DENY, cast.asker, TUESDAY, text="没好")
    do(session, ticket, A.PAUSE, cast.liansan, TUESDAY, reason="等企业")

    do(session, ticket, A.RESUME, cast.liansan, at("2026-11-26 09:00"))

    assert ticket.contact_due_at == at("2026-11-23 17:30")


def test_finishing_reaches_the_requester_and_counts_as_first_contact(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)

    do(session, ticket, A.FINISH, cast.liansan, MONDAY, text="好了")

    assert ticket.first_contacted_at == MONDAY


def test_finishing_reaches_nobody_where_there_is_no_requester(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    ticket.requester_id = None
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)

    do(session, ticket, A.FINISH, cast.liansan, MONDAY, text="好了")

    assert ticket.first_contacted_at is None


def test_what_comes_back_to_somebody_who_has_left_goes_on_at_once(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.FINISH, cast.liansan, FRIDAY, text="好了")
    do(session, ticket, A.CONFIRM, cast.asker, FRIDAY)
    cast.liansan.left_at = MONDAY
    session.flush()

    denied = do(session, ticket, A.DENY, cast.asker, TUESDAY, text="又坏了")

    assert (ticket.owner_id, ticket.state) == (cast.deputy.id, TicketState.IN_HAND)
    assert "联四" in told(denied.tellings)
    assert "联四" in denied.reply


def test_what_is_finished_in_a_pause_was_due_as_if_work_had_resumed_then(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.PAUSE, cast.liansan, MONDAY, reason="等企业补图纸")

    do(session, ticket, A.FINISH, cast.liansan, TUESDAY, text="不用图纸了")

    assert ticket.resolve_due_at == at("2026-11-30 17:30")


def test_when_the_leader_on_duty_is_away_too_the_office_hears(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    for person in (cast.grid_leader, cast.duty_leader):
        take_leave(session, person, date(2026, 11, 23), date(2026, 11, 23))

    assert list(told(due_notices(session, now=at("2026-11-23 10:12")))) == ["纪晓"]


def test_days_asked_for_outlive_a_change_of_owner(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.ASK_EXTENSION, cast.liansan, MONDAY, days=3, reason="等图纸")
    cast.liansan.left_at = MONDAY
    session.flush()
    hand_over_of_leavers(session, now=MONDAY)

    granted = do(session, ticket, A.GRANT_EXTENSION, cast.grid_leader, MONDAY)

    assert ticket.resolve_due_at == at("2026-12-02 17:30")
    assert told(granted.tellings)["联四"].startswith("网长同意延期 3 个工作日，办结时间改到 12月2日 17:30")
    line = session.exec(select(TicketEvent).where(TicketEvent.action == A.GRANT_EXTENSION)).one()
    assert line.days == 3


def test_a_ladder_may_nudge_the_same_person_twice(session: Session, cast: TicketCast) -> None:
    for position, minutes in enumerate((-120, -60), start=1):
        rung = EscalationRung(which=Clock.ACCEPT, position=position, addressee=Actor.OWNER, minutes=minutes)
        session.add(rung)
    session.flush()
    cast.filed(session, FRIDAY)

    said = [due_notices(session, now=at(f"2026-11-23 {clock}")) for clock in ("08:36", "09:08")]

    keys = {one.key for tellings in said for one in tellings}
    assert [len(tellings) for tellings in said] == [1, 1]
    assert len(keys) == 2


RUNG_TITLES = ["时限", "对象", "工作日", "分钟"]


@pytest.mark.parametrize(
    ("rungs", "heard"),
    [
        # Without its first step: what was told stays told, and the leader still hears.
        ([["接单", "网格长", 0, 0]], ["网长"]),
        # With a step that lies in the past by now: nobody hears of it after the event.
        ([["接单", "值班领导", 0, -90], ["接单", "承办人", 0, -60], ["接单", "网格长", 0, 0]], ["网长"]),
        # With one that is still to come.
        ([["接单", "承办人", 0, -60], ["接单", "值班领导", 0, -30], ["接单", "网格长", 0, 0]], ["值长", "网长"]),
    ],
)
def test_a_ladder_that_changes_is_climbed_on_from_where_time_stands(
    engine: Engine, tmp_path: Path, rungs: list[list[object]], heard: list[str]
) -> None:
    with writing(engine) as session:
        cast = make_ticket_cast(session, make_county(session))
        cast.filed(session, FRIDAY)
        assert list(told(due_notices(session, now=at("2026-11-23 09:08")))) == ["联三"]

    load(engine, write_workbook(tmp_path / "l.xlsx", {"催办阶梯": [RUNG_TITLES, *rungs]}), now=at("2026-11-23 09:20"))

    with writing(engine) as session:
        said = [due_notices(session, now=at(f"2026-11-23 {clock}")) for clock in ("09:22", "09:47", "10:12")]
    assert [name for tellings in said for name in told(tellings)] == heard
