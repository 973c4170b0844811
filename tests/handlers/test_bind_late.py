"""Who asked before they were bound: their open requests become the enterprise's and go to who answers for it."""

from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.ticket import TicketAction as A
from models.audit import AuditEntry
from models.engine import reading, writing
from models.ticket import Ticket, TicketEvent
from tests.chat import Chat
from tests.factories_ticket import TicketCast, do
from tests.handlers.shop import tickets
from tests.times import FRIDAY, MovableClock, at

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"
NUMBER = "Q261120-0001"


def ask(chat: Chat) -> None:
    chat.customer_say(WANTED)
    chat.customer_say("对")


def only(session: Session) -> Ticket:
    return session.exec(select(Ticket)).one()


def test_a_late_code_gives_the_request_its_enterprise_its_grid_and_its_contact(
    chat: Chat, cast: TicketCast, engine: Engine
) -> None:
    ask(chat)
    assert tickets(engine)[0].owner_id == cast.duty_leader.id

    assert "绑定好了" in chat.customer_say("绑定 固电 bind-E1")

    [ticket] = tickets(engine)
    assert (ticket.enterprise_id, ticket.is_unverified) == (cast.gudian.id, False)
    assert (ticket.grid_id, ticket.owner_id, ticket.acting_as) == (cast.micro.id, cast.liansan.id, "联系人")
    assert "交给你一件：已绑定固电电子有限公司" in chat.inbox("liansan")[-1].text
    assert "这件改由 联三 来办" in chat.inbox("zhizhang")[-1].text
    assert any("现在由联系人 联三 负责" in post.text for post in chat.customer_inbox())


def test_that_is_in_the_audit_log_and_in_the_requests_own(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    ask(chat)
    chat.customer_say("绑定 固电 bind-E1")

    with reading(engine) as session:
        adopted = session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.adopt")).one()
        assert adopted.details == {"enterprise": cast.gudian.id, "grid_before": None, "grid": cast.micro.id}
        last = session.exec(select(TicketEvent)).all()[-1]
        assert (last.action, last.owner_before_id, last.owner_after_id) == (
            A.HAND_OVER,
            cast.duty_leader.id,
            cast.liansan.id,
        )


def test_a_late_tap_of_the_contact_does_the_same(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    ask(chat)
    chat.customer_say("绑定 固电")

    chat.press("同意", sender="liansan")

    assert tickets(engine)[0].owner_id == cast.liansan.id
    assert any("交给你一件" in post.text for post in chat.inbox("liansan"))
    assert "这件改由 联三 来办" in chat.inbox("zhizhang")[-1].text


def test_what_was_given_to_somebody_in_person_stays_with_them(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    ask(chat)
    with writing(engine) as session:
        do(session, only(session), A.TRANSFER, cast.duty_leader, FRIDAY, reason="归他", target="联五")

    chat.customer_say("绑定 固电 bind-E1")

    [ticket] = tickets(engine)
    assert (ticket.grid_id, ticket.owner_id) == (cast.micro.id, cast.other_contact.id)


def test_what_was_asked_for_another_enterprise_is_left_alone(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    chat.customer_say("绑定 虹桥纺织有限公司")
    ask(chat)

    chat.customer_say("绑定 固电 bind-E1")

    [ticket] = tickets(engine)
    assert (ticket.enterprise_id, ticket.is_unverified) == (cast.hongqiao.id, True)


def test_what_has_ended_keeps_its_grid_and_owner_and_can_be_rated(chat: Chat, cast: TicketCast, engine: Engine) -> None:
    ask(chat)
    with writing(engine) as session:
        do(session, only(session), A.ACCEPT, cast.duty_leader, FRIDAY)
        do(session, only(session), A.FINISH, cast.duty_leader, FRIDAY, text="招到了")
    chat.customer_say("已解决")

    chat.customer_say("绑定 固电 bind-E1")

    [ticket] = tickets(engine)
    assert (ticket.grid_id, ticket.owner_id) == (None, cast.duty_leader.id)
    assert "记下了：满意" in chat.customer_say("满意")


def test_nobody_is_woken_for_what_can_wait(chat: Chat, cast: TicketCast, clock: MovableClock) -> None:
    clock.set(at("2026-11-19 22:40"))
    ask(chat)
    chat.customer_say("绑定 固电 bind-E1")
    assert chat.inbox("liansan") == []

    clock.set(at("2026-11-20 08:40"))
    chat.work_off()
    assert "交给你一件" in chat.inbox("liansan")[-1].text
