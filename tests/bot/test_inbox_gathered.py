"""Audit entries and answers are written at the end of the transaction, those of all its messages in one statement."""

from collections import Counter

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from bot.context import Context
from bot.inbox import BEGINS_FOR
from bot.message import Answer
from domain.errors import DomainError
from models.audit import AuditEntry
from models.engine import reading
from services import audit
from tests.bot.callbacks import Wire
from tests.bot.probe import Probe, inbox_states, probe_message, queued
from tests.bot.test_inbox_together import deliver, fail, on_saying, seasoned
from tests.times import MovableClock

SENDERS = ["lihua", "zhangsan"]
ACT = "probe.act"


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine must not end a transaction before all that wait are in it."""
    for dialect in BEGINS_FOR:
        monkeypatch.setitem(BEGINS_FOR, dialect, 60.0)


def acts(engine: Engine) -> list[str]:
    """What was written to the audit log, in order."""
    with reading(engine) as session:
        entries = select(AuditEntry.subject).where(AuditEntry.action == ACT).order_by(col(AuditEntry.id))
        return list(session.exec(entries))


def record_and_answer(context: Context) -> str:
    words: str = context.message.fields["Content"]
    audit.record(context.session, ACT, words, by=context.sender.key, now=context.now)
    return f"好，{words}"


def test_many_messages_write_their_audit_entries_and_answers_in_one_statement_each(
    wire: Wire, engine: Engine, clock: MovableClock, probe: Probe
) -> None:
    probe.then = record_and_answer
    said = deliver(wire, SENDERS, 2)
    statements: Counter[str] = Counter()
    event.listen(engine, "before_cursor_execute", lambda *args: statements.update([args[2].split("(")[0]]))
    assert seasoned(engine, clock).handle_due()
    # The effects of the probe itself are entries too, written one by one.
    assert (statements["INSERT INTO outbox_message "], statements["INSERT INTO audit_entry "]) == (1, 1 + 2)
    assert acts(engine) == said
    assert [words in body for words, body in zip(said, queued(engine), strict=True)] == [True, True]


def test_the_audit_entries_of_a_refused_message_are_not_written(
    wire: Wire, engine: Engine, clock: MovableClock, probe: Probe
) -> None:
    def refuse_one(context: Context) -> Answer:
        answer = record_and_answer(context)
        if answer == "好，00":
            raise DomainError("这个不行。")
        return answer

    probe.then = refuse_one
    deliver(wire, SENDERS, 2)
    assert seasoned(engine, clock).handle_due()
    assert acts(engine) == ["01"]
    assert [words in body for words, body in zip(["这个不行。", "好，01"], queued(engine), strict=True)] == [True, True]


def test_nothing_of_a_message_that_fails_is_written_and_everything_of_the_other(
    wire: Wire, engine: Engine, clock: MovableClock, probe: Probe
) -> None:
    def fail_one(context: Context) -> Answer:
        answer = record_and_answer(context)
        on_saying("01", fail)(context)
        return answer

    probe.then = fail_one
    deliver(wire, SENDERS, 2)
    inbox = seasoned(engine, clock)
    while inbox.handle_due():
        pass
    assert acts(engine) == ["00"]
    assert len(queued(engine)) == 1
    assert [attempts for _, attempts, _ in inbox_states(engine)] == [0, 1]


def test_a_question_left_open_is_found_with_its_sender(
    wire: Wire, engine: Engine, clock: MovableClock, probe: Probe
) -> None:
    seen: list[tuple[str, str]] = []

    def ask(context: Context) -> Answer:
        seen.append((context.sender.key, context.question.data.get("said", "")))
        context.question.ask("probe.step", {"said": context.message.fields["Content"]})
        return None

    probe.then = ask
    for number, sender in enumerate(("lihua", "zhangsan", "lihua")):
        wire.deliver(probe_message(f"{number}", sender=sender, number=number))
        assert seasoned(engine, clock).handle_due()
    assert seen == [("lihua", ""), ("zhangsan", ""), ("lihua", "0")]
