"""Stored messages: in order, one at a time per sender, all or nothing, and never twice."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import select

from bot.context import Context
from bot.inbox import APOLOGY, WAITS, Inbox, handle_again
from bot.message import Answer, Audience
from bot.registry import MESSAGES
from domain.errors import DomainError
from models.engine import reading, writing
from models.message import Conversation, InboxMessage, InboxState
from tests.bot.callbacks import Wire, wire_to
from tests.bot.callbacks import event as platform_event
from tests.bot.probe import (
    STEP,
    Probe,
    effects,
    inbox_states,
    make_two,
    probe_message,
    probing,
    queued,
)
from tests.times import FRIDAY, MovableClock

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
ROOT = Path(__file__).parents[2]
DONE, NEW, DEAD = (InboxState.HANDLED, 0, ""), (InboxState.NEW, 0, ""), (InboxState.DEAD, 5, "ValueError")


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as probe:
        yield probe


@pytest.fixture
def wire(engine: Engine, clock: MovableClock, probe: Probe) -> Iterator[Wire]:
    make_two(engine)
    with wire_to(engine, clock) as wire:
        yield wire


@pytest.fixture
def inbox(engine: Engine, clock: MovableClock) -> Inbox:
    return Inbox(engine, clock)


def work_off(inbox: Inbox) -> int:
    count = 0
    while inbox.handle_next():
        count += 1
    return count


def fail(_context: Context) -> Answer:
    raise ValueError("anything")


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


class TestUnexpectedError:
    def test_it_undoes_everything_and_the_next_try_counts_once(
        self, wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock, probe: Probe
    ) -> None:
        def fail_late(context: Context) -> Answer:
            context.question.ask(STEP, {"a": 1})
            raise ValueError("anything")

        probe.then = fail_late
        wire.deliver(probe_message("a"))
        assert inbox.handle_next()
        assert (effects(engine), queued(engine)) == ([], [])
        assert inbox_states(engine) == [(InboxState.NEW, 1, "ValueError")]
        with reading(engine) as session:
            assert session.exec(select(Conversation)).all() == []
        assert not inbox.handle_next()
        probe.then = None
        clock.advance(seconds=1)
        assert work_off(inbox) == 1
        assert effects(engine) == ["a"]
        assert len(queued(engine)) == 2

    def test_it_is_tried_again_ever_later_and_then_dead_with_one_apology(
        self, wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock, probe: Probe
    ) -> None:
        probe.then = fail
        wire.deliver(probe_message("a"))
        work_off(inbox)
        for attempts, wait in enumerate(WAITS, start=1):
            assert inbox_states(engine) == [(InboxState.NEW, attempts, "ValueError")]
            clock.advance(seconds=wait.total_seconds() - 0.5)
            assert not inbox.handle_next()
            clock.advance(seconds=0.5)
            assert work_off(inbox) == 1
        assert inbox_states(engine) == [DEAD]
        assert effects(engine) == []
        assert [APOLOGY in body for body in queued(engine)] == [True]
        clock.advance(days=1)
        assert not inbox.handle_next()

    def test_a_dead_event_is_not_apologised_for(
        self, wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock
    ) -> None:
        MESSAGES[Audience.STAFF, "event.probe"] = fail
        try:
            wire.deliver(platform_event("probe"))
            while work_off(inbox):
                clock.advance(minutes=3)
        finally:
            del MESSAGES[Audience.STAFF, "event.probe"]
        assert inbox_states(engine) == [DEAD]
        assert queued(engine) == []

    def test_it_does_not_keep_the_senders_next_words_waiting(
        self, wire: Wire, inbox: Inbox, engine: Engine, probe: Probe
    ) -> None:
        probe.then = lambda context: fail(context) if context.message.fields["Content"] == "bad" else None
        wire.deliver(probe_message("bad", number=1))
        wire.deliver(probe_message("good", number=2))
        work_off(inbox)
        assert effects(engine) == ["good"]

    def test_an_operator_may_put_a_dead_message_back(
        self, wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock, probe: Probe
    ) -> None:
        probe.then = fail
        wire.deliver(probe_message("a"))
        with writing(engine) as session:
            assert not handle_again(session, 1, now=clock())
        for _ in range(2):
            while work_off(inbox):
                clock.advance(minutes=3)
            assert inbox_states(engine) == [DEAD]
            with writing(engine) as session:
                assert handle_again(session, 1, now=clock())
                assert not handle_again(session, 1, now=clock())
                assert not handle_again(session, 99, now=clock())
            assert inbox_states(engine) == [NEW]
        probe.then = None
        work_off(inbox)
        assert inbox_states(engine) == [DONE]
        assert effects(engine) == ["a"]
        assert [APOLOGY in body for body in queued(engine)] == [True, True, False, False]

    @ON_POSTGRES
    def test_a_message_that_another_worker_handled_meanwhile_is_not_dead(
        self, wire: Wire, inbox: Inbox, engine: Engine, probe: Probe
    ) -> None:
        """Between the undoing and the note of a failure the message is free: another worker may take it."""
        first, in_hand = threading.Lock(), threading.Event()
        other = threading.Thread(target=Inbox(engine, lambda: FRIDAY).handle_next)

        def fail_first(context: Context) -> Answer:
            if first.acquire(blocking=False):
                event.listen(engine, "checkin", let_the_other_in, once=True)
                fail(context)
            in_hand.set()
            threading.Event().wait(0.3)
            return None

        def let_the_other_in(*_: object) -> None:
            other.start()
            assert in_hand.wait(10)

        probe.then = fail_first
        wire.deliver(probe_message("a"))
        with writing(engine) as session:
            session.execute(update(InboxMessage).values(attempts=len(WAITS)))
        assert inbox.handle_next()
        other.join()
        assert effects(engine) == ["a"]
        assert inbox_states(engine) == [(InboxState.HANDLED, len(WAITS), "")]
        assert queued(engine) == []


class TestRefusal:
    def test_a_rule_that_says_no_undoes_the_handlers_writes_and_answers(
        self, wire: Wire, inbox: Inbox, engine: Engine, probe: Probe
    ) -> None:
        def refuse(context: Context) -> Answer:
            context.question.ask(STEP, {"a": 1})
            raise DomainError("这个不行，先问问负责人。")

        probe.then = refuse
        wire.deliver(probe_message("a"))
        work_off(inbox)
        assert inbox_states(engine) == [DONE]
        assert effects(engine) == []
        assert ["这个不行，先问问负责人。" in body for body in queued(engine)] == [True]
        with reading(engine) as session:
            assert session.exec(select(Conversation)).all() == []


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_a_worker_that_is_stopped_in_the_middle_leaves_nothing(
    wire: Wire, inbox: Inbox, engine: Engine, probe: Probe, ending: type[BaseException]
) -> None:
    def stop(_context: Context) -> Answer:
        raise ending

    probe.then = stop
    wire.deliver(probe_message("a"))
    with pytest.raises(ending):
        inbox.handle_next()
    assert (effects(engine), queued(engine), inbox_states(engine)) == ([], [], [NEW])
    probe.then = None
    work_off(inbox)
    assert effects(engine) == ["a"]


KILLED = """
import os, signal, sys
from bot.inbox import Inbox
from models.engine import open_database
from tests.bot.probe import probing
from tests.times import FRIDAY
with probing() as probe:
    probe.then = lambda context: os.kill(os.getpid(), signal.SIGKILL)
    Inbox(open_database(sys.argv[1]), lambda: FRIDAY).handle_next()
"""


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing(
    wire: Wire, inbox: Inbox, engine: Engine, database_url: str
) -> None:
    wire.deliver(probe_message("a"))
    killed = subprocess.run([sys.executable, "-c", KILLED, database_url], cwd=ROOT, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (effects(engine), queued(engine), inbox_states(engine)) == ([], [], [NEW])
    work_off(inbox)
    assert effects(engine) == ["a"]
    assert len(queued(engine)) == 2


def test_what_is_due_later_waits(wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock) -> None:
    wire.deliver(probe_message("a"))
    with writing(engine) as session:
        session.execute(update(InboxMessage).values(due_at=clock() + timedelta(seconds=9)))
    assert not inbox.handle_next()
    clock.advance(seconds=9)
    assert inbox.handle_next()
