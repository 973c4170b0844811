"""What operators, auditors and the security administrator can do, and that they see no one's data meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.registry import JOBS
from models.audit import AuditEntry
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from models.person import PersonRole, Role
from models.platform import Pause
from services.audit import record, seal
from tests.console.conftest import Browser
from tests.factories import Cast
from tests.times import FRIDAY

SECRET_WORDS = "入户走访 35/50 户"


@pytest.fixture
def operator(browser: Browser) -> Browser:
    browser.sign_in("yunwei")
    return browser


def add_dead_letter(engine: Engine) -> int:
    with writing(engine) as session:
        letter = InboxMessage(
            key="k1",
            sender="lihua",
            kind="text",
            body=SECRET_WORDS,
            received_at=FRIDAY,
            due_at=FRIDAY,
            state=InboxState.DEAD,
            attempts=5,
            error="ValueError",
        )
        session.add(letter)
        session.flush()
        assert letter.id is not None
        return letter.id


def add_unsent(engine: Engine, state: OutboxState, *, channel: str = "member", recipient: str = "lihua") -> int:
    with writing(engine) as session:
        message = OutboxMessage(
            key="o1",
            channel=channel,
            recipient=recipient,
            payload='{"touser":"lihua","text":{"content":"' + SECRET_WORDS + '"}}',
            digest="",
            created_at=FRIDAY,
            due_at=FRIDAY,
            state=state,
            attempts=3,
            error="等了 5 秒没有回答",
        )
        session.add(message)
        session.flush()
        assert message.id is not None
        return message.id


def acts(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        found = session.exec(select(AuditEntry.action, AuditEntry.subject).order_by(col(AuditEntry.id))).all()
        return [(action, subject) for action, subject in found if action != "login.open"]


def test_the_overview_shows_what_stands_still(operator: Browser, engine: Engine) -> None:
    add_dead_letter(engine)
    add_unsent(engine, OutboxState.IN_DOUBT)
    with writing(engine) as session:
        session.add(Pause(key="send", until=FRIDAY + timedelta(minutes=4), failures=2, reason="应用的 Secret 不对"))
        session.add(Pause(key="past", until=FRIDAY, failures=1, reason="早就好了"))

    page = operator.open("/operations").text

    assert "<dt>没处理成</dt><dd>1</dd>" in page
    assert "<dt>不确定到没到</dt><dd>1</dd>" in page
    assert "暂停发送到 11月20日 15:11" in page
    assert "早就好了" not in page
    assert "没有动静" in page


def test_a_dead_letter_is_handled_again_and_that_is_noted(operator: Browser, engine: Engine) -> None:
    id_ = add_dead_letter(engine)
    page = operator.open("/operations/inbox").text
    assert "ValueError" in page
    assert SECRET_WORDS not in page
    assert "lihua" not in page

    operator.post(f"/operations/inbox/{id_}/again")

    with reading(engine) as session:
        assert session.get_one(InboxMessage, id_).state is InboxState.NEW
    assert "马上再处理一次" in operator.open("/operations/inbox").text
    operator.post(f"/operations/inbox/{id_}/again")
    assert "已经不在这里了" in operator.open("/operations/inbox").text
    assert acts(engine) == [("inbox.again", f"inbox:{id_}")]


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        (OutboxState.DEAD, "resend", OutboxState.QUEUED),
        (OutboxState.IN_DOUBT, "resend", OutboxState.QUEUED),
        (OutboxState.EXPIRED, "resend", OutboxState.QUEUED),
        (OutboxState.IN_DOUBT, "give-up", OutboxState.DEAD),
        (OutboxState.QUEUED, "give-up", OutboxState.DEAD),
        (OutboxState.SENT, "resend", OutboxState.SENT),
        (OutboxState.SENT, "give-up", OutboxState.SENT),
    ],
)
def test_what_did_not_arrive_is_sent_again_or_given_up(
    operator: Browser, engine: Engine, state: OutboxState, act: str, after: OutboxState
) -> None:
    id_ = add_unsent(engine, state)

    operator.post(f"/operations/outbox/{id_}/{act}")

    with reading(engine) as session:
        assert session.get_one(OutboxMessage, id_).state is after
    noted = [(f"outbox.{act.replace('-', '_')}", f"outbox:{id_}")]
    assert acts(engine) == (noted if after is not state else [])


def test_the_list_of_what_did_not_arrive_shows_no_text_and_no_name(operator: Browser, engine: Engine) -> None:
    add_unsent(engine, OutboxState.DEAD)

    page = operator.open("/operations/outbox").text

    assert "等了 5 秒没有回答" in page
    assert SECRET_WORDS not in page
    assert "lihua" not in page


def test_a_text_is_revealed_for_a_reason_that_is_noted(operator: Browser, engine: Engine) -> None:
    id_ = add_unsent(engine, OutboxState.DEAD)

    page = operator.post(f"/operations/outbox/{id_}/reveal", {"reason": "有人说没收到回复"})

    assert SECRET_WORDS in page.text
    assert page.headers["Cache-Control"] == "no-store"
    with reading(engine) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "outbox.reveal")).one()
        assert (entry.actor, entry.details) == ("yunwei", {"reason": "有人说没收到回复"})


@pytest.mark.parametrize("reason", ["", "   ", "看看", "长" * 201])
def test_a_text_is_not_revealed_without_a_reason(operator: Browser, engine: Engine, reason: str) -> None:
    id_ = add_unsent(engine, OutboxState.DEAD)

    page = operator.post(f"/operations/outbox/{id_}/reveal", {"reason": reason})

    assert page.status_code == 409
    assert "查看原文要写原因" in page.text
    assert SECRET_WORDS not in page.text
    assert acts(engine) == []


def test_the_key_of_a_group_robot_is_never_revealed(operator: Browser, engine: Engine) -> None:
    id_ = add_unsent(engine, OutboxState.DEAD, channel="robot", recipient="robot-key-77")

    page = operator.post(f"/operations/outbox/{id_}/reveal", {"reason": "有人说没收到回复"}).text

    assert SECRET_WORDS in page
    assert "robot-key-77" not in page


def test_ids_beyond_the_database_are_not_found(operator: Browser) -> None:
    assert operator.post("/operations/outbox/99999999999999999999/resend").status_code == 404
    assert operator.post(f"/operations/outbox/{2**63 - 1}/resend").status_code == 303


def test_everything_that_is_scheduled_is_shown_with_its_next_time(operator: Browser) -> None:
    page = operator.open("/operations/jobs").text

    for job in JOBS.values():
        assert job.help in page
    assert "下次 11月2" in page


def test_the_runs_of_jobs_are_shown_with_their_outcome(operator: Browser, engine: Engine) -> None:
    with writing(engine) as session:
        run = JobRun(
            job="remind", due_at=FRIDAY, state=JobState.FAILED, attempts=4, started_at=FRIDAY, outcome="没有连上"
        )
        session.add(run)

    page = operator.open("/operations/jobs").text

    assert "没跑成" in page
    assert "没有连上" in page


@pytest.fixture
def auditor(browser: Browser, engine: Engine, county: Cast) -> Browser:
    assert county.clerk.id is not None
    with writing(engine) as session:
        session.add(PersonRole(person_id=county.clerk.id, role=Role.AUDITOR))
    browser.sign_in("jixiao")
    return browser


def test_an_auditor_checks_the_chain_and_sees_where_it_breaks(auditor: Browser, engine: Engine) -> None:
    with writing(engine) as session:
        for number in range(5):
            record(session, "report.keep", f"report:{number}", by="lihua", now=FRIDAY)
        session.flush()
        seal(session)
    assert "核对整条链" in auditor.open("/operations/audit").text
    assert "没有改动" in auditor.open("/operations/audit?check=1").text

    with writing(engine) as session:
        session.exec(select(AuditEntry).where(AuditEntry.position == 3)).one().actor = "zhangsan"

    assert "从第 3 条起对不上" in auditor.open("/operations/audit?check=1").text


def test_the_log_is_filtered_and_read_page_by_page(auditor: Browser, engine: Engine) -> None:
    with writing(engine) as session:
        for number in range(130):
            record(session, "report.keep", f"report:{number}", by=("lihua", "zhangsan")[number % 2], now=FRIDAY)

    first = auditor.open("/operations/audit").text
    assert "report:129" in first
    assert "report:12<" not in first
    older = first.rpartition('href="/operations/audit?actor=')[2].partition('"')[0].replace("&amp;", "&")
    assert "report:12<" in auditor.open(f"/operations/audit?actor={older}").text
    assert "zhangsan" not in auditor.open("/operations/audit?actor=lihua").text


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", f"before={10**30}", "check=%00", "actor=%F0%9F%98%80&check=1"]
)
def test_odd_questions_to_the_log_are_no_fault(auditor: Browser, query: str) -> None:
    assert auditor.open(f"/operations/audit?{query}").status_code in (200, 400)


def test_the_security_administrator_sees_who_holds_which_role(browser: Browser, engine: Engine, county: Cast) -> None:
    assert county.operator.id is not None
    with writing(engine) as session:
        session.add(PersonRole(person_id=county.operator.id, role=Role.SECURITY_ADMIN))
    browser.sign_in("yunwei")

    page = browser.open("/operations/roles").text

    for words in ("王所", "单位负责人", "绩效管理员", "系统管理员", "安全管理员"):
        assert words in page
    assert "李花" not in page
