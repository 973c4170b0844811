"""What is let go after its time, and what stays."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from bot.job_run import REGISTERED
from models.audit import AuditEntry
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.login import Login, LoginAttempt
from models.message import Conversation, InboxMessage, InboxState, OutboxMessage, OutboxState
from services.retention import purge
from tests.factories import Cast
from tests.times import FRIDAY

OLD, YOUNG = FRIDAY - timedelta(days=191), FRIDAY - timedelta(days=189)


def test_old_bodies_are_emptied_and_their_keys_stay(engine: Engine) -> None:
    cases = [("old", OLD, InboxState.HANDLED), ("young", YOUNG, InboxState.HANDLED), ("dead", OLD, InboxState.DEAD)]
    with writing(engine) as session:
        for key, when, state in cases:
            session.add(InboxMessage(key=key, kind="text", body="{1}", received_at=when, due_at=when, state=state))
        for key, when, sent in (("old", OLD, OutboxState.SENT), ("waiting", OLD, OutboxState.QUEUED)):
            session.add(
                OutboxMessage(
                    key=key, channel="message", recipient="a", payload="{1}", digest="", created_at=when, due_at=when, state=sent
                )
            )  # fmt: skip
        done = purge(session, now=FRIDAY)

    with reading(engine) as session:
        bodies = dict(session.exec(select(InboxMessage.key, InboxMessage.body)).all())
        payloads = dict(session.exec(select(OutboxMessage.key, OutboxMessage.payload)).all())
    assert bodies == {"old": "{}", "young": "{1}", "dead": "{1}"}
    assert payloads == {"old": "{}", "waiting": "{1}"}
    assert (done["inbox"], done["outbox"]) == (1, 1)


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
            session.add(LoginAttempt(state=name, browser_hash="", expires_at=until))
        session.add(Conversation(sender="a", step="s", token="t", updated_at=FRIDAY - timedelta(days=8)))
        session.add(Conversation(sender="b", step="s", token="t", updated_at=FRIDAY - timedelta(days=1)))
        purge(session, now=FRIDAY)

        assert session.exec(select(Login.token_hash)).all() == ["valid"]
        assert session.exec(select(LoginAttempt.state)).all() == ["valid"]
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
