"""What WeCom refuses to one call of its API stops that way out alone."""

import pytest
from sqlmodel import select

from bot.channel import GROUP_ROBOT
from bot.message import Reply
from bot.outbox import enqueue_group_text
from models.engine import reading, writing
from models.message import OutboxState
from models.platform import Pause
from tests.bot.sending import Desk

pytestmark = pytest.mark.usefixtures("lihua")


def tell_group(desk: Desk, key: str = "g") -> None:
    with writing(desk.engine) as session:
        enqueue_group_text(session, GROUP_ROBOT, to="robot-key", reply=Reply("通报"), key=key, now=desk.clock())


def pauses(desk: Desk) -> dict[str, str]:
    with reading(desk.engine) as session:
        return {pause.key: pause.reason for pause in session.exec(select(Pause))}


@pytest.mark.parametrize("code", [45009, 48001, 48002, 48004])
def test_a_way_that_is_refused_leaves_the_others_going(desk: Desk, code: int) -> None:
    desk.world.faults.add("errcode", path="webhook/send", errcode=code)
    tell_group(desk)
    desk.send()
    desk.reply("记好了")
    desk.send()
    assert desk.texts() == ["记好了"]
    assert desk.states() == [OutboxState.QUEUED, OutboxState.SENT]
    assert list(pauses(desk)) == ["api:webhook/send"]
    assert pauses(desk)["api:webhook/send"].startswith("只停了群机器人的消息，其他照常；")


@pytest.mark.parametrize("code", [60020, 40013, 50003])
def test_what_concerns_the_app_stops_everything(desk: Desk, code: int) -> None:
    desk.world.faults.add("errcode", path="webhook/send", errcode=code)
    tell_group(desk)
    desk.send()
    desk.reply("记好了")
    desk.send()
    assert desk.texts() == []
    assert list(pauses(desk)) == ["sending"]


def test_one_message_tries_a_refused_way_and_its_success_opens_it(desk: Desk) -> None:
    fault = {"path": "message/send", "errcode": 48002}
    desk.world.faults.add("errcode", **fault)
    for number in range(5):
        desk.reply(f"第{number}条", to=f"nobody{number}")
    desk.reply("记好了")
    desk.send()
    first = desk.world.log.calls["message/send"]
    desk.let_pass(step=5, times=60)
    assert desk.world.log.calls["message/send"] - first == 2  # after 1 and after 2 more minutes
    desk.world.faults.clear()
    desk.let_pass(step=30, times=20)
    assert desk.texts() == ["记好了"]
    assert pauses(desk) == {}
