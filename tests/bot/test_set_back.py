"""A clock that ran hours ahead and was set right strands nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.backup import UNTIL_RELEASED, hold
from bot.claim import Claim
from bot.inbox import Inbox
from bot.message import Purpose
from bot.pause import REFUSED, SENDING, PauseSwitch
from bot.set_back import BackwardClock, mend
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.media import MediaFile, MediaKind
from models.message import InboxMessage, InboxState, OutboxState
from models.person import Person
from models.platform import AccessToken, Pause
from tests.bot.sending import Desk

pytestmark = pytest.mark.usefixtures("lihua")


def set_back(desk: Desk) -> int:
    desk.clock.advance(hours=-5)
    return mend(desk.engine, now=desk.clock())


def test_an_answer_from_the_future_leaves_now(desk: Desk) -> None:
    desk.reply("记好了")
    desk.clock.advance(hours=-5)
    desk.send()
    assert desk.texts() == []
    desk.clock.advance(hours=5)
    assert set_back(desk) == 1
    desk.send()
    assert desk.texts() == ["记好了"]


def test_a_message_that_was_tried_in_the_future_is_tried_now(desk: Desk) -> None:
    desk.world.faults.add("errcode", path="message/send", errcode=-1, times=1)
    desk.reply("记好了")
    desk.send()
    set_back(desk)
    desk.send()
    assert desk.texts() == ["记好了"]


def test_what_was_put_off_on_purpose_keeps_its_time(desk: Desk, lihua: Person) -> None:
    at = desk.clock() + timedelta(hours=1)
    desk.notice(lihua, "提醒", purpose=Purpose.CARRIED, at=at)
    assert set_back(desk) == 0
    assert desk.rows()[0].due_at == at


def test_a_file_that_was_tried_in_the_future_is_fetched_now(desk: Desk) -> None:
    then = desk.clock()
    with writing(desk.engine) as session:
        for lease in (then + timedelta(minutes=1), None):
            file = MediaFile(sender="lihua", kind=MediaKind.IMAGE, media_id="m1", received_at=then, due_at=then)
            file.lease_until = lease
            session.add(file)

    assert set_back(desk) == 3  # two due times and a lease
    with reading(desk.engine) as session:
        found = session.exec(select(MediaFile.due_at, MediaFile.lease_until)).all()
    assert found == [(desk.clock(), None)] * 2


def test_a_lease_from_the_future_ends(desk: Desk) -> None:
    desk.reply("记好了")
    with writing(desk.engine) as session:
        Claim(session, desk.clock()).take(1)
    set_back(desk)
    desk.clock.advance(seconds=1)
    desk.send()
    assert desk.states() == [OutboxState.SENT]


def test_an_incoming_message_from_the_future_is_handled(desk: Desk, engine: Engine, inbox: Inbox) -> None:
    now = desk.clock()
    with writing(engine) as session:
        row = InboxMessage(key="1", sender="nobody", kind="text", body="{}", received_at=now, due_at=now)
        session.add(row)
    set_back(desk)
    assert inbox.handle_next()
    with reading(engine) as session:
        assert session.get_one(InboxMessage, 1).state is InboxState.HANDLED


def test_a_pause_from_the_future_is_over_and_a_hold_stands(desk: Desk, engine: Engine) -> None:
    PauseSwitch(engine, "token:x").grow(REFUSED, "IP 不可信", now=desk.clock())
    hold(engine)
    set_back(desk)
    with reading(engine) as session:
        assert session.get_one(Pause, "token:x").until == desk.clock()
        assert session.get_one(Pause, SENDING).until == UNTIL_RELEASED


def test_a_job_and_a_token_do_not_wait_for_a_lease_from_the_future(desk: Desk, engine: Engine) -> None:
    now = desk.clock()
    with writing(engine) as session:
        lease = now + timedelta(minutes=10)
        session.add(JobRun(job="x", due_at=now, state=JobState.RUNNING, attempts=1, started_at=now, lease_until=lease))
        session.add(AccessToken(app="x", refreshing_until=now + timedelta(seconds=20)))
    set_back(desk)
    with reading(engine) as session:
        run = session.exec(select(JobRun)).one()
        assert run.lease_until == desk.clock()
        assert session.get_one(AccessToken, "x").refreshing_until is None


def test_it_is_noticed_once_each_time(desk: Desk) -> None:
    watch = BackwardClock(desk.engine, desk.clock)
    watch.look()
    desk.reply("记好了")
    watch.look()
    desk.clock.advance(hours=-5)
    watch.look()
    desk.send()
    assert desk.texts() == ["记好了"]
