import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.channel import MESSAGE
from bot.claim import Claimed
from bot.outbox import (
    resend,
)
from bot.outcome import judge_error
from bot.wecom.errors import WeComError
from models.engine import writing
from models.message import OutboxMessage, OutboxState
from tests.bot.sending import Desk

pytestmark = pytest.mark.usefixtures("lihua")


@pytest.mark.parametrize("code", [-1, 6000, 45033, 45035])
def test_a_busy_platform_is_asked_again_after_a_growing_while(desk: Desk, code: int) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=code, times=2)
    desk.reply("记好了")
    desk.send()
    assert desk.world.log.calls["message/send"] == 1
    desk.let_pass(step=1, times=6)
    assert desk.world.log.calls["message/send"] == 3
    assert desk.texts() == ["记好了"]
    assert desk.states() == [OutboxState.SENT]


def test_a_platform_busy_for_hours_leaves_a_message_dead_and_visible(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=-1)
    desk.reply("记好了")
    desk.let_pass(step=600, times=30)
    row = desk.rows()[0]
    assert (row.state, row.attempts) == (OutboxState.DEAD, 13)
    assert row.error == "企业微信系统繁忙，稍后会自动再试（-1）"


def test_a_refused_message_is_dead_at_once_and_the_next_one_leaves(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=40058, times=1)
    desk.reply("坏的")
    desk.reply("好的")
    desk.send()
    assert desk.states() == [OutboxState.DEAD, OutboxState.SENT]
    assert desk.texts() == ["好的"]
    assert "40058" in desk.rows()[0].error


def test_a_stranger_to_wecom_is_named_as_such(desk: Desk) -> None:
    desk.reply("你好", to="nobody")
    desk.send()
    assert desk.states() == [OutboxState.DEAD]
    assert desk.rows()[0].error.startswith("收件人都不在应用的可见范围或已离职")


def test_a_member_without_licence_counts_as_not_reached(desk: Desk) -> None:
    member = desk.world.directory.find("LiHua")
    assert member is not None
    member.licensed = False
    desk.reply("你好")
    desk.send()
    assert desk.states() == [OutboxState.DEAD]


def test_who_of_several_was_not_reached_is_kept(engine: Engine, desk: Desk) -> None:
    desk.reply("你好", to="LiHua")
    with writing(engine) as session:
        row = session.exec(select(OutboxMessage)).one()
        row.payload = row.payload.replace('"touser":"LiHua"', '"touser":"LiHua|ghost1|ghost2"')
    desk.send()
    row = desk.rows()[0]
    assert (row.state, row.unreached) == (OutboxState.PARTLY_SENT, "ghost1、ghost2")
    assert desk.texts() == ["你好"]


@pytest.mark.parametrize("end", ["invalidate", "expire"])
def test_a_token_that_ended_early_costs_no_message(desk: Desk, end: str) -> None:
    desk.reply("一")
    desk.send()
    getattr(desk.world.tokens, end)()
    desk.reply("二")
    desk.send()
    assert desk.texts() == ["一", "二"]
    assert desk.world.tokens.issued == 2


def test_an_answer_lost_after_acceptance_is_sent_again_and_seen_once(desk: Desk) -> None:
    desk.world.faults.add("drop_after_accept", path="message/send", times=1)
    desk.reply("记好了")
    desk.send()
    assert desk.states() == [OutboxState.QUEUED]
    desk.let_pass(step=1, times=3)
    assert desk.texts() == ["记好了"]
    assert desk.states() == [OutboxState.SENT]
    assert desk.world.messages.suppressed == 1


def test_a_card_lost_after_acceptance_is_known_by_its_task_id(desk: Desk) -> None:
    desk.world.faults.add("drop_after_accept", path="message/send", times=1)
    desk.reply("是 50 吗？", "是", "不是")
    desk.send()
    with writing(desk.engine) as session:
        row = session.exec(select(OutboxMessage)).one()
        row.payload = row.payload.replace('"style":1', '"style":2', 1)  # past the check of equal bodies
    desk.let_pass(step=1, times=3)
    assert len(desk.texts()) == 1
    assert desk.states() == [OutboxState.SENT]


def test_a_task_id_that_is_taken_at_the_first_try_is_a_fault(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=42014, times=1)
    desk.reply("是 50 吗？", "是", "不是")
    desk.send()
    assert desk.states() == [OutboxState.DEAD]


def test_a_card_that_a_pause_interrupted_is_known_by_its_task_id(desk: Desk) -> None:
    tried = Claimed(1, MESSAGE, "lihua", "{}", 1, desk.clock(), desk.clock())
    again = WeComError("message/send", code=42014)
    outcome = judge_error(tried, again, began=desk.clock(), now=desk.clock())
    assert outcome.state is OutboxState.SENT


def test_beyond_the_duplicate_check_a_person_decides(desk: Desk) -> None:
    desk.world.faults.add("reset", path="message/send")
    row_id = desk.reply("记好了")
    desk.let_pass(step=900, times=17)
    assert desk.states() == [OutboxState.IN_DOUBT]
    calls = desk.world.log.calls["message/send"]
    desk.let_pass(step=900, times=4)
    assert desk.world.log.calls["message/send"] == calls
    desk.world.faults.clear()
    with writing(desk.engine) as session:
        assert resend(session, row_id, desk.clock())
    desk.let_pass(step=60, times=2)
    assert desk.states() == [OutboxState.SENT]
    assert desk.texts() == ["记好了"]
