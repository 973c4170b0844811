"""What an enterprise cannot be sent is passed on by phone, and never lost."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading
from models.message import OutboxMessage, OutboxState
from tests.chat import Chat
from tests.conftest import Service
from tests.times import MovableClock, at

WANTED = "我们想扩产，还缺30个普工，能不能帮忙招工"
ACCEPTED = "联三接下了您的事"


@pytest.fixture
def waiting(shop: Chat, clock: MovableClock) -> Chat:
    """联三 accepts on Monday, when the boss has been silent for more than 48 hours."""
    shop.customer_say(WANTED)
    shop.customer_say("对")
    clock.set(at("2026-11-23 15:10"))
    shop.press("接单", sender="liansan")
    return shop


def run(service: Service, chat: Chat, clock: MovableClock, moment: str) -> None:
    clock.set(at(moment))
    service.scheduler.run_now("pass_on_waiting", at(moment))
    for _ in range(3):
        chat.work_off()
        clock.advance(minutes=1)


def states(engine: Engine) -> list[OutboxState]:
    with reading(engine) as session:
        return [row.state for row in session.exec(select(OutboxMessage).where(OutboxMessage.channel == "kf"))]


def test_the_owner_is_asked_once_to_pass_it_on_and_says_so(
    waiting: Chat, service: Service, clock: MovableClock, engine: Engine
) -> None:
    assert states(engine).count(OutboxState.WAITING) == 1
    run(service, waiting, clock, "2026-11-23 17:11")
    assert not any("转告" in post.text for post in waiting.inbox("liansan"))

    run(service, waiting, clock, "2026-11-24 09:11")
    run(service, waiting, clock, "2026-11-24 09:21")
    asked = [post.text for post in waiting.inbox("liansan") if ACCEPTED in post.text]
    assert len(asked) == 1
    assert "请打电话转告" in asked[0]

    assert "这句话不再发" in waiting.press("已转告", sender="liansan")
    assert states(engine).count(OutboxState.PASSED_ON) == 1
    waiting.customer_say("在吗")
    assert not any(ACCEPTED in post.text for post in waiting.customer_inbox())


def test_what_left_by_itself_meanwhile_need_not_be_passed_on(
    waiting: Chat, service: Service, clock: MovableClock
) -> None:
    run(service, waiting, clock, "2026-11-24 09:11")
    waiting.customer_say("在吗")
    assert any(ACCEPTED in post.text for post in waiting.customer_inbox())

    assert "自己发过去了" in waiting.press("已转告", sender="liansan")


def test_only_whoever_was_asked_may_close_it(
    waiting: Chat, service: Service, clock: MovableClock, engine: Engine
) -> None:
    run(service, waiting, clock, "2026-11-24 09:11")

    with reading(engine) as session:
        number = session.exec(select(OutboxMessage.id).where(OutboxMessage.state == OutboxState.WAITING)).one()
    assert "没找到" in waiting.say(f"已转告 {number}", sender="lianwu")
    assert states(engine).count(OutboxState.WAITING) == 1
