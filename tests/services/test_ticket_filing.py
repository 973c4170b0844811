"""How tickets are filed and found: numbers, owners, and who sees what."""

from collections.abc import Callable
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from domain.errors import DomainError
from domain.ticket import TicketAction as A
from models.engine import reading, writing
from models.person import PersonRole
from models.routing import DutyLeader, TicketCategory, TicketRoute, TicketRouteUnit
from models.ticket import Clock, Ticket, TicketAssist, TicketSource
from services.ticket.deed import Doer
from services.ticket.filing import Draft, file
from services.ticket.find import find_enterprise, find_ticket, own_tickets, tickets_of_customer
from tests.factories import make_county
from tests.factories_ticket import UNBOUND, TicketCast, do, due_times, make_ticket_cast, take_leave, told
from tests.times import FRIDAY, at

AT_ONCE = 8


def test_a_request_gets_a_number_an_owner_and_due_times(session: Session, cast: TicketCast) -> None:
    filed = file(session, cast.draft(), by=cast.asker, now=FRIDAY)

    assert filed.reply == (
        "已提交，编号 Q261120-0001。由联系人 联三 负责，周一（23日）下班前会联系您。有照片、材料直接发来就行。"
    )
    assert told(filed.tellings) == {
        "联三": "新诉求 Q261120-0001｜固电电子有限公司｜招普工 30 人\n"
        "接单截止 周一 10:07｜首次联系 周一 17:30｜办结 11月27日 17:30"
    }
    assert filed.tellings[0].actions == (A.ACCEPT, A.TRANSFER, A.RETURN)
    assert due_times(session, filed.ticket) == {
        Clock.ACCEPT: at("2026-11-23 10:07"),
        Clock.CONTACT: at("2026-11-23 17:30"),
        Clock.RESOLVE: at("2026-11-27 17:30"),
    }


def test_what_is_filed_at_once_is_numbered_without_gaps_or_doubles(engine: Engine) -> None:
    with writing(engine) as session:
        cast = make_ticket_cast(session, make_county(session))

    def file_one() -> None:
        with writing(engine) as session:
            file(session, cast.draft(), by=cast.asker, now=FRIDAY)

    def fail_one() -> None:
        with writing(engine) as session:
            file(session, cast.draft(), by=cast.asker, now=FRIDAY)
            session.rollback()

    _at_once([file_one if number % 2 else fail_one for number in range(AT_ONCE)])

    with reading(engine) as session:
        serials = session.exec(select(Ticket.serial).order_by(col(Ticket.serial))).all()
    assert serials == [1, 2, 3, 4]


def test_of_two_who_accept_at_once_one_wins_and_the_other_hears_who(engine: Engine) -> None:
    with writing(engine) as session:
        cast = make_ticket_cast(session, make_county(session))
        ticket = cast.filed(session, FRIDAY)
    said: list[str] = []

    def accept() -> None:
        try:
            with writing(engine) as session:
                said.append(do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY).reply)
        except DomainError as refusal:
            said.append(str(refusal))

    _at_once([accept] * 4)

    assert sorted(text[:12] for text in said) == ["接下了 Q261120-", *["联三 今天 15:07 "] * 3]


def test_a_new_day_begins_at_one(session: Session, cast: TicketCast) -> None:
    cast.filed(session, FRIDAY)

    assert cast.filed(session, at("2026-11-21 00:05")).number == "Q261121-0001"


@pytest.mark.parametrize(
    ("away", "owner", "acting_as"),
    [
        (("liansan",), "联四", "副联系人"),
        (("liansan", "deputy"), "网长", "网格长"),
        (("liansan", "deputy", "grid_leader"), "值长", "值班领导"),
        (("liansan", "deputy", "grid_leader", "duty_leader"), "纪晓", "值班领导"),
    ],
)
def test_who_is_away_is_passed_over(
    session: Session, cast: TicketCast, away: tuple[str, ...], owner: str, acting_as: str
) -> None:
    for name in away:
        take_leave(session, getattr(cast, name), date(2026, 11, 20), date(2026, 11, 20))

    filed = file(session, cast.draft(), by=cast.asker, now=FRIDAY)

    assert filed.tellings[0].person is not None
    assert (filed.tellings[0].person.name, filed.ticket.acting_as) == (owner, acting_as)


def test_without_a_leader_on_duty_the_office_gets_what_nobody_holds(session: Session, cast: TicketCast) -> None:
    session.exec(delete(DutyLeader))

    filed = file(session, Draft("路灯不亮", requester_id=UNBOUND), by=Doer(requester_id=UNBOUND), now=FRIDAY)

    assert list(told(filed.tellings)) == ["纪晓"]
    assert filed.ticket.is_unverified


def test_a_county_without_anybody_refuses_rather_than_own_nothing(session: Session, cast: TicketCast) -> None:
    session.exec(delete(DutyLeader))
    session.exec(delete(PersonRole))

    with pytest.raises(DomainError, match="现在没有人可以派"):
        file(session, Draft("路灯不亮", requester_id=UNBOUND), by=Doer(requester_id=UNBOUND), now=FRIDAY)


def test_the_routing_table_sends_a_category_to_its_own(session: Session, cast: TicketCast) -> None:
    unit = cast.liansan.unit_id
    route = TicketRoute(category="用工", owner_id=cast.other_contact.id, lead_unit_id=unit)
    session.add_all([route, TicketCategory(name="用工", resolve_days=1)])
    session.flush()
    session.add(TicketRouteUnit(route_id=route.id or 0, unit_id=unit))
    session.flush()

    ticket = cast.filed(session, FRIDAY)

    assert (ticket.owner_id, ticket.acting_as, ticket.lead_unit_id) == (cast.other_contact.id, "专办", unit)
    assert session.get(TicketAssist, (ticket.id, unit)) is not None
    assert ticket.resolve_due_at == at("2026-11-23 17:30")


@pytest.mark.parametrize("summary", ["", "  ", "长" * 201])
def test_empty_and_endless_words_are_no_request(session: Session, cast: TicketCast, summary: str) -> None:
    with pytest.raises(DomainError):
        file(session, cast.draft(summary), by=cast.asker, now=FRIDAY)


def test_what_an_outside_system_sends_twice_is_filed_once(session: Session, cast: TicketCast) -> None:
    draft = Draft("路灯不亮", source=TicketSource.OUTSIDE, enterprise_id=cast.gudian.id, outside_key="96871:1")

    first = file(session, draft, by=Doer(), now=FRIDAY)
    second = file(session, draft, by=Doer(), now=FRIDAY)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.ticket.id == second.ticket.id
    assert not second.tellings


@pytest.mark.parametrize("said", ["7", "0007", "q7", "1120-7", "Q261120-0007", "Ｑ２６１１２０－０００７", "7号"])
def test_a_ticket_is_found_by_number_and_tail(session: Session, cast: TicketCast, said: str) -> None:
    for _ in range(7):
        ticket = cast.filed(session, FRIDAY)

    for by in (Doer(person=cast.liansan), Doer(person=cast.grid_leader), Doer(person=cast.duty_leader), cast.asker):
        assert find_ticket(session, said, by=by, now=FRIDAY).id == ticket.id
    for nobody in (Doer(person=cast.other_contact), Doer(requester_id=9)):
        with pytest.raises(DomainError, match="没找到"):
            find_ticket(session, said, by=nobody, now=FRIDAY)


def test_a_tail_means_ones_own_before_what_one_leads(session: Session, cast: TicketCast) -> None:
    cast.filed(session, FRIDAY)
    own = file(
        session, Draft("无网格的事", requester_id=UNBOUND), by=Doer(requester_id=UNBOUND), now=at("2026-11-21 10:00")
    ).ticket

    assert own.owner_id == cast.duty_leader.id
    assert find_ticket(session, "1", by=Doer(person=cast.duty_leader), now=FRIDAY).id == own.id


def test_lists_hold_what_is_open(session: Session, cast: TicketCast) -> None:
    first, second = cast.filed(session, FRIDAY), cast.filed(session, FRIDAY)
    do(session, second, A.WITHDRAW, cast.asker, FRIDAY)

    assert [one.id for one in own_tickets(session, cast.liansan)] == [first.id]
    assert [one.id for one in tickets_of_customer(session, cast.asker)] == [first.id]
    assert len(tickets_of_customer(session, cast.asker, is_open=False)) == 2


def test_a_bound_person_speaks_for_what_was_filed_for_their_enterprise(session: Session, cast: TicketCast) -> None:
    draft = Draft("路灯不亮", source=TicketSource.HOTLINE, enterprise_id=cast.gudian.id)
    ticket = file(session, draft, by=Doer(person=cast.liansan), now=FRIDAY).ticket

    assert ticket.filed_by_id == cast.liansan.id
    assert do(session, ticket, A.WITHDRAW, cast.asker, FRIDAY).ticket.closed_at == FRIDAY


def test_enterprises_are_found_by_the_names_people_use(session: Session, cast: TicketCast) -> None:
    assert find_enterprise(session, "虹桥布厂").found is not None
    ambiguous = find_enterprise(session, "固电电")
    assert ambiguous.found is None
    assert len(ambiguous.candidates) == 2
    cast.hongqiao.aliases = "红旗厂"
    session.flush()
    assert find_enterprise(session, "红旗厂").found is not None


def _at_once(acts: list[Callable[[], None]]) -> None:
    threads = [Thread(target=each) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
