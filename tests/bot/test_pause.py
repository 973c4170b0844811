from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from bot.backup import hold
from bot.message import Purpose
from bot.outbox import (
    Outbox,
)
from bot.pause import REFUSED, SENDING, PauseSwitch
from bot.wecom.client import WeComClient
from models.engine import reading
from models.message import OutboxState
from models.person import Person
from models.platform import Pause
from simulator import RunningSimulator
from tests.bot.conftest import settings_for
from tests.bot.sending import Desk
from tests.times import MovableClock

pytestmark = pytest.mark.usefixtures("lihua")


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


def test_a_probe_passes_by_what_is_stale(desk: Desk, lihua: Person, zhangsan: Person) -> None:
    for number in range(30):
        expires_at = desk.clock() + timedelta(minutes=5)
        desk.notice(zhangsan, f"提醒{number}", key=f"n{number}", purpose=Purpose.CARRIED, expires_at=expires_at)
    desk.world.faults.add("errcode", path="message/send", errcode=60020, times=1)
    desk.send()
    desk.notice(lihua, "还来得及", key="timely", purpose=Purpose.CARRIED)
    desk.clock.advance(minutes=6)
    desk.send()
    assert desk.texts() == ["还来得及"]
    assert desk.states() == [OutboxState.EXPIRED] * 30 + [OutboxState.SENT]


def test_a_hold_that_begins_during_a_probe_stands(engine: Engine, desk: Desk) -> None:
    switch = PauseSwitch(engine, SENDING)
    switch.grow(REFUSED, "没有权限", now=desk.clock())
    desk.clock.advance(minutes=2)
    standing = switch.standing()
    assert standing is not None
    held = switch.claim_probe(standing, desk.clock())
    assert held is not None
    hold(engine)
    switch.end(held)
    desk.reply("记好了")
    desk.let_pass(step=3600, times=3)
    assert desk.texts() == []


def test_a_call_that_hangs_holds_up_its_own_recipient_only(desk: Desk, zhangsan: Person) -> None:
    desk.world.faults.add("hang", path="message/send", times=1)
    desk.reply("一")
    desk.outbox.send_due()
    desk.reply("二", to="zhangsan")
    desk.outbox.send_due()
    assert desk.texts("zhangsan") == ["二"]
    assert desk.states() == [OutboxState.SENDING, OutboxState.SENT]
    desk.world.faults.clear()
    desk.let_pass(step=1, times=3)
    assert desk.texts() == ["一"]
    with reading(desk.engine) as session:
        assert session.get(Pause, "sending") is None
