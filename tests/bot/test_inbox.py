"""Stored messages: in order, one at a time per sender, all or nothing, and never twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import select

from bot.context import Context
from bot.inbox import Inbox
from bot.message import Answer
from models.engine import writing
from models.message import InboxMessage, InboxState
from tests.bot.callbacks import Wire
from tests.bot.callbacks import event as platform_event
from tests.bot.probe import Probe, effects, inbox_states, probe_message, queued, work_off
from tests.times import FRIDAY, MovableClock

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.mark.parametrize("times", [1, 2, 10])
def test_a_message_counts_once_however_often_it_is_delivered(
    wire: Wire, inbox: Inbox, engine: Engine, times: int
) -> None:
    assert {wire.deliver(probe_message("a")).status_code for _ in range(times)} == {200}
    work_off(inbox)
    assert wire.deliver(probe_message("a")).status_code == 200
    work_off(inbox)
    assert effects(engine) == ["a"]
    assert [body.count("a") > 0 for body in queued(engine)] == [True, True]


def test_deliveries_at_the_same_time_count_once(wire: Wire, inbox: Inbox, engine: Engine) -> None:
    def deliver(number: int) -> int:
        return Wire(wire.app, engine).deliver(probe_message(f"{number % 5}", number=number % 5)).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(deliver, range(200))) == {200}
    assert work_off(inbox) == 5
    assert sorted(effects(engine)) == ["0", "1", "2", "3", "4"]


def test_two_different_events_in_one_second_both_count(wire: Wire, inbox: Inbox, engine: Engine) -> None:
    for _ in range(2):
        wire.deliver(platform_event("click", EventKey="帮助"))
        wire.deliver(platform_event("click", EventKey="取消"))
    assert work_off(inbox) == 2
    assert len(queued(engine)) == 2


def test_a_senders_messages_are_handled_in_order(wire: Wire, inbox: Inbox, engine: Engine) -> None:
    for number in range(6):
        wire.deliver(probe_message(f"{number}", sender="lihua" if number % 3 else "zhangsan", number=number))
    work_off(inbox)
    assert effects(engine) == ["0", "1", "2", "3", "4", "5"]


@ON_POSTGRES
def test_another_sender_overtakes_one_who_has_a_message_in_hand(
    wire: Wire, inbox: Inbox, engine: Engine, probe: Probe
) -> None:
    in_hand, go_on = threading.Event(), threading.Event()

    def hold(context: Context) -> Answer:
        if context.message.fields["Content"] == "first":
            in_hand.set()
            assert go_on.wait(10)
        return None

    probe.then = hold
    wire.deliver(probe_message("first", number=1))
    wire.deliver(probe_message("second", number=2))
    wire.deliver(probe_message("other", sender="zhangsan", number=3))
    slow = threading.Thread(target=inbox.handle_next)
    slow.start()
    assert in_hand.wait(10)
    assert work_off(Inbox(engine, lambda: FRIDAY)) == 1
    assert effects(engine) == ["other"]
    go_on.set()
    slow.join()
    work_off(inbox)
    assert sorted(effects(engine)) == ["first", "other", "second"]


def test_workers_never_handle_one_sender_at_once(wire: Wire, engine: Engine, probe: Probe) -> None:
    with writing(engine) as session:
        from models.person import Person

        unit = session.exec(select(Person)).first()
        assert unit is not None
        for number in range(6):
            key = f"p{number}"
            session.add(Person(account=key, account_key=key, name=key, unit_id=unit.unit_id, rank="", track=""))
    busy: set[str] = set()
    met: list[str] = []

    def watch(context: Context) -> Answer:
        key = context.sender.key
        if key in busy:
            met.append(key)
        busy.add(key)
        threading.Event().wait(0.002)
        busy.discard(key)
        return None

    probe.then = watch
    for number in range(60):
        wire.deliver(probe_message(f"{number:02}", sender=f"p{number % 6}", number=number))
    with ThreadPoolExecutor(4) as pool:
        handled = sum(pool.map(lambda _: work_off_patiently(engine), range(4)))
    assert (handled, met) == (60, [])
    done = effects(engine)
    assert sorted(done) == [f"{number:02}" for number in range(60)]
    for sender in range(6):
        own = [one for one in done if int(one) % 6 == sender]
        assert own == sorted(own)


def work_off_patiently(engine: Engine) -> int:
    """A worker that looks again while others have something in hand."""
    inbox, count = Inbox(engine, lambda: FRIDAY), 0
    while any(state is InboxState.NEW for state, _, _ in inbox_states(engine)):
        count += inbox.handle_next()
    return count


def test_what_is_due_later_waits(wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock) -> None:
    wire.deliver(probe_message("a"))
    with writing(engine) as session:
        session.execute(update(InboxMessage).values(due_at=clock() + timedelta(seconds=9)))
    assert not inbox.handle_next()
    clock.advance(seconds=9)
    assert inbox.handle_next()
