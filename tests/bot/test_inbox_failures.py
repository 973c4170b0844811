"""Stored messages whose handling fails, refuses or ends in the middle: all undone, tried again, at last dead."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text, update
from sqlmodel import col, select

from bot.context import Context
from bot.inbox import APOLOGY, WAITS, Inbox, handle_again
from bot.message import Answer, Audience
from bot.registry import MESSAGES
from domain.errors import DomainError
from models.engine import reading, writing
from models.message import Conversation, InboxMessage, InboxState
from tests.bot.callbacks import Wire
from tests.bot.callbacks import event as platform_event
from tests.bot.probe import STEP, Probe, effects, inbox_states, probe_message, queued, work_off
from tests.times import FRIDAY, MovableClock

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
ROOT = Path(__file__).parents[2]
DONE, NEW, DEAD = (InboxState.HANDLED, 0, ""), (InboxState.NEW, 0, ""), (InboxState.DEAD, 5, "ValueError")
# A worker counts its first try before it makes it.
TRIED = (InboxState.NEW, 1, "")


def fail(_context: Context) -> Answer:
    raise ValueError("anything")


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
        another = Inbox(engine, lambda: FRIDAY)
        other = threading.Thread(target=another.handle_next)
        # Each has handled something before, so that neither counts its try in advance.
        for number, proved in enumerate((inbox, another), start=2):
            wire.deliver(probe_message(f"{number}", number=number))
            assert proved.handle_next()
        already_queued = queued(engine)

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
            waiting = update(InboxMessage).where(col(InboxMessage.state) == InboxState.NEW)
            session.execute(waiting.values(attempts=len(WAITS)))
        assert inbox.handle_next()
        other.join()
        assert effects(engine) == ["2", "3", "a"]
        assert inbox_states(engine) == [DONE, DONE, (InboxState.HANDLED, len(WAITS), "")]
        assert queued(engine) == already_queued


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
    assert (effects(engine), queued(engine), inbox_states(engine)) == ([], [], [TRIED])
    probe.then = None
    work_off(inbox)
    assert effects(engine) == ["a"]


KILLED = """
import os, signal, sys
import tests.keys
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
    assert (effects(engine), queued(engine), inbox_states(engine)) == ([], [], [TRIED])
    work_off(inbox)
    assert effects(engine) == ["a"]
    assert len(queued(engine)) == 2


def test_a_message_that_was_altered_in_the_database_dies_alone(
    wire: Wire, inbox: Inbox, engine: Engine, clock: MovableClock, probe: Probe
) -> None:
    wire.deliver(probe_message("a"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox_message SET body = 'test:' || substr(body, 9)"))
    wire.deliver(probe_message("b", sender="zhangsan", number=2))

    for _ in range(len(WAITS) + 2):
        work_off(inbox)
        clock.advance(minutes=3)

    assert effects(engine) == ["b"]
    with reading(engine) as session:
        states = session.exec(select(InboxMessage.state, InboxMessage.error).order_by(col(InboxMessage.id))).all()
    assert states == [(InboxState.DEAD, "Unreadable"), (InboxState.HANDLED, "")]
