"""A message that ends its worker must not end every worker after it."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.context import Context
from bot.inbox import APOLOGY, Inbox
from bot.message import Answer, Audience
from bot.registry import MESSAGES
from models.engine import reading
from models.message import InboxMessage, InboxState
from simulator import World
from tests.conftest import Service
from tests.factories import Cast
from tests.times import MovableClock


class Killed(BaseException):
    """Ends the worker as a signal would: no handler of errors sees it."""


def test_a_message_that_kills_each_worker_is_dead_after_five(
    service: Service, county: Cast, world: World, engine: Engine, clock: MovableClock
) -> None:
    def kill(_context: Context) -> Answer:
        raise Killed

    usual = MESSAGES[Audience.STAFF, "voice"]
    MESSAGES[Audience.STAFF, "voice"] = kill
    try:
        world.people.send_media("lihua", "voice", b"#!AMR\n123")
        world.people.say("ZhangSan", "KR1 35")
        for _ in range(5):
            with pytest.raises(Killed):
                Inbox(engine, clock).handle_next()
        service.worker.work_off()
    finally:
        MESSAGES[Audience.STAFF, "voice"] = usual
    with reading(engine) as session:
        states = {row.kind: (row.state, row.attempts) for row in session.exec(select(InboxMessage))}
    assert states == {"voice": (InboxState.DEAD, 5), "text": (InboxState.HANDLED, 0)}
    assert [post.text for post in world.inbox("lihua") if not post.mine] == [APOLOGY]
