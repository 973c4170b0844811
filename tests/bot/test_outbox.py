import pytest
from sqlalchemy import Engine

from bot.message import Link, Notice, Purpose, Reply
from bot.outbox import (
    enqueue_card_update,
    enqueue_notices,
    enqueue_replies,
    give_up,
    resend,
)
from models.engine import writing
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.secrecy import EMPTY
from simulator import World
from tests.bot.sending import Desk

pytestmark = pytest.mark.usefixtures("lihua")


def test_an_answer_arrives_and_is_marked_sent(desk: Desk) -> None:
    desk.reply("记好了")
    desk.send()
    assert desk.texts() == ["记好了"]
    row = desk.rows()[0]
    assert (row.state, row.attempts, row.sent_at, row.error) == (OutboxState.SENT, 1, desk.clock(), "")


def test_a_link_leads_to_the_services_own_address(engine: Engine, desk: Desk) -> None:
    with writing(engine) as session:
        reply = Reply("每一行的算法在这里", link=Link("逐项看", "/scores/7?period=2026Q4"))
        enqueue_replies(session, to="LiHua", replies=[reply], inbox_id=None, token="", now=desk.clock())
    desk.send()
    wanted = '<a href="https://linge.example.gov.cn/scores/7?period=2026Q4">逐项看</a>'
    assert desk.texts() == [f"每一行的算法在这里\n{wanted}"]


def test_equal_texts_both_arrive_and_the_second_says_when(desk: Desk) -> None:
    desk.reply("收到")
    desk.reply("收到")
    desk.reply("收到")
    desk.send()
    assert desk.texts() == ["收到", "收到\n〔15:07〕", "收到\n〔15:07 第2次〕"]
    desk.clock.advance(hours=4, minutes=6)
    desk.reply("收到")
    desk.send()
    assert desk.texts()[-1] == "收到"


def test_an_operator_lets_a_doubtful_message_rest(desk: Desk) -> None:
    row_id = desk.reply("记好了")
    with writing(desk.engine) as session:
        assert give_up(session, row_id)
    with writing(desk.engine) as session:
        assert not give_up(session, row_id)
    desk.send()
    assert (desk.states(), desk.texts()) == ([OutboxState.DEAD], [])


def test_a_sent_message_cannot_be_sent_again_or_given_up(desk: Desk) -> None:
    row_id = desk.reply("记好了")
    desk.send()
    with writing(desk.engine) as session:
        assert not resend(session, row_id, desk.clock())
        assert not give_up(session, row_id)


def test_a_key_is_queued_once_for_ever(desk: Desk, lihua: Person) -> None:
    assert desk.notice(lihua, "提醒", key="checkin:2026-W47:1")
    assert not desk.notice(lihua, "提醒", key="checkin:2026-W47:1")
    long = "第一行够长的" * 200
    assert desk.notice(lihua, long, key="long")
    assert not desk.notice(lihua, long, key="long")
    assert [row.key for row in desk.rows()] == ["checkin:2026-W47:1", "long", "long#2"]


def test_many_notices_are_queued_and_counted_together(engine: Engine, desk: Desk, lihua: Person) -> None:
    notices = [Notice(lihua, f"n:{number % 30}", Reply(f"第{number}条"), Purpose.DIGEST) for number in range(40)]
    with writing(engine) as session:
        assert enqueue_notices(session, notices, now=desk.clock()) == 30
    with writing(engine) as session:
        assert enqueue_notices(session, notices, now=desk.clock()) == 0
    with writing(engine) as session:
        assert enqueue_notices(session, [], now=desk.clock()) == 0


def test_a_pressed_card_gets_a_grey_label_once(engine: Engine, desk: Desk, world: World) -> None:
    codes: list[str] = []

    def take(_query: dict[str, str], _body: bytes) -> int:
        codes.append(next(reversed(world.messages._codes)))
        return 200

    world.connect(take, inline=True)
    desk.reply("是 50 吗？", "是 50", "不记", token="ab12")
    desk.send()
    card = world.inbox("LiHua")[0]
    assert [button["key"] for button in card.content["button_list"]] == ["ab12|是 50", "ab12|不记"]
    row = desk.rows()[0]
    assert row.closes_when_pressed
    assert row.task_id == card.content["task_id"]
    world.people.press("LiHua", card, "ab12|是 50")
    with writing(engine) as session:
        for _ in range(2):
            enqueue_card_update(session, response_code=codes[-1], user="LiHua", label="是 50", now=desk.clock())
    world.faults.add("drop_after_accept", path="message/update_template_card", times=1)
    desk.let_pass(step=1, times=3)
    assert card.replaced == "是 50"
    assert desk.states() == [OutboxState.SENT, OutboxState.SENT]


def test_what_was_emptied_is_not_sent_again(desk: Desk, engine: Engine) -> None:
    row_id = desk.reply("记好了")
    with writing(engine) as session:
        row = session.get_one(OutboxMessage, row_id)
        row.state, row.payload = OutboxState.DEAD, EMPTY

    with writing(engine) as session:
        assert not resend(session, row_id, desk.clock())
