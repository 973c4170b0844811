"""People move and leave; their open tickets go on, and both sides hear of it."""

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.ticket import TicketAction as A
from models.engine import writing
from models.grid import Grid
from models.period import CalendarDay
from models.person import Person
from models.ticket import Clock, Ticket
from services.contact import sync_contacts
from services.ticket.hand_over import hand_over_of_grids, hand_over_of_leavers
from services.ticket.holders import check_holders, count_clocks_again
from tests.factories import make_county
from tests.factories_ticket import TicketCast, do, due_times, make_ticket_cast, told
from tests.times import FRIDAY, at
from tests.workbooks import load, write_workbook

MONDAY = at("2026-11-23 09:00")
TITLE = "Q261120-0001｜固电电子有限公司｜招普工 30 人"


def test_who_leaves_hands_over_what_is_open(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    done = cast.filed(session, FRIDAY)
    do(session, done, A.WITHDRAW, cast.asker, FRIDAY)
    names = {one.account: one.name for one in session.exec(select(Person)) if one.account != "liansan"}

    result = sync_contacts(session, names, now=MONDAY)

    assert (ticket.owner_id, ticket.acting_as) == (cast.deputy.id, "副联系人")
    assert done.owner_id == cast.liansan.id
    assert told(result.tellings) == {
        "联四": f"交给你一件：原承办人已离开\n{TITLE}\n接单截止 今天 14:30｜首次联系 今天 17:30｜办结 周五 17:30",
        "提出人": "您的事（Q261120-0001）现在由副联系人 联四 负责，最晚 周五 17:30 办结。",
    }
    assert due_times(session, ticket)[Clock.ACCEPT] == at("2026-11-23 14:30")


def test_a_new_holder_gets_the_tickets_of_the_old_one(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    cast.micro.contact_id = cast.other_contact.id
    session.flush()

    tellings = hand_over_of_grids(session, [cast.industrial.id or 0], now=MONDAY)

    assert (ticket.owner_id, ticket.acting_as) == (cast.other_contact.id, "联系人")
    assert set(told(tellings)) == {"联五", "联三", "提出人"}
    assert told(tellings)["联三"] == f"这件改由 联五 来办，你不用管了：网格的人员换了\n{TITLE}"


def test_what_was_given_in_person_stays(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.TRANSFER, cast.liansan, FRIDAY, reason="归他", target="联五")
    cast.micro.contact_id = cast.deputy.id
    session.flush()

    assert hand_over_of_grids(session, [cast.micro.id or 0], now=MONDAY) == []
    assert ticket.owner_id == cast.other_contact.id


def test_an_unchanged_grid_keeps_its_tickets(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    assert hand_over_of_grids(session, [cast.micro.id or 0], now=MONDAY) == []


def test_loading_a_workbook_with_another_holder_hands_over(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as session:
        cast = make_ticket_cast(session, make_county(session))
        ticket = cast.filed(session, FRIDAY)
    grids = [
        ["编号", "名称", "上级编号", "类型", "联系人账号", "副联系人账号"],
        ["W1", "东湖一网格 1 微网格", "QY1", "微网格", "lianwu", "liansi"],
    ]

    result = load(engine, write_workbook(tmp_path / "county.xlsx", {"网格": grids}), now=MONDAY)
    again = load(engine, write_workbook(tmp_path / "county.xlsx", {"网格": grids}), now=MONDAY)

    assert set(told(result.tellings)) == {"联五", "联三", "提出人"}
    assert again.tellings == ()
    with writing(engine) as session:
        assert session.get_one(Ticket, ticket.id).owner_id == cast.other_contact.id


def test_the_nightly_look_names_grids_without_a_holder(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    assert check_holders(session, now=MONDAY).without_holder == ()
    cast.other_contact.left_at = MONDAY
    cast.liansan.left_at = MONDAY
    session.flush()

    found = check_holders(session, now=MONDAY)

    assert found.without_holder == ("东湖一网格 2 微网格",)
    assert set(told(found.tellings)) == {"联四", "提出人"}
    assert hand_over_of_leavers(session, now=MONDAY) == []


def test_a_corrected_calendar_moves_what_is_due(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    session.add(CalendarDay(day=at("2026-11-23 00:00").date(), is_working=False))
    session.flush()

    assert count_clocks_again(session, now=FRIDAY) == 1

    assert due_times(session, ticket) == {
        Clock.ACCEPT: at("2026-11-24 10:07"),
        Clock.CONTACT: at("2026-11-24 17:30"),
        Clock.RESOLVE: at("2026-11-30 17:30"),
    }
    assert session.get_one(Grid, ticket.grid_id).name == cast.micro.name
