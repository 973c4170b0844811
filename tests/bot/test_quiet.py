from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.claim import Claim
from bot.message import Purpose
from models.engine import writing
from models.message import OutboxState
from models.person import Person
from tests.bot.sending import Desk
from tests.times import at

pytestmark = pytest.mark.usefixtures("lihua")


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
