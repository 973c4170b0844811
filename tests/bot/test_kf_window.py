"""The window of a customer: five messages in 48 hours; what is beyond waits, is seen, and leaves with their next word."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.kf.window import waiting_since
from bot.message import Button, Notice, Purpose, Reply
from bot.outbox import enqueue_notice, give_up, resend
from models.customer import Customer
from models.engine import reading, writing
from models.message import OutboxMessage, OutboxState
from services.queue import unsent
from simulator import World
from tests.chat import Chat
from tests.factories import ENTERPRISES, LAOBAN
from tests.times import MovableClock


def tell(engine: Engine, clock: MovableClock, text: str, *buttons: Button) -> None:
    """The county writes to the owner unasked."""
    with writing(engine) as session:
        customer = session.exec(select(Customer).where(Customer.external_userid == LAOBAN)).one()
        notice = Notice(customer, f"tell:{text}", Reply(text, buttons), Purpose.CARRIED)
        assert enqueue_notice(session, notice, now=clock())


def states(engine: Engine) -> list[OutboxState]:
    return [row.state for row in rows(engine)]


def rows(engine: Engine) -> list[OutboxMessage]:
    with reading(engine) as session:
        found = list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))))
        session.expunge_all()
        return found


def seen(chat: Chat) -> list[str]:
    return [post.text for post in chat.customer_inbox()]


def test_a_notice_within_the_window_leaves_at_once(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.customer_say("帮助")
    tell(engine, clock, "办好了", Button("满意", "评价满意"))
    chat.work_off()

    assert seen(chat)[-1].startswith("办好了")
    assert chat.customer_buttons() == ["满意"]


def test_after_five_messages_the_rest_waits_and_leaves_with_the_next_word(
    chat: Chat, engine: Engine, clock: MovableClock
) -> None:
    chat.customer_say("帮助")
    for number in range(1, 7):
        tell(engine, clock, f"消息{number}")
    chat.work_off()
    assert states(engine) == [OutboxState.SENT] * 5 + [OutboxState.WAITING] * 2

    answer = chat.customer_say("帮助")

    assert "要办事" in answer
    assert seen(chat)[-2:] == ["消息5", "消息6"]
    assert set(states(engine)) == {OutboxState.SENT}


def test_after_48_hours_everything_waits(chat: Chat, engine: Engine, clock: MovableClock, world: World) -> None:
    chat.customer_say("帮助")
    clock.advance(hours=48)
    tell(engine, clock, "办好了")
    chat.work_off()
    assert states(engine)[-1] is OutboxState.WAITING
    assert rows(engine)[-1].attempts == 0, "WeCom was not even asked"

    chat.customer_say("在吗")

    assert "办好了" in seen(chat)


def test_what_waited_long_leaves_room_for_the_answer(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.customer_say("帮助")
    clock.advance(hours=50)
    for number in range(6):
        tell(engine, clock, f"消息{number}")
    chat.work_off()

    assert "要办事" in chat.customer_say("帮助")
    assert seen(chat)[-4:] == [f"消息{number}" for number in range(4)]
    assert states(engine).count(OutboxState.WAITING) == 2
    chat.customer_say("帮助")
    assert seen(chat)[-2:] == ["消息4", "消息5"]


def test_what_waits_is_no_error_and_is_seen(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.customer_say("帮助")
    clock.advance(hours=50)
    tell(engine, clock, "办好了")
    chat.work_off()

    with reading(engine) as session:
        assert [message.state for message in unsent(session)] == [OutboxState.WAITING]
        assert waiting_since(session, clock()) == []
        (waiting,) = waiting_since(session, clock() + timedelta(hours=1))
        assert (waiting.text, waiting.customer.external_userid) == ("办好了", LAOBAN)


@pytest.mark.parametrize("code", [95001, 95002, 95013, 95018, 95031])
def test_a_window_that_wecom_shuts_makes_it_wait(
    chat: Chat, engine: Engine, clock: MovableClock, world: World, code: int
) -> None:
    chat.customer_say("帮助")
    world.faults.add("errcode", path="kf/send_msg", errcode=code, times=1)
    tell(engine, clock, "办好了")
    chat.work_off()
    assert states(engine)[-1] is OutboxState.WAITING

    chat.customer_say("在吗")

    assert seen(chat).count("办好了") == 1
    assert states(engine).count(OutboxState.SENT) == len(states(engine))


def test_a_session_in_a_servicers_hands_makes_it_wait(
    chat: Chat, engine: Engine, clock: MovableClock, world: World
) -> None:
    chat.customer_say("帮助")
    world.people.kf_take("lihua", LAOBAN, ENTERPRISES)
    tell(engine, clock, "办好了")
    chat.work_off()
    assert states(engine)[-1] is OutboxState.WAITING

    world.people.kf_end("lihua", LAOBAN, ENTERPRISES)
    chat.customer_say("在吗")

    assert "办好了" in seen(chat)


def test_what_wecom_did_not_deliver_rests_with_its_reason(
    chat: Chat, engine: Engine, clock: MovableClock, world: World
) -> None:
    chat.customer_say("帮助")
    world.kf.accounts[ENTERPRISES].fail_next.append(10)
    tell(engine, clock, "办好了")
    chat.work_off()
    world.pusher.settle()
    chat.work_off()

    failed = rows(engine)[-1]
    assert (failed.state, failed.error) == (OutboxState.DEAD, "企业微信没有送到：客户拒收")
    with writing(engine) as session:
        assert resend(session, failed.id or 0, clock())
    chat.work_off()
    assert seen(chat)[-1] == "办好了"


def test_what_was_not_delivered_for_the_window_waits(
    chat: Chat, engine: Engine, clock: MovableClock, world: World
) -> None:
    chat.customer_say("帮助")
    world.kf.accounts[ENTERPRISES].fail_next.append(6)
    tell(engine, clock, "办好了")
    chat.work_off()
    world.pusher.settle()
    chat.work_off()
    assert states(engine)[-1] is OutboxState.WAITING

    chat.customer_say("在吗")

    assert seen(chat).count("办好了") == 1


def test_an_answer_that_got_lost_is_not_seen_twice(
    chat: Chat, engine: Engine, clock: MovableClock, world: World
) -> None:
    chat.customer_say("帮助")
    world.faults.add("drop_after_accept", path="kf/send_msg", times=1)
    tell(engine, clock, "办好了")
    for _ in range(5):
        chat.work_off()
        clock.advance(seconds=5)

    assert seen(chat).count("办好了") == 1
    assert states(engine)[-1] is OutboxState.SENT


def test_a_refusal_of_the_accounts_stops_nobody_else(
    chat: Chat, engine: Engine, clock: MovableClock, world: World
) -> None:
    chat.customer_say("帮助")
    world.faults.add("errcode", path="kf/send_msg", errcode=48002)
    tell(engine, clock, "办好了")
    chat.work_off()

    assert "我的" in chat.say("帮助")
    world.faults.clear()
    clock.advance(minutes=2)
    chat.work_off()
    assert "办好了" in seen(chat)


def test_an_operator_may_give_up_what_waits(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.customer_say("帮助")
    clock.advance(hours=50)
    tell(engine, clock, "办好了")
    chat.work_off()

    with writing(engine) as session:
        assert give_up(session, rows(engine)[-1].id or 0)
    chat.customer_say("在吗")

    assert "办好了" not in seen(chat)
