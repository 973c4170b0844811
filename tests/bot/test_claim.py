import pytest
from sqlalchemy import Engine

from bot.claim import LEASE, Claim
from bot.message import Purpose, Reply
from bot.outbox import (
    Outbox,
    enqueue_replies,
)
from bot.outcome import judge_answer, record
from bot.settings import Settings
from bot.wecom.client import WeComClient
from models.engine import writing
from models.message import InboxMessage, OutboxState
from models.person import Person
from tests.bot.sending import Desk
from tests.times import MovableClock

pytestmark = pytest.mark.usefixtures("lihua")


def test_parts_of_a_long_text_arrive_in_order_whatever_happens(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=-1, times=1)
    desk.reply("\n".join(f"第{number}行" + "长" * 60 for number in range(30)))
    desk.let_pass(step=1, times=5)
    texts = desk.texts()
    assert [text[:5] for text in texts] == ["（1/4）", "（2/4）", "（3/4）", "（4/4）"]
    lines = [line.removeprefix(text[:5]) for text in texts for line in text.split("\n")]
    assert [line.partition("行")[0] for line in lines] == [f"第{number}" for number in range(30)]
    assert not desk.world.messages.cut


def test_several_answers_to_one_message_keep_their_order(engine: Engine, desk: Desk) -> None:
    with writing(engine) as session:
        row = InboxMessage(key="1", sender="LiHua", kind="text", body="", received_at=desk.clock(), due_at=desk.clock())
        session.add(row)
        session.flush()
        replies = [Reply(text) for text in ("一", "二", "三")]
        enqueue_replies(session, to="LiHua", replies=replies, inbox_id=row.id, token="", now=desk.clock())
    desk.world.faults.add("errcode", path="message/send", errcode=-1, times=1)
    desk.let_pass(step=1, times=3)
    assert desk.texts() == ["一", "二", "三"]


def test_answers_overtake_notices(desk: Desk, zhangsan: Person, lihua: Person) -> None:
    desk.notice(zhangsan, "提醒")
    desk.notice(lihua, "转告", key="carried", purpose=Purpose.CARRIED)
    desk.reply("回答", to="zhangsan")
    with writing(desk.engine) as session:
        claimed = Claim(session, desk.clock()).take(2)
    assert [row.payload.partition('"content":"')[2][:2] for row in claimed] == ["回答", "转告"]


def test_one_recipient_has_one_message_under_way(desk: Desk) -> None:
    desk.reply("一")
    desk.reply("二")
    with writing(desk.engine) as session:
        assert len(Claim(session, desk.clock()).take(50)) == 1
    with writing(desk.engine) as session:
        assert Claim(session, desk.clock()).take(50) == []


def test_a_message_left_behind_by_a_dead_worker_is_taken_over(desk: Desk) -> None:
    desk.reply("记好了")
    with writing(desk.engine) as session:
        lost = Claim(session, desk.clock()).take(50)
    desk.send()
    assert desk.texts() == []
    desk.clock.advance(seconds=LEASE.total_seconds() + 1)
    with writing(desk.engine) as session:
        assert len(Claim(session, desk.clock()).take(50)) == 1
    outcome = judge_answer(lost[0], {"errcode": 0}, began=desk.clock(), now=desk.clock())
    with writing(desk.engine) as session:
        assert record(session, [outcome]) == 1  # the sleeper woke and could not write
    assert desk.states() == [OutboxState.SENDING]


def test_a_worker_that_slept_past_its_lease_does_not_send(desk: Desk) -> None:
    desk.reply("记好了")
    with writing(desk.engine) as session:
        lost = Claim(session, desk.clock()).take(50)
    desk.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert desk.outbox._send(lost[0]) is None
    assert desk.texts() == []


def test_faults_that_are_not_the_platforms_leave_the_other_results(
    engine: Engine, desk: Desk, settings: Settings, clock: MovableClock
) -> None:
    class Stumbling(WeComClient):
        def send_message(self, payload: str) -> dict[str, object]:
            if "绊" in payload:
                raise LookupError("a fault of ours")
            return super().send_message(payload)

    desk.world.directory.add_member("zhangsan", "张山", departments=[1])
    desk.reply("绊")
    desk.reply("好的", to="zhangsan")
    outbox = Outbox(engine, Stumbling(settings, engine, clock), clock)
    with pytest.raises(LookupError):
        outbox.send_due()
    outbox.close()
    assert desk.states() == [OutboxState.SENDING, OutboxState.SENT]
    assert desk.texts("zhangsan") == ["好的"]
