"""Pressed buttons: one effect per card, whatever is pressed how often and by whom."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.converse import STALE
from models.engine import reading, writing
from models.message import InboxMessage, InboxState, OutboxMessage
from models.person import Person
from simulator import Post
from simulator.callback_xml import Value
from tests.bot.callbacks import ON_SQLITE, Wire, event
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast
from tests.times import MovableClock

ASKED = "请哪几天？"
TODAY = "好，11月20日请假，共 1 天。"


def ask(chat: Chat, sender: str = "lihua") -> Post:
    """A card with the buttons 今天, 明天 and 这周."""
    chat.say("请假", sender=sender)
    return chat.inbox(sender)[-1]


def key_of(card: Post, label: str) -> str:
    return next(str(one["key"]) for one in card.content["button_list"] if one["text"] == label)


def press_unseen(chat: Chat, card: Post, label: str, sender: str = "lihua") -> None:
    """A press before the answer to an earlier one can be seen."""
    assert chat.world.people.press(sender, card, key_of(card, label)).accepted


def seen_after(chat: Chat, seen: int, sender: str = "lihua") -> list[str]:
    chat.work_off()
    return [post.text for post in chat.inbox(sender)[seen:]]


def test_a_press_says_what_is_on_the_button_and_closes_the_card(chat: Chat) -> None:
    card = ask(chat)
    press_unseen(chat, card, "今天")
    (answer,) = seen_after(chat, 1)
    assert answer.startswith(TODAY)
    assert chat.inbox("lihua")[0].replaced == "已选 今天"


def test_the_same_button_five_times_has_one_effect_and_one_answer(chat: Chat, clock: MovableClock) -> None:
    card = ask(chat)
    for _ in range(5):
        press_unseen(chat, card, "今天")
        clock.advance(seconds=1)
    answers = seen_after(chat, 1)
    assert [answer.startswith(TODAY) for answer in answers] == [True]


@ON_SQLITE
def test_another_button_of_a_pressed_card_is_refused(chat: Chat) -> None:
    card = ask(chat)
    press_unseen(chat, card, "今天")
    press_unseen(chat, card, "明天")
    press_unseen(chat, card, "今天")
    answers = seen_after(chat, 1)
    assert answers[0].startswith(TODAY)
    assert answers[1:] == ["这张卡片刚才已经点过“今天”了，没有再改。"]


@ON_SQLITE
def test_a_card_that_stays_open_may_be_pressed_again(chat: Chat, clock: MovableClock) -> None:
    chat.world.people.enter_agent("lihua")
    chat.work_off()
    for _ in range(2):
        assert "KR1" in chat.press("我的")
        clock.advance(minutes=5)


@ON_SQLITE
def test_a_card_is_closed_by_words_too_as_far_as_its_question_goes(chat: Chat) -> None:
    card = ask(chat)
    assert TODAY in chat.say("今天")
    press_unseen(chat, card, "明天")
    assert seen_after(chat, 2) == [STALE]


class Forger:
    """Sends presses as WeCom would, with any fields, and returns what the assistant answered."""

    def __init__(self, wire: Wire, chat: Chat) -> None:
        self._wire, self._chat = wire, chat

    def __call__(self, sender: str = "lihua", **fields: Value) -> list[str]:
        seen = len(self._chat.inbox(sender))
        assert self._wire.deliver(event("template_card_event", sender=sender, **fields)).status_code == 200
        return seen_after(self._chat, seen, sender)


@pytest.fixture
def forge(service: Service, chat: Chat, engine: Engine) -> Forger:
    return Forger(Wire(service.app, engine), chat)


def task_of(engine: Engine) -> str:
    with reading(engine) as session:
        query = select(OutboxMessage.task_id).where(col(OutboxMessage.task_id).is_not(None))
        return str(session.exec(query.order_by(col(OutboxMessage.id).desc())).first())


def is_closed(engine: Engine) -> bool:
    with reading(engine) as session:
        return session.exec(select(OutboxMessage).where(col(OutboxMessage.pressed_at).is_not(None))).first() is not None


@ON_SQLITE
class TestForgery:
    """WeCom signs these, but nothing in them need fit."""

    def test_somebody_elses_card_stays_open_and_its_question_unanswered(
        self, chat: Chat, engine: Engine, forge: Forger
    ) -> None:
        card = ask(chat)
        answers = forge(sender="zhangsan", EventKey=key_of(card, "今天"), TaskId=task_of(engine), ResponseCode="r1")
        assert answers == [STALE]
        assert not is_closed(engine)
        press_unseen(chat, card, "今天")
        assert seen_after(chat, 1)[0].startswith(TODAY)

    def test_a_stranger_with_somebodys_card_gets_nothing(self, chat: Chat, engine: Engine, forge: Forger) -> None:
        card = ask(chat)
        fields: dict[str, Value] = {"EventKey": key_of(card, "今天"), "TaskId": task_of(engine), "ResponseCode": "r1"}
        assert forge("moshengren", **fields) == []
        assert not is_closed(engine)

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"EventKey": "", "TaskId": ""},
            {"EventKey": "|", "TaskId": "nothing"},
            {"EventKey": "没有这个词"},
            {"EventKey": "deadbeef|今天", "TaskId": "nothing"},
            {"EventKey": {"a": "b"}, "TaskId": {"c": "d"}, "ResponseCode": {"e": "f"}},
            {"EventKey": "|" + "长" * 50_000, "TaskId": "t" * 50_000},
            {"EventKey": "|😀\t\n<a href='x'>", "SelectedItems": {"SelectedItem": [{"QuestionKey": "q"}]}},
            {"EventKey": "deadbeef|" + "|" * 1000},
        ],
    )
    def test_a_press_of_nothing_we_sent_does_no_harm(self, chat: Chat, forge: Forger, fields: dict[str, Any]) -> None:
        for answer in forge(**fields):
            assert "<" not in answer

    def test_a_key_that_is_not_on_the_card_answers_no_question(self, chat: Chat, engine: Engine, forge: Forger) -> None:
        ask(chat)
        assert forge(EventKey="00000000|今天", TaskId=task_of(engine), ResponseCode="r1") == [STALE]
        assert TODAY in chat.say("今天")

    def test_a_press_without_its_code_counts_and_closes_nothing_on_the_phone(
        self, chat: Chat, engine: Engine, forge: Forger
    ) -> None:
        card = ask(chat)
        (answer,) = forge(EventKey=key_of(card, "今天"), TaskId=task_of(engine))
        assert answer.startswith(TODAY)
        assert not card.replaced


@ON_SQLITE
def test_a_leavers_press_changes_nothing(chat: Chat, engine: Engine, county: Cast, clock: MovableClock) -> None:
    card = ask(chat)
    with writing(engine) as session:
        session.get_one(Person, county.lihua.id).left_at = clock()
    press_unseen(chat, card, "今天")
    assert seen_after(chat, 1) == []
    with reading(engine) as session:
        assert {row.state for row in session.exec(select(InboxMessage))} == {InboxState.HANDLED}
    assert not is_closed(engine)
