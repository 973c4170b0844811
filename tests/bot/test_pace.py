from bisect import bisect_right
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.message import Notice, Purpose, Reply
from bot.outbox import Outbox, enqueue_notices
from bot.pace import API, GROUP, MEMBER, ROBOT, Limit, PaceBook
from bot.wecom.client import WeComClient
from models.engine import writing
from models.person import Person
from simulator import RunningSimulator, World
from tests.bot.sending import Desk
from tests.times import FRIDAY, MovableClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def most_within(times: list[datetime], window: timedelta) -> int:
    """The largest number of instants in any window, its first instant included and its end not."""
    return max((i + 1 - bisect_right(times, moment - window) for i, moment in enumerate(times)), default=0)


def leave(engine: Engine, limit: Limit, waits: list[float]) -> list[datetime]:
    """When messages leave whose sender tries again after each of these waits, in seconds."""
    now, left = FRIDAY, []
    for wait in waits:
        now += timedelta(seconds=wait)
        with writing(engine) as session:
            book = PaceBook(session)
            book.lock("k", now)
            while book.ready_at("k", limit, now) <= now:
                book.take("k", limit, now)
                left.append(now)
            book.write()
    return left


@pytest.mark.parametrize(
    ("limit", "window", "most"),
    [(MEMBER, MINUTE, 30), (MEMBER, HOUR, 1_000), (ROBOT, MINUTE, 20), (API, MINUTE, 10_000), (GROUP, MINUTE, 200)],
)
def test_a_limit_never_exceeds_the_platforms(engine: Engine, limit: Limit, window: timedelta, most: int) -> None:
    assert limit.burst + window / limit.every <= most
    times = leave(engine, limit, [limit.every.total_seconds()] * 400)
    assert most_within(times, window) <= most


def test_our_use_of_the_api_is_at_least_95_percent() -> None:
    assert MINUTE / API.every >= 9_500


def test_who_waits_in_vain_does_not_wait_longer_for_it(engine: Engine) -> None:
    times = leave(engine, MEMBER, [0.0] + [0.1] * 600)
    assert len(times) == 15 + 15


@pytest.mark.usefixtures("lihua")
def test_no_member_gets_more_than_the_platform_lets_through(desk: Desk, world: World) -> None:
    for number in range(100):
        desk.reply(f"第{number}条")
    desk.let_pass(step=1, times=400)
    posts = world.inbox("LiHua")
    assert [post.text for post in posts] == [f"第{number}条" for number in range(100)]
    assert world.dropped == 0
    times = [datetime.fromtimestamp(post.at).astimezone(FRIDAY.tzinfo) for post in posts]
    assert most_within(times, MINUTE) <= 30
    assert times[-1] - times[0] <= timedelta(seconds=4 * 86)


def test_many_workers_keep_one_pace(
    engine: Engine, client: WeComClient, clock: MovableClock, desk: Desk, lihua: Person, world: World
) -> None:
    outboxes = [Outbox(engine, client, clock) for _ in range(3)]
    for number in range(60):
        desk.reply(f"第{number}条")
    for _ in range(240):
        for outbox in outboxes:
            outbox.send_due()
        clock.advance(seconds=1)
    assert len(world.inbox(lihua.account)) == 60
    assert world.dropped == 0
    for outbox in outboxes:
        outbox.close()


def test_someone_with_many_messages_holds_nobody_else_up(desk: Desk, lihua: Person, zhangsan: Person) -> None:
    for number in range(200):
        desk.notice(lihua, f"第{number}条", key=f"n:{number}")
    desk.notice(zhangsan, "只有一条")
    desk.send()
    assert desk.texts("zhangsan") == ["只有一条"]
    assert len(desk.texts("LiHua")) == 15


def test_the_pace_of_the_api_is_kept_in_every_window(
    engine: Engine, desk: Desk, station: object, simulator: RunningSimulator
) -> None:
    people = []
    with writing(engine) as session:
        unit_id = getattr(station, "id")  # noqa: B009 the fixture's type is of no interest here
        for number in range(1_500):
            person = Person(account=f"p{number}", account_key=f"p{number}", name=f"人{number}", unit_id=unit_id)
            session.add(person)
            people.append(person)
        session.flush()
        notices = [
            Notice(person, f"n:{person.account}", Reply(f"{person.name}，提醒"), Purpose.REMINDER) for person in people
        ]
        enqueue_notices(session, notices, now=desk.clock())
    for person in people:
        simulator.world.directory.add_member(person.account, person.name, departments=[1])
    desk.let_pass(step=0.1, times=100)
    times = [
        datetime.fromtimestamp(post.at).astimezone(FRIDAY.tzinfo)
        for person in people
        for post in simulator.world.inbox(person.account)
    ]
    times.sort()
    assert len(times) == 1_500
    second = timedelta(seconds=1)
    assert most_within(times, second) <= API.burst + second / API.every
    assert times[-1] - times[0] <= timedelta(seconds=(1_500 - API.burst) * API.every.total_seconds() + 0.3)


def test_a_clock_that_was_set_back_leaves_nobody_waiting_for_days(desk: Desk, lihua: Person) -> None:
    desk.clock.advance(days=3)
    desk.reply("在错的时间")
    desk.send()
    desk.clock.advance(days=-3)
    desk.reply("钟拨回来以后")
    desk.send()
    assert desk.texts() == ["在错的时间", "钟拨回来以后"]
