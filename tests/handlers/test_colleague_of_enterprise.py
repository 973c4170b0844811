"""Two people of one enterprise: both follow and add to its requests; only who asked says that it is solved, and rates."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.process import Actor
from domain.ticket import TicketAction, TicketState
from models.engine import reading, writing
from models.ticket import Ticket, TicketEvent
from tests.chat import Chat
from tests.factories import KUAIJI
from tests.factories_ticket import TicketCast, do
from tests.handlers.shop import let_speak, tickets
from tests.times import FRIDAY, MovableClock

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"
NUMBER = "Q261120-0001"


@pytest.fixture
def both(shop: Chat, engine: Engine, cast: TicketCast) -> Chat:
    """The phones, when the boss of 固电电子 has asked for workers and its accountant is bound too."""
    with writing(engine) as session:
        let_speak(session, KUAIJI, cast.gudian)
    shop.customer_say(WANTED)
    shop.customer_say("对")
    return shop


def finish(engine: Engine, cast: TicketCast) -> None:
    with writing(engine) as session:
        ticket = session.exec(select(Ticket)).one()
        do(session, ticket, TicketAction.ACCEPT, cast.liansan, FRIDAY)
        do(session, ticket, TicketAction.FINISH, cast.liansan, FRIDAY, text="34人面试")


def test_a_colleague_follows_what_the_enterprise_has_going(both: Chat) -> None:
    answer = both.customer_say("进度", customer=KUAIJI)

    assert f"{NUMBER}｜招普工 30 人（同事提的）\n待接单 · 联三" in answer
    assert "同事" not in both.customer_say("进度")


def test_a_colleague_adds_words_and_hurries(both: Chat, engine: Engine) -> None:
    assert both.customer_say("补充 7号门进", customer=KUAIJI) == f"补充到 {NUMBER} 里了。"
    assert "已经提醒联三了" in both.customer_say("催办", customer=KUAIJI)

    assert any("7号门进" in post.text for post in both.inbox("liansan"))
    with reading(engine) as session:
        assert session.exec(select(TicketEvent)).all()[-1].capacity is Actor.COLLEAGUE


@pytest.mark.parametrize("said", [f"已解决 {NUMBER}", f"没解决 {NUMBER} 只来了5个", f"撤销 {NUMBER}"])
def test_only_who_asked_says_whether_it_is_solved(both: Chat, engine: Engine, cast: TicketCast, said: str) -> None:
    finish(engine, cast)

    assert "由提出人来办" in both.customer_say(said, customer=KUAIJI)
    assert tickets(engine)[0].state == TicketState.TO_CONFIRM
    assert "等提出的人回一句" in both.customer_say("进度", customer=KUAIJI)


def test_only_who_asked_rates(both: Chat, engine: Engine, cast: TicketCast) -> None:
    finish(engine, cast)
    both.customer_say("已解决")

    assert "由提出人来办" in both.customer_say(f"评价 满意 {NUMBER}", customer=KUAIJI)
    assert tickets(engine)[0].rating is None


def test_a_word_that_only_who_asked_can_say_finds_nothing_of_a_colleagues(
    both: Chat, engine: Engine, cast: TicketCast
) -> None:
    finish(engine, cast)

    assert "没有可以说“已解决”的事" in both.customer_say("已解决", customer=KUAIJI)


def test_the_same_matter_from_a_colleague_is_offered_the_ticket_there_is(
    both: Chat, engine: Engine, clock: MovableClock
) -> None:
    clock.advance(days=1)

    assert f"有一件差不多的：{NUMBER}" in both.customer_say("还是缺30个普工，招工怎么弄", customer=KUAIJI)
    assert both.customer_press(f"是，并到 {NUMBER}", customer=KUAIJI) == f"补充到 {NUMBER} 里了。"
    assert len(tickets(engine)) == 1


def test_a_colleagues_ticket_does_not_blur_the_tail_of_ones_own(
    both: Chat, engine: Engine, clock: MovableClock
) -> None:
    clock.advance(days=1)
    both.customer_say("想贷款50万", customer=KUAIJI)
    both.customer_say("对", customer=KUAIJI)

    assert both.customer_say("补充 1 下月要用", customer=KUAIJI) == "补充到 Q261121-0001 里了。"


def test_what_a_stranger_asked_in_the_enterprises_name_is_not_shown(both: Chat, engine: Engine) -> None:
    with writing(engine) as session:
        session.exec(select(Ticket)).one().is_unverified = True

    assert "没有在办的事" in both.customer_say("进度", customer=KUAIJI)
    assert "没找到" in both.customer_say(f"补充 {NUMBER} 嗨", customer=KUAIJI)
