"""What is done to a ticket: every action, who hears of it, and what it does to the clocks."""

import pytest
from sqlmodel import Session, select

from domain.errors import DomainError
from domain.process import Actor, Given
from domain.ticket import Rating, TicketState
from domain.ticket import TicketAction as A
from models.ticket import Clock, Ticket, TicketEvent
from services.ticket.act import act
from services.ticket.deed import SYSTEM, Deed, Doer
from services.ticket.find import log_of
from tests.factories_ticket import CUSTOMER, TicketCast, do, due_times, told
from tests.times import FRIDAY, at

MONDAY = at("2026-11-23 09:00")
TUESDAY = at("2026-11-24 09:00")
TITLE = "Q261120-0001｜固电电子有限公司｜招普工 30 人"


@pytest.fixture
def accepted(session: Session, cast: TicketCast, ticket: Ticket) -> Ticket:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    return ticket


@pytest.fixture
def finished(session: Session, cast: TicketCast, accepted: Ticket) -> Ticket:
    do(session, accepted, A.FINISH, cast.liansan, MONDAY, text="已对接职业学院，27日到厂面试 34 人")
    return accepted


def test_accepting_tells_the_enterprise_when_it_will_be_called(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    done = do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)

    assert told(done.tellings) == {"提出人": "联三接下了您的事（Q261120-0001），周一 17:30 前会联系您。"}
    assert done.tellings[0].requester_id == CUSTOMER
    assert done.tellings[0].buttons == ()
    assert set(due_times(session, ticket)) == {Clock.CONTACT, Clock.RESOLVE}
    assert ticket.accepted_at == FRIDAY


def test_of_two_who_act_the_second_is_told_who_was_first(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)

    with pytest.raises(DomainError, match="联三 今天 15:07 已经接单。这件现在是“办理中”，不能接单"):
        do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)


def test_contact_wants_to_know_how(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    with pytest.raises(DomainError, match="电话、上门还是消息"):
        do(session, accepted, A.CONTACT, cast.liansan, MONDAY, proof="联系过了", text="约好了")

    done = do(session, accepted, A.CONTACT, cast.liansan, MONDAY, proof="打了电话", text="约好明天上门")

    assert told(done.tellings) == {"提出人": "联三记下已经联系过您（电话）：约好明天上门。没联系上的话，直接回一句。"}
    assert accepted.first_contacted_at == MONDAY
    assert set(due_times(session, accepted)) == {Clock.RESOLVE}


def test_a_transfer_names_a_person_or_goes_to_the_next(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    with pytest.raises(DomainError, match="没找到“张无人”这个人"):
        do(session, ticket, A.TRANSFER, cast.liansan, FRIDAY, reason="归他管", target="张无人")

    done = do(session, ticket, A.TRANSFER, cast.liansan, FRIDAY, reason="场地在他网格", target="联五")

    assert (ticket.owner_id, ticket.acting_as, ticket.state) == (cast.other_contact.id, "转办", "unaccepted")
    assert done.reply == f"转给 联五 了\n{TITLE}"
    assert told(done.tellings) == {
        "联五": f"联三转来一件：场地在他网格\n{TITLE}\n接单截止 周一 10:07｜首次联系 周一 17:30｜办结 11月27日 17:30",
        "提出人": "您的事（Q261120-0001）现在由转办 联五 负责，最晚 11月27日 17:30 办结。",
    }

    do(session, ticket, A.TRANSFER, cast.other_contact, FRIDAY, reason="我也不合适")
    assert ticket.owner_id == cast.liansan.id


def test_the_first_return_goes_to_the_next_and_the_second_to_the_leader(
    session: Session, cast: TicketCast, ticket: Ticket
) -> None:
    do(session, ticket, A.RETURN, cast.liansan, FRIDAY, reason="不归我")
    assert (ticket.owner_id, ticket.acting_as) == (cast.deputy.id, "副联系人")

    done = do(session, ticket, A.RETURN, cast.deputy, FRIDAY, reason="也不归我")

    assert ticket.state == TicketState.ARBITRATION
    assert ticket.owner_id == cast.deputy.id
    assert due_times(session, ticket)[Clock.ARBITRATE] == at("2026-11-20 17:30")
    assert list(told(done.tellings)) == ["网长"]
    assert done.tellings[0].buttons[0] == ("仲裁", "仲裁 Q261120-0001")

    decided = do(session, ticket, A.ARBITRATE, cast.grid_leader, FRIDAY, target="liansan", reason="企业在他网格")
    assert (ticket.owner_id, ticket.state) == (cast.liansan.id, TicketState.UNACCEPTED)
    assert Clock.ARBITRATE not in due_times(session, ticket)
    assert set(told(decided.tellings)) == {"联三", "联四", "提出人"}
    assert told(decided.tellings)["联四"] == f"这件改由 联三 来办，你不用管了：企业在他网格。\n{TITLE}".replace(
        "。\n", "\n"
    )


def test_more_days_are_asked_for_and_granted(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    with pytest.raises(DomainError, match="最多延 30"):
        do(session, accepted, A.ASK_EXTENSION, cast.liansan, MONDAY, days=9999, reason="等")

    asked = do(session, accepted, A.ASK_EXTENSION, cast.liansan, MONDAY, days=3, reason="等图纸")
    assert told(asked.tellings) == {
        "网长": f"联三申请多给 3 个工作日：等图纸\n{TITLE}\n现在的办结时间 周五 17:30。同意吗？"
    }

    granted = do(session, accepted, A.GRANT_EXTENSION, cast.grid_leader, MONDAY)

    assert due_times(session, accepted)[Clock.RESOLVE] == at("2026-12-02 17:30")
    assert accepted.resolve_due_at == at("2026-12-02 17:30")
    assert accepted.asked_days is None
    assert set(told(granted.tellings)) == {"联三", "提出人"}


def test_a_refused_extension_leaves_the_time(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    do(session, accepted, A.ASK_EXTENSION, cast.liansan, MONDAY, days=3, reason="等图纸")

    refused = do(session, accepted, A.REFUSE_EXTENSION, cast.duty_leader, MONDAY, reason="材料已齐")

    assert due_times(session, accepted)[Clock.RESOLVE] == at("2026-11-27 17:30")
    assert told(refused.tellings)["联三"].startswith("值长没有同意延期：材料已齐")


def test_a_pause_stops_the_clock_until_the_enterprise_says_a_word(
    session: Session, cast: TicketCast, accepted: Ticket
) -> None:
    paused = do(session, accepted, A.PAUSE, cast.liansan, MONDAY, reason="等企业补图纸")
    assert told(paused.tellings) == {
        "提出人": "您的事（Q261120-0001）先等您这边：等企业补图纸。您回一句，我们就接着办。"
    }

    said = do(session, accepted, A.ADD, cast.asker, TUESDAY, text="图纸来了")

    assert accepted.state == TicketState.IN_HAND
    assert due_times(session, accepted) == {
        Clock.CONTACT: at("2026-11-24 17:30"),
        Clock.RESOLVE: at("2026-11-30 17:30"),
    }
    assert [one.text.split("\n")[0] for one in said.tellings] == [
        "固电电子有限公司补充：图纸来了",
        "固电电子有限公司回话了，这件接着办，办结时间 周一 17:30",
    ]


def test_finishing_asks_the_enterprise(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    done = do(session, accepted, A.FINISH, cast.liansan, MONDAY, text="已对接职业学院")

    assert told(done.tellings) == {"提出人": "联三说办好了：已对接职业学院。解决了吗？"}
    assert [label for label, _ in done.tellings[0].buttons] == ["已解决", "没解决"]
    assert due_times(session, accepted) == {Clock.CONFIRM: at("2026-11-26 17:30")}


def test_a_confirmed_ticket_is_closed(session: Session, cast: TicketCast, finished: Ticket) -> None:
    done = do(session, finished, A.CONFIRM, cast.asker, TUESDAY)

    assert (finished.state, finished.closed_at, finished.reached_at) == (TicketState.SOLVED, TUESDAY, TUESDAY)
    assert due_times(session, finished) == {}
    assert told(done.tellings) == {"联三": f"固电电子有限公司说已经解决\n{TITLE}"}
    assert "评个价" in done.reply
    with pytest.raises(DomainError, match=r"^提出人 今天 09:00 已解决。这件现在是“已办结”，不能办结"):
        do(session, finished, A.FINISH, cast.liansan, TUESDAY, text="再办一次")


def test_not_solved_goes_back_to_the_same_owner_and_the_leader_hears(
    session: Session, cast: TicketCast, finished: Ticket
) -> None:
    done = do(session, finished, A.DENY, cast.asker, TUESDAY, text="只来了5个")

    assert done.reply == "明白，已退回给联三继续办，也告诉了他的负责人。有进展马上跟您说。"
    assert (finished.state, finished.owner_id, finished.reopens) == (TicketState.IN_HAND, cast.liansan.id, 1)
    assert set(told(done.tellings)) == {"联三", "网长"}
    assert due_times(session, finished) == {
        Clock.CONTACT: at("2026-11-25 17:30"),
        Clock.RESOLVE: at("2026-12-01 17:30"),
    }


def test_a_closed_ticket_is_reopened_for_seven_days(session: Session, cast: TicketCast, finished: Ticket) -> None:
    do(session, finished, A.CONFIRM, cast.asker, TUESDAY)

    with pytest.raises(DomainError, match="已经过了 7 天"):
        do(session, finished, A.DENY, cast.asker, at("2026-12-02 09:00"), text="又坏了")
    do(session, finished, A.DENY, cast.asker, at("2026-12-01 09:00"), text="又坏了")

    assert finished.closed_at is None


def test_a_rating_may_be_changed_for_seven_days_by_the_requester_alone(
    session: Session, cast: TicketCast, finished: Ticket
) -> None:
    do(session, finished, A.CONFIRM, cast.asker, TUESDAY)
    do(session, finished, A.RATE, cast.asker, TUESDAY, rating="满意")

    changed = do(session, finished, A.RATE, cast.asker, at("2026-12-01 23:00"), rating="不满意", reason="电话没人接")

    assert (finished.rating, finished.dissatisfaction) == (Rating.DISSATISFIED, "电话没人接")
    assert set(told(changed.tellings)) == {"联三", "网长"}
    with pytest.raises(DomainError, match="已经过了 7 天"):
        do(session, finished, A.RATE, cast.asker, at("2026-12-02 09:00"), rating="满意")
    with pytest.raises(DomainError, match="没找到这件"):
        do(session, finished, A.RATE, Doer(requester_id=CUSTOMER + 1), TUESDAY, rating="满意")
    with pytest.raises(DomainError, match="评价由提出人来办"):
        do(session, finished, A.RATE, cast.liansan, TUESDAY, rating="满意")


def test_the_unbound_do_not_rate(session: Session, cast: TicketCast, finished: Ticket) -> None:
    do(session, finished, A.CONFIRM, cast.asker, TUESDAY)
    finished.is_unverified = True

    with pytest.raises(DomainError, match="绑定企业以后才能评价"):
        do(session, finished, A.RATE, cast.asker, TUESDAY, rating="满意")


def test_urging_reaches_the_owner_once_in_two_hours(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    urged = do(session, accepted, A.URGE, cast.asker, MONDAY)

    assert list(told(urged.tellings)) == ["联三"]
    with pytest.raises(DomainError, match="刚催过了"):
        do(session, accepted, A.URGE, cast.asker, MONDAY)


def test_an_internal_note_stays_inside(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    assert accepted.id is not None
    note = Deed(A.ADD, _text("老板不好说话"), media=("m1",), is_internal=True)
    shown = Deed(A.ADD, _text("明天上门"))

    inside = act(session, accepted.id, note, by=Doer(person=cast.liansan), now=MONDAY)
    outside = act(session, accepted.id, shown, by=Doer(person=cast.liansan), now=MONDAY)

    assert told(inside.tellings) == {}
    assert told(outside.tellings) == {"提出人": "联三就您的事（Q261120-0001）说：明天上门"}
    words = [event.words for event in log_of(session, accepted, is_internal=False)]
    assert "老板不好说话" not in words
    assert "明天上门" in words


def test_too_many_words_are_refused(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    with pytest.raises(DomainError, match="最多 1000 个字"):
        do(session, accepted, A.ADD, cast.liansan, MONDAY, text="长" * 1001)


def test_a_leader_reassigns(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    done = do(session, accepted, A.REASSIGN, cast.grid_leader, MONDAY, target="联四", reason="原承办人出差")

    assert (accepted.owner_id, accepted.state) == (cast.deputy.id, TicketState.UNACCEPTED)
    assert set(told(done.tellings)) == {"联四", "联三", "提出人"}


def test_a_withdrawn_ticket_is_over(session: Session, cast: TicketCast, accepted: Ticket) -> None:
    done = do(session, accepted, A.WITHDRAW, cast.asker, MONDAY)

    assert (accepted.state, accepted.closed_at) == (TicketState.WITHDRAWN, MONDAY)
    assert due_times(session, accepted) == {}
    assert list(told(done.tellings)) == ["联三"]


def test_strangers_and_other_contacts_find_nothing(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    for nobody in (Doer(person=cast.other_contact), Doer(requester_id=9)):
        with pytest.raises(DomainError, match="没找到这件"):
            do(session, ticket, A.ADD, nobody, FRIDAY, text="让我看看")


def test_every_act_leaves_one_line(session: Session, cast: TicketCast, finished: Ticket) -> None:
    do(session, finished, A.LAPSE, SYSTEM, at("2026-11-27 09:00"))

    lines = session.exec(select(TicketEvent).order_by(TicketEvent.id)).all()  # type: ignore[arg-type]  # a column
    assert [(line.action, line.capacity, line.person_id) for line in lines] == [
        ("file", Actor.REQUESTER, None),
        ("accept", Actor.OWNER, cast.liansan.id),
        ("finish", Actor.OWNER, cast.liansan.id),
        ("lapse", Actor.SYSTEM, None),
    ]


def _text(text: str) -> Given:
    return Given(text=text)
