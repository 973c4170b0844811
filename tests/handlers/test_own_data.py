"""A resident sees what is kept about them, and has it removed."""

from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.customer import Customer
from models.engine import reading, writing
from models.ticket import Ticket, TicketEvent
from tests.chat import Chat
from tests.factories import DAMA

KEPT = "办过的事作为工作记录留着，里面不再有您。"


def ask(chat: Chat, text: str) -> str:
    return chat.customer_say(text, customer=DAMA)


def report(chat: Chat, engine: Engine) -> None:
    """A report that went to whoever leads on that day, whose reporter told a name."""
    ask(chat, "着火了")
    with writing(engine) as session:
        customer = session.exec(select(Customer).where(Customer.external_userid == DAMA)).one()
        customer.name = "李奶奶"
        session.add(customer)


def test_the_first_contact_says_what_words_are_used_for_and_a_later_one_does_not(chat: Chat) -> None:
    assert "只用来办您的事" in chat.customer_enter(customer=DAMA)
    ask(chat, "帮助")

    assert "只用来办您的事" not in chat.customer_enter(customer=DAMA)


def test_they_see_what_is_kept(chat: Chat, engine: Engine) -> None:
    report(chat, engine)

    answer = ask(chat, "我的信息")

    assert "您从 2026年11月20日 起和我说话" in answer
    assert "称呼：李奶奶" in answer
    assert "在办 1 件，办完 0 件" in answer


def test_nothing_is_removed_without_a_clear_yes(chat: Chat, engine: Engine) -> None:
    report(chat, engine)
    ask(chat, "删除我的信息")

    assert chat.customer_press("不删", customer=DAMA) == "好，没有删。"
    assert "称呼：李奶奶" in ask(chat, "我的信息")


def test_what_is_open_stays_until_it_ends(chat: Chat, engine: Engine) -> None:
    report(chat, engine)
    ask(chat, "删除我的信息")

    assert "还有 1 件在办" in chat.customer_press("确定删除", customer=DAMA)
    assert "称呼：没有记" in ask(chat, "我的信息")


def test_an_ended_case_stays_without_the_person_and_the_removal_is_audited(chat: Chat, engine: Engine) -> None:
    report(chat, engine)
    ask(chat, "撤销")
    ask(chat, "删除我的信息")

    assert KEPT in chat.customer_press("确定删除", customer=DAMA)
    with reading(engine) as session:
        ticket = session.exec(select(Ticket)).one()
        assert (ticket.requester_id, ticket.requester_name) == (None, "居民（不留名）")
        assert set(session.exec(select(TicketEvent.customer_id))) == {None}
        acts = select(AuditEntry.action).where(col(AuditEntry.action).startswith("customer."))
        assert session.exec(acts).all() == ["customer.forget"]
