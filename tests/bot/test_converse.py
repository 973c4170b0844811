"""A conversation as people have it: questions that wait, end, go stale and are forgotten, and words of every shape."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.context import Context
from bot.converse import STALE, STRANGER
from bot.identity import FORGETS_AFTER
from bot.inbox import Inbox
from bot.message import Answer
from domain.errors import DomainError
from models.engine import reading, writing
from models.message import Conversation, InboxMessage, InboxState
from models.okr import Report
from models.person import Person
from tests.bot.callbacks import ON_SQLITE, text_message, wire_to
from tests.bot.probe import STEP, Probe, inbox_states, make_two, probe_message, probing, queued
from tests.chat import Chat
from tests.factories import Cast
from tests.times import MovableClock

ASKED = "请哪几天？"
NOTED = "11月20日到11月22日请假"


def reports(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.exec(select(Report)).all())


def test_a_command_escapes_a_question_and_leaves_it_open(chat: Chat) -> None:
    assert ASKED in chat.say("请假")
    assert "KR1" in chat.say("我的")
    assert NOTED in chat.say("3天")


@ON_SQLITE
class TestQuestion:
    def test_cancelling_ends_it(self, chat: Chat) -> None:
        chat.say("请假")
        chat.say("取消")
        assert NOTED not in chat.say("3天")

    def test_an_answered_question_is_over(self, chat: Chat) -> None:
        chat.say("请假")
        assert NOTED in chat.say("3天")
        assert NOTED not in chat.say("3天")

    def test_another_command_that_asks_takes_its_place(self, chat: Chat) -> None:
        chat.say("请假")
        chat.say("意见反馈")
        assert NOTED not in chat.say("3天")

    def test_it_waits_for_a_day_and_is_then_forgotten(self, chat: Chat, clock: MovableClock) -> None:
        chat.say("请假")
        clock.advance(seconds=FORGETS_AFTER.total_seconds())
        assert "请假，共 3 天" in chat.say("3天")
        chat.say("请假")
        clock.advance(seconds=FORGETS_AFTER.total_seconds() + 1)
        assert "请假" not in chat.say("3天")

    def test_it_is_the_senders_own(self, chat: Chat) -> None:
        chat.say("请假", sender="lihua")
        assert NOTED not in chat.say("3天", sender="zhangsan")
        assert NOTED in chat.say("3天", sender="lihua")

    def test_a_refusal_leaves_it_open(self, chat: Chat) -> None:
        chat.say("请假")
        chat.say("300天")
        assert NOTED in chat.say("3天")

    def test_a_button_of_an_older_question_is_stale(self, chat: Chat) -> None:
        chat.say("请假")
        (older,) = chat.inbox("lihua")
        chat.say("取消")
        chat.say("请假")
        seen = len(chat.inbox("lihua"))
        key = older.content["button_list"][0]["key"]
        assert chat.world.people.press("lihua", older, key).accepted
        chat.work_off()
        assert [post.text for post in chat.inbox("lihua")[seen:]] == [STALE]
        assert NOTED in chat.say("3天")

    def test_a_button_of_an_answered_question_is_stale(self, chat: Chat) -> None:
        chat.say("请假")
        chat.say("3天")
        assert chat.press("明天") == STALE

    def test_a_button_of_a_forgotten_question_is_stale(self, chat: Chat, clock: MovableClock) -> None:
        chat.say("请假")
        clock.advance(hours=25)
        assert chat.press("明天") == STALE


class TestMemory:
    """What a handler remembers is kept when it succeeds, and as it was when it is refused, however deep it lies."""

    @pytest.fixture
    def probe(self) -> Iterator[Probe]:
        with probing() as probe:
            yield probe

    @pytest.fixture
    def say(self, engine: Engine, clock: MovableClock, probe: Probe) -> Iterator["Say"]:
        make_two(engine)
        with wire_to(engine, clock) as wire:
            yield Say(lambda xml: wire.deliver(xml).status_code, Inbox(engine, clock))

    def test_a_change_deep_inside_is_kept(self, engine: Engine, probe: Probe, say: "Say") -> None:
        probe.then = open_list
        say("a")
        first = conversation(engine)
        probe.then = append_to_list
        say("b")
        assert conversation(engine).data == {"list": [1, 2]}
        assert conversation(engine).token != first.token

    def test_a_refused_change_deep_inside_is_undone(self, engine: Engine, probe: Probe, say: "Say") -> None:
        probe.then = open_list
        say("a")
        first = conversation(engine)

        def refuse(context: Context) -> Answer:
            append_to_list(context)
            raise DomainError("这个不行。")

        probe.then = refuse
        say("b")
        assert (conversation(engine).data, conversation(engine).token) == ({"list": [1]}, first.token)
        assert "这个不行。" in queued(engine)[-1]

    def test_what_is_asked_again_unchanged_keeps_its_buttons(self, engine: Engine, probe: Probe, say: "Say") -> None:
        probe.then = open_list
        say("a")
        first = conversation(engine)
        say("b")
        assert conversation(engine).token == first.token


class Say:
    """Delivers a message to the probe and handles it."""

    def __init__(self, deliver: Callable[[str], int], inbox: Inbox) -> None:
        self._deliver, self._inbox, self._number = deliver, inbox, 0

    def __call__(self, text: str) -> None:
        self._number += 1
        assert self._deliver(probe_message(text, number=self._number)) == 200
        assert self._inbox.handle_next()


def open_list(context: Context) -> Answer:
    context.question.ask(STEP, {"list": [1]})
    return "好"


def append_to_list(context: Context) -> Answer:
    context.question.data["list"].append(2)
    return "好"


def conversation(engine: Engine) -> Conversation:
    with reading(engine) as session:
        found = session.exec(select(Conversation)).one()
        session.expunge_all()
        return found


@ON_SQLITE
class TestWhoever:
    def test_a_stranger_is_told_politely_and_learns_nothing(
        self, chat: Chat, engine: Engine, clock: MovableClock
    ) -> None:
        for text in ("我的", "KR1 35", "排名", "帮助", "取消"):
            assert chat.say(text, sender="moshengren").startswith(STRANGER)
            clock.advance(seconds=30)
        assert reports(engine) == 0
        with reading(engine) as session:
            assert session.exec(select(Conversation)).all() == []

    def test_a_strangers_acts_are_silent(self, chat: Chat) -> None:
        chat.world.people.enter_agent("moshengren")
        chat.world.people.report_position("moshengren", 30.1, 120.2)
        chat.work_off()
        assert chat.inbox("moshengren") == []

    def test_a_leaver_is_a_stranger_at_once(
        self, chat: Chat, engine: Engine, county: Cast, clock: MovableClock
    ) -> None:
        chat.say("请假")
        with writing(engine) as session:
            session.get_one(Person, county.lihua.id).left_at = clock()
        chat.world.people.say("lihua", "3天")
        chat.world.people.press(
            "lihua", chat.inbox("lihua")[-1], chat.inbox("lihua")[-1].content["button_list"][0]["key"]
        )
        chat.work_off()
        with reading(engine) as session:
            states = {row.state for row in session.exec(select(InboxMessage))}
        assert states == {InboxState.HANDLED}
        assert not any(NOTED in post.text for post in chat.inbox("lihua"))

    def test_an_account_is_known_in_any_letters(self, chat: Chat) -> None:
        assert "压降发案" in chat.say("我的", sender="zhangsan")


ODD = {
    "spaces": " \t\n　 ",
    "twenty thousand characters": "长" * 20_000,
    "twenty thousand digits": "9" * 20_000,
    "a command and twenty thousand characters": "帮助" + "啊" * 20_000,
    "two hundred thousand characters": "KR" * 100_000,
    "a thousand lines": "\n".join(f"KR{n} 1" for n in range(1000)),
    "emoji": "😀👮‍♀️🇨🇳",
    "combining marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "directions": "\u202e53 1RK\u202c",
    "markup": '<a href="https://example.cn">点我</a>',
    "an address": "https://example.cn/?a=1&b=2",
    "a mention": "@all <@lihua>",
    "formulas": "=1+1",
    "SQL": "'; DROP TABLE person; --",
    "templates": "{{7*7}} ${7*7} %s %(a)s {0}",
    "JSON": '{"a": [1, 2]}',
    "the end of CDATA": "a]]>b",
    "line ends": "\r\n\r\n",
    "a single mark": "？",
    "digits of other scripts": "٣٥ ३५ 三十五 ³⁵",
    "a huge number": "KR1 1e999999999",
    "another huge number": "KR1 " + "9" * 400,
    "a number that is none": "KR1 NaN",
    "minus": "KR1 -35",
}


@ON_SQLITE
@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_words_of_every_shape_get_an_answer_and_change_nothing_unasked(
    chat: Chat, clock: MovableClock, text: str
) -> None:
    answer = chat.say(text)
    assert answer
    assert "<a" not in answer
    assert "://" not in answer
    assert "收到" not in answer
    clock.advance(minutes=5)
    assert "KR1 入户走访 0/50 户" in chat.say("我的")


@ON_SQLITE
@pytest.mark.parametrize("text", ["ＫＲ１　３５", "kr1 35", " KR1 35\n", "KR1\u200b 35", "\ufeffKR1 35"])
def test_the_width_the_case_and_invisible_characters_do_not_matter(chat: Chat, text: str) -> None:
    assert "入户走访 35/50 户" in chat.say(text)


@ON_SQLITE
def test_what_has_no_text_is_answered_all_the_same(engine: Engine, clock: MovableClock) -> None:
    """A text without its content, or with another structure in its place, is nobody's fault but the sender's."""
    make_two(engine)
    with wire_to(engine, clock) as wire:
        wire.deliver(text_message(Content={"a": "b"}, number=1))
        wire.deliver(text_message("", number=2))
        wire.deliver(text_message("x", MsgType="something_new", number=3))
        inbox = Inbox(engine, clock)
        while inbox.handle_next():
            pass
    assert [state for state, _, _ in inbox_states(engine)] == [InboxState.HANDLED] * 3
    assert len(queued(engine)) == 3
