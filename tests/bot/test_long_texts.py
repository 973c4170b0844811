"""Nothing anybody says keeps the others waiting: every command and every question, followed by something long."""

import time

import pytest
from sqlalchemy import Engine, event

from bot.inbox import Inbox
from bot.inbox_writer import InboxWriter
from bot.message import Audience
from bot.registry import COMMANDS
from bot.wecom.parse import Parsed
from models.engine import writing
from models.message import InboxState
from tests.bot.callbacks import ON_SQLITE
from tests.bot.probe import inbox_states
from tests.factories import make_county
from tests.times import MovableClock

LONG = ("9" * 2000, "一" * 2000, "x" + " " * 2000 + "x", "kr1、" * 500 + "x", "3天到" * 500, "1,1" * 600)


@ON_SQLITE
@pytest.mark.parametrize("tail", LONG, ids=lambda tail: tail[:8].strip())
def test_no_pattern_goes_back_and_forth_over_a_long_text(engine: Engine, clock: MovableClock, tail: str) -> None:
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    with writing(engine) as session:
        make_county(session)
    writer, inbox = InboxWriter(engine), Inbox(engine, clock)
    words = sorted({entry.word for entry in COMMANDS.values() if entry.audience is Audience.STAFF})
    said = [one for word in words for one in (word, tail, f"{word}，{tail}")]
    for number, text in enumerate(said):
        writer.store(Parsed(f"{number}", "lihua", "text", {"Content": text}), now=clock())
        began = time.process_time()
        assert inbox.handle_next()
        assert time.process_time() - began < 1, text[:40]
    assert {(state, attempts) for state, attempts, _ in inbox_states(engine)} == {(InboxState.HANDLED, 0)}
