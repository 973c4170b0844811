"""What is let go after its time, and what stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert
from sqlmodel import select

from bot.job_run import REGISTERED
from models.audit import AuditEntry
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.login import Login, UsedState
from models.media import MediaFile, MediaKind, MediaState
from models.message import Conversation, InboxMessage, InboxState, OutboxMessage, OutboxState
from services.retention import BATCH, purge
from tests.factories import Cast
from tests.times import FRIDAY

OLD, YOUNG = FRIDAY - timedelta(days=191), FRIDAY - timedelta(days=189)
HOUR = timedelta(hours=1)


def outgoing(state: OutboxState, created_at: datetime, due_at: datetime, key: str = "") -> OutboxMessage:
    return OutboxMessage(
        key=key or state,
        channel="message",
        recipient="a",
        payload="{1}",
        digest="",
        created_at=created_at,
        due_at=due_at,
        state=state,
    )


def test_old_bodies_are_emptied_and_their_keys_stay(engine: Engine) -> None:
    cases = [
        ("old", OLD, InboxState.HANDLED),
        ("young", YOUNG, InboxState.HANDLED),
        ("dead", OLD, InboxState.DEAD),
        ("waiting", OLD, InboxState.NEW),
    ]
    with writing(engine) as session:
        for key, when, state in cases:
            session.add(InboxMessage(key=key, kind="text", body="{1}", received_at=when, due_at=when, state=state))
        for sent in OutboxState:
            session.add(outgoing(sent, OLD, OLD))
        session.add(outgoing(OutboxState.DEAD, OLD, YOUNG, key="tried again"))
        done = purge(session, now=FRIDAY)

    with reading(engine) as session:
        bodies = dict(session.exec(select(InboxMessage.key, InboxMessage.body)).all())
        payloads = dict(session.exec(select(OutboxMessage.key, OutboxMessage.payload)).all())
    assert bodies == {"old": "{}", "young": "{1}", "dead": "{}", "waiting": "{1}"}
    assert {key for key, payload in payloads.items() if payload != "{}"} == {
        "queued",
        "sending",
        "waiting",
        "tried again",
    }
    assert (done["inbox"], done["outbox"]) == (2, 6)


def test_a_file_goes_after_its_time_and_one_of_a_ticket_stays_with_it(engine: Engine) -> None:
    with writing(engine) as session:
        for sender, purge_at, state in (
            ("old", FRIDAY - HOUR, MediaState.KEPT),
            ("young", FRIDAY + HOUR, MediaState.KEPT),
            ("of a ticket", None, MediaState.KEPT),
            ("lost", FRIDAY - HOUR, MediaState.EXPIRED),
        ):
            file = MediaFile(sender=sender, kind=MediaKind.IMAGE, media_id="", received_at=OLD, due_at=OLD, state=state)
            file.purge_at = purge_at
            session.add(file)
        done = purge(session, now=FRIDAY)

    with reading(engine) as session:
        states = dict(session.exec(select(MediaFile.sender, MediaFile.state)).all())
    assert done["media"] == 1
    assert [sender for sender, state in states.items() if state is MediaState.LET_GO] == ["old"]


def test_many_old_bodies_are_emptied_in_batches(engine: Engine) -> None:
    sizes: list[int] = []

    def note(*given: Any) -> None:
        if given[2].startswith("UPDATE inbox_message"):
            sizes.append(given[1].rowcount)

    row = {"kind": "text", "body": "{1}", "received_at": OLD, "due_at": OLD, "state": InboxState.HANDLED, "attempts": 0}
    with writing(engine) as session:
        rows = [{**row, "key": str(number), "sender": "", "error": ""} for number in range(BATCH + 3)]
        session.connection().execute(insert(InboxMessage), rows)
        event.listen(engine, "after_cursor_execute", note)
        done = purge(session, now=FRIDAY)

    assert sizes == [BATCH, 3]
    assert done["inbox"] == BATCH + 3


def test_a_second_purge_finds_nothing_and_writes_nothing_down(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(
            InboxMessage(key="old", kind="text", body="{1}", received_at=OLD, due_at=OLD, state=InboxState.HANDLED)
        )
        purge(session, now=FRIDAY)
        again = purge(session, now=FRIDAY)

        assert set(again.values()) == {0}
        assert len(session.exec(select(AuditEntry)).all()) == 1


def test_expired_sign_ins_and_forgotten_questions_are_deleted(engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        for name, until in (("gone", FRIDAY - timedelta(seconds=1)), ("valid", FRIDAY + timedelta(seconds=1))):
            session.add(Login(token_hash=name, person_id=county.lihua.id or 0, created_at=OLD, expires_at=until))
            session.add(UsedState(state=name, expires_at=until))
        session.add(Conversation(sender="a", step="s", token="t", updated_at=FRIDAY - timedelta(days=8)))
        session.add(Conversation(sender="b", step="s", token="t", updated_at=FRIDAY - timedelta(days=1)))
        purge(session, now=FRIDAY)

        assert session.exec(select(Login.token_hash)).all() == ["valid"]
        assert session.exec(select(UsedState.state)).all() == ["valid"]
        assert session.exec(select(Conversation.sender)).all() == ["b"]


def test_old_runs_go_but_a_job_s_registration_and_failures_stay(engine: Engine) -> None:
    month_ago = FRIDAY - timedelta(days=31)
    with writing(engine) as session:
        session.add(JobRun(job="a", due_at=REGISTERED, state=JobState.SKIPPED, started_at=month_ago))
        session.add(JobRun(job="b", due_at=month_ago, state=JobState.DONE, ended_at=month_ago))
        session.add(JobRun(job="c", due_at=month_ago, state=JobState.FAILED, ended_at=month_ago))
        session.add(JobRun(job="d", due_at=FRIDAY, state=JobState.DONE, ended_at=FRIDAY))
        purge(session, now=FRIDAY)

        assert sorted(session.exec(select(JobRun.job))) == ["a", "c", "d"]


@pytest.mark.parametrize("job", ["seal_audit", "sweep"])
def test_successful_runs_of_a_frequent_job_go_after_a_day(engine: Engine, job: str) -> None:
    ended = FRIDAY - timedelta(hours=25)
    with writing(engine) as session:
        session.add(JobRun(job=job, due_at=REGISTERED, state=JobState.SKIPPED, started_at=ended))
        session.add(JobRun(job=job, due_at=ended, state=JobState.DONE, ended_at=ended, outcome="old"))
        session.add(JobRun(job=job, due_at=ended + HOUR, state=JobState.FAILED, ended_at=ended, outcome="failed"))
        session.add(JobRun(job=job, due_at=FRIDAY, state=JobState.DONE, ended_at=FRIDAY - 23 * HOUR, outcome="young"))
        session.add(JobRun(job="digest_unit", due_at=ended, state=JobState.DONE, ended_at=ended, outcome="rare"))
        purge(session, now=FRIDAY)

        assert sorted(session.exec(select(JobRun.outcome))) == ["", "failed", "rare", "young"]
