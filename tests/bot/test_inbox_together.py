"""Messages that wait at the same time share a transaction; what becomes of each is as if it were alone."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import col, select

from bot.clock import Clock
from bot.context import Context
from bot.inbox import BEGINS_FOR, TOGETHER, Inbox
from bot.message import Answer
from domain.errors import DomainError
from models.engine import writing
from models.message import InboxMessage, InboxState
from models.person import Person
from tests.bot.callbacks import Wire
from tests.bot.probe import Probe, effects, inbox_states, probe_message, queued
from tests.times import FRIDAY, MovableClock

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
ROOT = Path(__file__).parents[2]
SENDERS = 6
LATER = timedelta(seconds=1)


class Killed(BaseException):
    """Ends the worker as a signal would: no handler of errors sees it."""


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not end a transaction before all that wait are in it."""
    for dialect in BEGINS_FOR:
        monkeypatch.setitem(BEGINS_FOR, dialect, 60.0)


@pytest.fixture
def senders(wire: Wire, engine: Engine) -> list[str]:
    """People enough for several to wait at the same time."""
    with writing(engine) as session:
        unit_id = session.exec(select(Person.unit_id)).first()
        assert unit_id is not None
        keys = [f"p{number}" for number in range(SENDERS)]
        session.add_all(
            Person(account=key, account_key=key, name=key, unit_id=unit_id, rank="", track="") for key in keys
        )
    return keys


def deliver(wire: Wire, senders: list[str], count: int) -> list[str]:
    """`count` messages of the senders in turn; what they say, in order."""
    said = [f"{number:02}" for number in range(count)]
    for number, words in enumerate(said):
        wire.deliver(probe_message(words, sender=senders[number % len(senders)], number=number))
    return said


def seasoned(engine: Engine, clock: Clock) -> Inbox:
    """A worker that has run for a while, so that it takes messages together."""
    inbox = Inbox(engine, clock)
    inbox._has_proved_itself, inbox._alone = True, 0
    return inbox


def on_saying(words: str, act: Callable[[Context], Answer]) -> Callable[[Context], Answer]:
    return lambda context: act(context) if context.message.fields["Content"] == words else None


def fail(_context: Context) -> Answer:
    raise ValueError("anything")


def kill(_context: Context) -> Answer:
    raise Killed


def test_messages_that_wait_share_one_commit(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock
) -> None:
    said = deliver(wire, senders, SENDERS + 2)
    commits: list[object] = []
    inbox = seasoned(engine, clock)
    event.listen(engine, "commit", commits.append)
    assert inbox.handle_due()
    assert len(commits) == 1
    assert effects(engine) == said[:SENDERS]  # one of each sender, the oldest first
    assert inbox.handle_due()
    assert effects(engine) == said
    assert not inbox.handle_due()
    assert len(queued(engine)) == 2 * len(said)


def test_a_slow_message_keeps_few_others_waiting(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BEGINS_FOR, engine.dialect.name, 0.0)
    said = deliver(wire, senders, 3)
    inbox = seasoned(engine, clock)
    for done in (1, 2, 3):
        assert inbox.handle_due()
        assert effects(engine) == said[:done]


def test_one_that_fails_costs_the_others_nothing(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
    probe.then = on_saying("02", fail)
    said = deliver(wire, senders, SENDERS)
    inbox = seasoned(engine, clock)
    while inbox.handle_due():
        pass
    assert effects(engine) == [words for words in said if words != "02"]
    expected = [(InboxState.HANDLED, 0, "")] * SENDERS
    expected[2] = (InboxState.NEW, 1, "ValueError")
    assert inbox_states(engine) == expected
    probe.then = None
    clock.advance(seconds=1)
    assert inbox.handle_due()
    assert sorted(effects(engine)) == said


def test_a_refusal_undoes_its_own_changes_only(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
    def refuse(_context: Context) -> Answer:
        raise DomainError("这个不行。")

    probe.then = on_saying("01", refuse)
    said = deliver(wire, senders, 3)
    assert seasoned(engine, clock).handle_due()
    assert effects(engine) == [said[0], said[2]]
    assert ["这个不行。" in body for body in queued(engine)] == [True]
    assert inbox_states(engine) == [(InboxState.HANDLED, 0, "")] * 3


@ON_POSTGRES
def test_each_sees_what_others_changed_meanwhile(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
    """What an earlier message of the transaction has read must not answer for what is there now."""
    names: list[str] = []

    def look(context: Context) -> Answer:
        person = context.session.exec(select(Person).where(Person.account_key == "zhangsan")).one()
        names.append(person.name)
        with writing(engine) as session:
            session.execute(update(Person).where(col(Person.account_key) == "zhangsan").values(name="张三"))
        return None

    probe.then = look
    deliver(wire, senders, 2)
    assert seasoned(engine, clock).handle_due()
    assert names == ["张山", "张三"]


KILLED = """
import os, signal, sys
from bot.inbox import Inbox
from models.engine import open_database
from tests.bot.probe import probing
from tests.times import FRIDAY
with probing() as probe:
    inbox = Inbox(open_database(sys.argv[1]), lambda: FRIDAY)
    def kill(context):
        if context.message.fields["Content"] == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
    probe.then = kill
    while inbox.handle_due():
        pass
"""


def test_a_worker_killed_among_many_has_done_nothing_of_what_was_in_hand(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, database_url: str
) -> None:
    said = deliver(wire, senders, TOGETHER + SENDERS)
    victim = said[TOGETHER + 3]  # the fourth of the first that are taken together
    command = [sys.executable, "-c", KILLED, database_url, victim]
    assert subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL
    assert effects(engine) == said[:TOGETHER]
    inbox = Inbox(engine, clock)
    while inbox.handle_due():
        pass
    assert effects(engine) == said
    assert inbox_states(engine) == [(InboxState.HANDLED, 0, "")] * len(said)


def test_one_that_kills_its_worker_is_found_among_many(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
    """A new worker goes one by one at first, so that the deadly one is alone sooner or later, and its tries are counted."""
    deadly = "04"
    probe.then = on_saying(deadly, kill)
    said = deliver(wire, senders, SENDERS)
    inbox = seasoned(engine, clock)
    deaths = 0
    while any(state is InboxState.NEW for state, _, _ in inbox_states(engine)):
        try:
            inbox.handle_due()
        except Killed:
            deaths += 1
            inbox = Inbox(engine, clock)
    assert deaths == 7  # among the others, behind them, and then five times by itself
    assert effects(engine) == [words for words in said if words != deadly]
    assert Counter(state for state, _, _ in inbox_states(engine)) == {InboxState.HANDLED: 5, InboxState.DEAD: 1}


def test_workers_that_take_many_never_handle_one_sender_at_once_or_out_of_order(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
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
    said = deliver(wire, senders, 60)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: work_off(seasoned(engine, clock), engine), range(2)))
    done = effects(engine)
    assert (sorted(done), met) == (said, [])
    for sender in range(SENDERS):
        own = [one for one in done if int(one) % SENDERS == sender]
        assert own == sorted(own)


@ON_POSTGRES
def test_two_that_wait_for_each_other_are_undone_and_go_one_by_one(
    wire: Wire, engine: Engine, senders: list[str], clock: MovableClock, probe: Probe
) -> None:
    """Each holds a row that the other's next message wants: PostgreSQL ends one of them."""
    both = threading.Barrier(2)
    first_round = {"00": "lihua", "01": "zhangsan"}
    then = {"02": "zhangsan", "03": "lihua"}
    lock = threading.Lock()
    met: list[str] = []

    def rename(context: Context) -> Answer:
        words = context.message.fields["Content"]
        whom = (first_round | then)[words]
        with lock:
            is_first = words not in met
            met.append(words)
        context.session.execute(update(Person).where(col(Person.account_key) == whom).values(name=words))
        if words in first_round and is_first:
            both.wait(10)
        return None

    probe.then = rename
    deliver(wire, senders, 4)
    with writing(engine) as session:
        # 00 and 02 are taken by one worker, 01 and 03 by the other.
        session.execute(update(InboxMessage).where(col(InboxMessage.id).in_([2, 4])).values(due_at=FRIDAY + LATER))
    one, other = seasoned(engine, clock), seasoned(engine, lambda: FRIDAY + LATER)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(one.handle_due)
        while "00" not in met:
            threading.Event().wait(0.01)
        second = pool.submit(other.handle_due)
        assert first.result(30)
        assert second.result(30)
    work_off(other, engine)
    work_off(one, engine)
    assert sorted(effects(engine)) == ["00", "01", "02", "03"]
    assert inbox_states(engine) == [(InboxState.HANDLED, 0, "")] * 4
    assert len(met) > 4


def work_off(inbox: Inbox, engine: Engine) -> None:
    """Until nothing waits, looking again while others have something in hand."""
    while any(state is InboxState.NEW for state, _, _ in inbox_states(engine)):
        inbox.handle_due()
