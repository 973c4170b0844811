"""The hello of the first time."""

from tests.chat import Chat
from tests.times import MovableClock, at


def test_whoever_opens_the_app_first_is_told_what_to_say(chat: Chat) -> None:
    chat.world.people.enter_agent("lihua")
    chat.work_off()
    assert "你好，我是邻格" in chat.inbox("lihua")[0].text
    assert chat.buttons() == ["我的", "帮助"]


def test_nobody_is_greeted_twice(chat: Chat, clock: MovableClock) -> None:
    chat.world.people.subscribe("lihua")
    chat.work_off()
    greeted = len(chat.inbox("lihua"))
    clock.set(at("2026-11-25 09:00"))
    chat.world.people.enter_agent("lihua")
    chat.work_off()
    assert len(chat.inbox("lihua")) == greeted


def test_whoever_leaves_is_not_written_to(chat: Chat) -> None:
    chat.world.people.subscribe("lihua", left=True)
    chat.work_off()
    assert chat.inbox("lihua") == []
