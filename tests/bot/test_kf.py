"""Customers talk to the assistant through 微信客服, each callback twice."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.context import Context
from bot.message import Answer, Audience, Button, Link, Reply
from bot.registry import COMMANDS, STEPS, command
from models.customer import Customer
from models.engine import reading
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from simulator import World
from tests.chat import Chat
from tests.factories import DAMA, ENTERPRISES, KUAIJI, LAOBAN
from tests.pictures import photo
from tests.times import MovableClock


@pytest.fixture
def words() -> Iterator[None]:
    """A few words of enterprises, only for a test."""
    before, steps = dict(COMMANDS), dict(STEPS)

    def ask(context: Context) -> Answer:
        context.question.ask("try.kind", {"of": context.argument})
        return Reply("哪一类？", (Button("证照", "证照办理"), Button("交通", "交通保障")))

    def say_much(_context: Context) -> Answer:
        return [Reply(f"第{n}句") for n in range(8)]

    def take(context: Context) -> Answer:
        context.question.end()
        return f"{'按' if context.message.pressed else '写'}了{context.message.text}"

    command("试问", help="", takes="什么", audience=Audience.ENTERPRISE)(ask)
    command("试多", help="", audience=Audience.ENTERPRISE)(say_much)
    command("试长", help="", audience=Audience.ENTERPRISE)(lambda _: "长" * 4000)
    command("试链", help="", audience=Audience.ENTERPRISE)(lambda _: Reply("填这里", link=Link("表格", "/form/1")))
    STEPS["try.kind"] = take
    yield
    COMMANDS.clear()
    COMMANDS.update(before)
    STEPS.clear()
    STEPS.update(steps)


def rows(engine: Engine) -> list[OutboxMessage]:
    with reading(engine) as session:
        found = list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))))
        session.expunge_all()
        return found


def test_a_customer_gets_help_in_their_own_words(chat: Chat) -> None:
    answer = chat.customer_say("帮助")

    assert "要办事直接说就行" in answer
    assert "KR1" not in answer


def test_a_resident_is_someone_else_than_an_enterprise(chat: Chat, words: None) -> None:
    assert "哪一类" in chat.customer_say("试问 这个")
    assert "没听懂您的意思" in chat.customer_say("试问 这个", customer=DAMA)
    assert chat.customer_buttons(DAMA) == ["帮助"]


def test_a_pressed_entry_is_a_press_of_its_button(chat: Chat, words: None) -> None:
    chat.customer_say("试问")

    assert chat.customer_buttons() == ["证照", "交通"]
    assert chat.customer_press("证照") == "按了证照办理"


def test_a_stale_entry_is_refused(chat: Chat, words: None) -> None:
    chat.customer_say("试问")
    chat.customer_press("证照")

    assert "已经过去了" in chat.customer_press("交通")


def test_words_that_say_what_an_entry_says_are_words(chat: Chat, words: None) -> None:
    chat.customer_say("试问")

    assert chat.customer_say("证照办理") == "写了证照办理"


def test_several_answers_leave_as_one(chat: Chat, words: None) -> None:
    answer = chat.customer_say("试多")

    assert "第0句" in answer
    assert "第7句" in answer
    assert len(chat.customer_inbox()) == 1


def test_a_long_answer_leaves_in_numbered_parts(chat: Chat, words: None) -> None:
    chat.customer_say("试长")

    texts = [post.text for post in chat.customer_inbox()]
    assert len(texts) == 5
    assert texts[0].startswith("（1/7）")


def test_what_is_beyond_five_follows_the_next_word(chat: Chat, words: None, engine: Engine) -> None:
    chat.customer_say("试长")
    assert [row.state for row in rows(engine)].count(OutboxState.WAITING) == 1

    chat.customer_say("然后呢")

    texts = [post.text for post in chat.customer_inbox()]
    assert [text[:5] for text in texts if text.startswith("（")] == [f"（{n}/7）" for n in range(1, 8)]
    assert all(row.state is OutboxState.SENT for row in rows(engine))


def test_a_link_is_an_entry_that_opens_a_page(chat: Chat, words: None) -> None:
    chat.customer_say("试链")

    entry = chat.customer_inbox()[-1].content["list"][0]
    assert entry["view"] == {"url": "https://linge.example.gov.cn/form/1", "content": "表格"}


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        ("image", photo(), "图片"),
        ("voice", b"#!AMR", "语音"),
        ("location", {"latitude": 30.1, "longitude": 121.2, "name": "红桥", "address": "红桥路"}, "位置"),
        ("link", {"title": "新闻", "url": "https://example.com"}, "链接"),
    ],
)
def test_other_kinds_are_told_what_works(chat: Chat, kind: str, content: dict[str, object], name: str) -> None:
    assert chat.customer_send(kind, content) == f"{name}收到了。要办什么事，请您打一句话说给我。"


def test_a_kind_nobody_knows_harms_nobody(chat: Chat) -> None:
    assert "没听懂" in chat.customer_send("hologram", {"depth": 3})


def test_one_customer_is_known_once(chat: Chat, engine: Engine) -> None:
    chat.customer_enter(scene="window3", scene_param="ent=12")
    chat.customer_say("帮助")
    chat.customer_say("帮助", customer=KUAIJI)

    with reading(engine) as session:
        found = session.exec(select(Customer).order_by(col(Customer.id))).all()
        assert [(one.external_userid, one.turn, one.scene, one.scene_param) for one in found] == [
            (LAOBAN, 1, "window3", "ent=12"),
            (KUAIJI, 1, "", ""),
        ]


def test_cancelling_speaks_politely(chat: Chat, words: None) -> None:
    assert chat.customer_say("取消") == "现在没有在问您的事，不用取消。"
    chat.customer_say("试问")
    assert "不问了" in chat.customer_say("取消")


def test_what_a_servicer_types_is_left_alone(chat: Chat, world: World, engine: Engine) -> None:
    chat.customer_say("帮助")
    before = len(rows(engine))

    world.people.kf_servicer_says("lihua", LAOBAN, ENTERPRISES, "我来处理")
    chat.work_off()

    assert len(rows(engine)) == before


def test_an_account_nobody_knows_is_read_and_answered_with_silence(chat: Chat, world: World, engine: Engine) -> None:
    world.kf.add("别的窗口", "wkBieDe")
    world.people.kf_say(LAOBAN, "wkBieDe", "有人吗")
    chat.work_off()

    with reading(engine) as session:
        kept = session.exec(select(InboxMessage).where(InboxMessage.kind == "text")).one()
        assert kept.state is InboxState.HANDLED
    assert rows(engine) == []


def test_whoever_comes_in_is_greeted_by_the_code(chat: Chat, engine: Engine) -> None:
    assert "我是邻格" in chat.customer_enter()
    assert "身边" in chat.customer_enter(customer=DAMA)
    assert {row.channel for row in rows(engine)} == {"kf_welcome"}


def test_a_greeting_overtakes_what_others_wrote_before(chat: Chat, world: World, engine: Engine) -> None:
    world.people.kf_say(KUAIJI, ENTERPRISES, "帮助")
    world.people.kf_enter(LAOBAN, ENTERPRISES)
    chat.work_off()

    assert [row.channel for row in rows(engine)] == ["kf_welcome", "kf"]


def test_a_greeting_that_is_late_is_past(chat: Chat, world: World, clock: MovableClock, engine: Engine) -> None:
    world.people.kf_enter(LAOBAN, ENTERPRISES)
    clock.advance(seconds=21)
    chat.work_off()

    assert [row.state for row in rows(engine)] == [OutboxState.EXPIRED]
    assert chat.customer_inbox() == []


def test_coming_in_again_without_a_code_greets_only_in_an_open_window(chat: Chat, engine: Engine) -> None:
    chat.customer_enter()

    assert chat.customer_enter() == ""
    assert rows(engine)[-1].state is OutboxState.EXPIRED
    chat.customer_say("帮助")
    assert "我是邻格" in chat.customer_enter()
