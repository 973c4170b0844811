"""Reading 微信客服: one reader, nothing lost, nothing doubled, whatever is repeated, cut short or refused."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from bot.inbox import Inbox
from bot.kf.pull import LEASE, UNASKED, KfPuller
from bot.wecom.client import WeComClient
from models.engine import reading, writing
from models.kf import KfCursor
from models.message import InboxMessage
from simulator import World
from tests.conftest import Service
from tests.factories import DAMA, ENTERPRISES, LAOBAN, RESIDENTS, Cast
from tests.times import MovableClock


@pytest.fixture
def puller(service: Service, county: Cast, client: WeComClient, engine: Engine, clock: MovableClock) -> KfPuller:
    return KfPuller(engine, client, clock)


def hear(engine: Engine, clock: MovableClock) -> None:
    """Lets the callbacks be handled, and nothing else."""
    inbox = Inbox(engine, clock)
    while inbox.handle_next():
        pass


def read(puller: KfPuller) -> None:
    while puller.pull_next():
        pass


def said(engine: Engine) -> list[str]:
    """What customers wrote, as it stands in the inbox."""
    with reading(engine) as session:
        rows = session.exec(select(InboxMessage).where(InboxMessage.kind == "text").order_by(col(InboxMessage.id)))
        return [row.body.partition('"content": "')[2].partition('"')[0] for row in rows]


def cursor_of(engine: Engine, open_kfid: str = ENTERPRISES) -> KfCursor:
    with reading(engine) as session:
        row = session.get_one(KfCursor, open_kfid)
        session.expunge_all()
        return row


def pulls(world: World) -> int:
    return world.log.calls["kf/sync_msg"]


def test_many_pokes_bring_each_word_once(puller: KfPuller, world: World, engine: Engine, clock: MovableClock) -> None:
    for number in range(5):
        world.people.kf_say(LAOBAN, ENTERPRISES, f"第{number}句")
    hear(engine, clock)
    read(puller)
    world.people.kf_say(LAOBAN, ENTERPRISES, "最后")
    hear(engine, clock)
    read(puller)

    assert said(engine) == [*(f"第{number}句" for number in range(5)), "最后"]


def test_empty_pages_are_followed(puller: KfPuller, world: World, engine: Engine, clock: MovableClock) -> None:
    world.kf.accounts[ENTERPRISES].empty_pages = 3
    world.people.kf_say(LAOBAN, ENTERPRISES, "在后面")
    hear(engine, clock)
    read(puller)

    assert said(engine) == ["在后面"]


def test_a_lost_callback_costs_three_minutes(
    puller: KfPuller, world: World, engine: Engine, clock: MovableClock
) -> None:
    read(puller)
    world.connect(lambda _query, _body: 200, inline=True)  # the callback gets lost
    world.people.kf_say(LAOBAN, ENTERPRISES, "没人叫我")
    read(puller)
    assert said(engine) == []

    clock.advance(seconds=UNASKED.total_seconds())
    read(puller)

    assert said(engine) == ["没人叫我"]


def test_an_old_token_is_done_without(puller: KfPuller, world: World, engine: Engine, clock: MovableClock) -> None:
    world.people.kf_say(LAOBAN, ENTERPRISES, "早就说了")
    hear(engine, clock)
    world.kf.accounts[ENTERPRISES].tokens.clear()
    read(puller)

    assert said(engine) == ["早就说了"]


def test_a_failure_rests_and_goes_on(puller: KfPuller, world: World, engine: Engine, clock: MovableClock) -> None:
    world.faults.add("errcode", path="kf/sync_msg", errcode=-1, times=2)
    world.people.kf_say(LAOBAN, ENTERPRISES, "再来一次")
    hear(engine, clock)
    read(puller)
    assert said(engine) == []

    clock.advance(seconds=11)
    read(puller)

    assert said(engine) == ["再来一次"]


def test_one_account_out_of_order_does_not_hold_up_another(
    puller: KfPuller, world: World, engine: Engine, clock: MovableClock
) -> None:
    world.people.kf_say(LAOBAN, ENTERPRISES, "进不来")
    world.people.kf_say(DAMA, RESIDENTS, "进得来")
    hear(engine, clock)
    del world.kf.accounts[ENTERPRISES]
    read(puller)

    assert said(engine) == ["进得来"]


def test_two_readers_read_an_account_one_after_the_other(
    puller: KfPuller, world: World, engine: Engine, client: WeComClient, clock: MovableClock
) -> None:
    read(puller)
    for number in range(20):
        world.people.kf_say(LAOBAN, ENTERPRISES, f"第{number}句")
    hear(engine, clock)
    world.faults.add("latency", path="kf/sync_msg", seconds=0.2)
    before = pulls(world)
    readers = [KfPuller(engine, client, clock) for _ in range(4)]
    for reader in readers:
        reader._know_accounts(clock())

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda reader: reader.pull_next(), readers))

    assert done.count(True) == 1
    assert pulls(world) - before == 1
    assert said(engine) == [f"第{number}句" for number in range(20)]


@pytest.fixture
def dies_at_commit(engine: Engine) -> Iterator[threading.Event]:
    """While set, whoever wants to commit a page dies instead."""
    armed = threading.Event()

    def die(connection: object) -> None:
        if armed.is_set():
            armed.clear()
            raise KeyboardInterrupt

    event.listen(engine, "commit", die)
    yield armed
    event.remove(engine, "commit", die)


def test_a_reader_that_dies_before_the_commit_has_done_nothing(
    puller: KfPuller,
    world: World,
    engine: Engine,
    clock: MovableClock,
    dies_at_commit: threading.Event,
) -> None:
    read(puller)
    world.people.kf_say(LAOBAN, ENTERPRISES, "别丢了我")
    hear(engine, clock)
    held = puller._take(clock())
    assert held is not None
    answer = puller._ask(held)
    dies_at_commit.set()
    with pytest.raises(KeyboardInterrupt):
        puller._keep(held, answer)
    assert said(engine) == []
    read(puller)
    assert said(engine) == [], "its lease still holds"

    clock.advance(seconds=LEASE.total_seconds())
    read(puller)

    assert said(engine) == ["别丢了我"]


def test_a_reader_that_wakes_late_cannot_write(
    puller: KfPuller, world: World, engine: Engine, clock: MovableClock
) -> None:
    read(puller)
    world.people.kf_say(LAOBAN, ENTERPRISES, "一次就好")
    hear(engine, clock)
    held = puller._take(clock())
    assert held is not None
    answer = puller._ask(held)
    clock.advance(seconds=LEASE.total_seconds())
    read(puller)

    assert puller._keep(held, answer) is False
    assert said(engine) == ["一次就好"]


def test_news_that_comes_while_a_page_is_read_is_read_next(
    puller: KfPuller, world: World, engine: Engine, clock: MovableClock
) -> None:
    world.people.kf_say(LAOBAN, ENTERPRISES, "先")
    hear(engine, clock)
    held = puller._take(clock())
    assert held is not None
    answer = puller._ask(held)
    world.people.kf_say(LAOBAN, ENTERPRISES, "后")
    hear(engine, clock)
    puller._keep(held, answer)
    read(puller)

    assert said(engine) == ["先", "后"]


def test_a_page_read_twice_counts_once(puller: KfPuller, world: World, engine: Engine, clock: MovableClock) -> None:
    world.people.kf_say(LAOBAN, ENTERPRISES, "一句")
    hear(engine, clock)
    read(puller)
    with writing(engine) as session:
        row = session.get_one(KfCursor, ENTERPRISES)
        row.cursor, row.due_at = "", clock() - timedelta(seconds=1)
        session.add(row)
    read(puller)

    assert said(engine) == ["一句"]
    assert cursor_of(engine).cursor.endswith("-1")
