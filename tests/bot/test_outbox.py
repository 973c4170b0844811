from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.claim import LEASE, Claim
from bot.message import Button, Link, Notice, Purpose, Reply
from bot.outbox import (
    Outbox,
    enqueue_card_update,
    enqueue_notices,
    enqueue_reply,
    give_up,
    resend,
)
from bot.outcome import judge_answer, record
from bot.settings import Settings
from bot.wecom.client import WeComClient
from models.engine import reading, writing
from models.message import InboxMessage, OutboxMessage, OutboxState
from models.person import Person
from models.platform import Pause
from simulator import RunningSimulator, World
from tests.bot.conftest import settings_for
from tests.bot.sending import Desk
from tests.times import MovableClock, at

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
        enqueue_reply(session, to="LiHua", reply=reply, inbox_id=None, token="", now=desk.clock())
    desk.send()
    wanted = '<a href="https://linge.example.gov.cn/scores/7?period=2026Q4">逐项看</a>'
    assert desk.texts() == [f"每一行的算法在这里\n{wanted}"]


def test_equal_texts_both_arrive_and_the_second_says_when(desk: Desk) -> None:
    desk.reply("收到")
    desk.reply("收到")
    desk.reply("收到")
    desk.send()
    assert desk.texts() == ["收到", "收到\n〔15:07:00〕", "收到\n〔15:07:00 2〕"]
    desk.clock.advance(hours=4, minutes=6)
    desk.reply("收到")
    desk.send()
    assert desk.texts()[-1] == "收到"


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


def test_an_api_away_for_six_hours_loses_nothing(desk: Desk, simulator: RunningSimulator) -> None:
    desk.reply("之前")
    desk.send()
    simulator.refuse()
    for number in range(20):
        desk.reply(f"第{number}条")
    desk.let_pass(step=300, times=72)
    assert set(desk.states()[1:]) == {OutboxState.QUEUED}
    simulator.listen()
    desk.let_pass(step=20, times=30)
    assert desk.texts() == ["之前", *(f"第{number}条" for number in range(20))]
    assert set(desk.states()) == {OutboxState.SENT}


def test_an_untrusted_address_pauses_sending_and_ends_by_itself(engine: Engine, desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=60020)
    for number in range(5):
        desk.reply(f"第{number}条", to=f"nobody{number}")
    desk.reply("记好了")
    desk.send()
    first = desk.world.log.calls["message/send"]
    with reading(engine) as session:
        pause = session.get_one(Pause, "sending")
        assert pause.until == desk.clock() + timedelta(minutes=1)
        assert "企业可信IP" in pause.reason
    desk.let_pass(step=5, times=120)
    assert desk.world.log.calls["message/send"] - first <= 4  # after 1, 2, 4 minutes
    desk.world.faults.clear()
    desk.let_pass(step=30, times=20)
    assert desk.texts() == ["记好了"]
    with reading(engine) as session:
        assert session.get(Pause, "sending") is None


def test_a_wrong_secret_is_tried_once_a_minute_at_most(
    engine: Engine, desk: Desk, simulator: RunningSimulator, clock: MovableClock
) -> None:
    client = WeComClient(settings_for(simulator, wecom_secret="wrong"), engine, clock)
    outbox = Outbox(engine, client, clock)
    desk.reply("记好了")
    times = []
    for _ in range(360):
        before = desk.world.log.calls["gettoken"]
        outbox.send_due()
        times += [clock()] * (desk.world.log.calls["gettoken"] - before)
        clock.advance(seconds=10)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert 3 <= len(times) <= 11
    assert min(gaps) >= timedelta(minutes=1)
    assert gaps == sorted(gaps)
    assert desk.states() == [OutboxState.QUEUED]
    outbox.close()
    client.close()


def test_a_used_up_frequency_waits_for_its_window(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=45009, times=1)
    desk.reply("记好了")
    desk.let_pass(step=10, times=5)
    assert desk.world.log.calls["message/send"] == 1
    desk.let_pass(step=10, times=2)
    assert desk.texts() == ["记好了"]


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
        for text in ("一", "二", "三"):
            enqueue_reply(session, to="LiHua", reply=Reply(text), inbox_id=row.id, token="", now=desk.clock())
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


@pytest.mark.parametrize(
    ("queued", "purpose", "any_hour", "seen_from", "seen_by"),
    [
        ("2026-11-20 15:07", Purpose.REMINDER, False, "2026-11-20 15:07", "2026-11-20 15:07"),
        ("2026-11-20 15:00", Purpose.DIGEST, False, "2026-11-20 15:01", "2026-11-20 15:05"),
        ("2026-11-20 22:40", Purpose.REMINDER, False, "2026-11-23 08:31", "2026-11-23 08:36"),
        ("2026-10-01 10:10", Purpose.REMINDER, False, "2026-10-08 08:31", "2026-10-08 08:36"),
        ("2026-11-20 22:40", Purpose.CARRIED, False, "2026-11-20 22:40", "2026-11-20 22:40"),
        ("2026-11-20 22:40", Purpose.OPERATION, False, "2026-11-20 22:40", "2026-11-20 22:40"),
        ("2026-11-20 22:30", Purpose.REMINDER, True, "2026-11-20 22:30", "2026-11-20 22:30"),
    ],
)
def test_what_the_clock_sets_off_leaves_in_duty_hours_off_the_half_hour(
    desk: Desk, lihua: Person, queued: str, purpose: Purpose, any_hour: bool, seen_from: str, seen_by: str
) -> None:
    desk.clock.set(at(queued))
    desk.notice(lihua, "提醒", purpose=purpose, any_hour=any_hour)
    if at(seen_from) > desk.clock():
        desk.send()
        desk.clock.set(at(seen_from) - timedelta(seconds=1))
        desk.send()
        assert desk.texts() == []
    desk.clock.set(at(seen_by))
    desk.send()
    assert desk.texts() == ["提醒"]


def test_what_missed_duty_hours_waits_for_the_next_and_spreads(desk: Desk, lihua: Person) -> None:
    for number in range(12):
        desk.notice(lihua, f"第{number}条", key=f"n:{number}")
    desk.clock.set(at("2026-11-20 18:00"))
    desk.send()
    assert desk.texts() == []
    due = {row.due_at for row in desk.rows()}
    assert len(due) >= 4
    assert at("2026-11-23 08:31") <= min(due) <= max(due) <= at("2026-11-23 08:36")
    desk.clock.set(at("2026-11-23 09:07"))
    desk.send()
    assert len(desk.texts()) == 12


def test_a_notice_waits_for_its_hour_and_expires_after_it(desk: Desk, lihua: Person, zhangsan: Person) -> None:
    hour = at("2026-11-20 16:10")
    desk.notice(lihua, "会议", key="a", at=hour, expires_at=hour + timedelta(minutes=20))
    desk.notice(zhangsan, "会议", key="b", at=hour, expires_at=hour + timedelta(minutes=20))
    desk.send()
    assert desk.texts() == []
    desk.clock.set(hour)
    with writing(desk.engine) as session:
        assert len(Claim(session, desk.clock()).take(1)) == 1  # a worker that dies with it
    desk.clock.set(hour + timedelta(minutes=20))
    desk.send()
    assert (desk.texts(), desk.texts("zhangsan")) == ([], [])
    assert desk.states() == [OutboxState.EXPIRED] * 2


def test_nothing_goes_to_someone_who_has_left(engine: Engine, desk: Desk, lihua: Person) -> None:
    desk.notice(lihua, "提醒")
    desk.reply("回答")
    with writing(engine) as session:
        session.get_one(Person, lihua.id).left_at = desk.clock()
    desk.send()
    assert desk.texts() == []
    assert [(row.state, row.error) for row in desk.rows()] == [(OutboxState.EXPIRED, "收件人已离职，没有发出")] * 2


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


def test_the_label_of_a_button_is_found_by_what_it_says(engine: Engine, desk: Desk) -> None:
    with writing(engine) as session:
        reply = Reply("哪一项？", (Button("KR2 反诈宣传覆盖率", "选 KR2"), Button("都不是", "取消")))
        enqueue_reply(session, to="LiHua", reply=reply, inbox_id=None, token="t", now=desk.clock())
    row = desk.rows()[0]
    assert (row.label_of("选 KR2"), row.label_of("取消"), row.label_of("别的")) == ("KR2 反诈宣传覆…", "都不是", "别的")


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
