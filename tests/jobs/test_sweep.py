"""What is stuck is told to the operators, each thing once a day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from domain.calendar import Workdays
from models.engine import reading, writing
from models.job import JobRun, JobState
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from models.period import CalendarDay
from models.platform import Pause
from services.sweep import look
from tests.chat import Chat
from tests.factories import Cast
from tests.jobs.conftest import PassTime
from tests.times import FRIDAY, at

EARLIER = FRIDAY - timedelta(minutes=6)
KNOWN = Workdays({date(2027, 1, 1) + timedelta(days=n): True for n in range(60)})


def incoming(state: InboxState) -> InboxMessage:
    return InboxMessage(key="k", sender="x", kind="text", body="{}", received_at=EARLIER, due_at=EARLIER, state=state)


def outgoing(state: OutboxState) -> OutboxMessage:
    return OutboxMessage(
        key="k",
        channel="message",
        recipient="lihua",
        payload="{}",
        digest="",
        created_at=EARLIER,
        due_at=EARLIER,
        first_sent_at=EARLIER,
        state=state,
    )


def given_up(lease: timedelta | None) -> JobRun:
    until = FRIDAY + lease if lease else None
    return JobRun(
        job="digest_unit",
        due_at=EARLIER,
        state=JobState.FAILED,
        attempts=4,
        ended_at=EARLIER,
        lease_until=until,
        outcome="ValueError",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (incoming(InboxState.NEW), ["有 1 条来信 5 分钟还没处理，最早的是 15:01 收到的。请看看 worker 在不在运行。"]),
        (incoming(InboxState.HANDLED), []),
        (incoming(InboxState.DEAD), ["近两天有 1 条来信试了几次都没处理成，已告诉发信人。修好后在后台点“重新处理”。"]),
        (outgoing(OutboxState.IN_DOUBT), ["有 1 条发出的消息不知道送到没有。问一下收件人，没收到就在后台重发。"]),
        (outgoing(OutboxState.DEAD), ["近两天有 1 条消息没有送出去。原因在后台“发件”里，改好后可以重发。"]),
        (outgoing(OutboxState.SENT), []),
        (given_up(None), ["定时任务 digest_unit（11月20日（周五） 15:01）没跑成：ValueError。修好后可以用 flask job 补跑这一次。"]),
        (given_up(timedelta(minutes=1)), []),
        (Pause(key="sending", until=FRIDAY + timedelta(minutes=2), reason="应用的 Secret 不对"), ["消息暂停发送：应用的 Secret 不对。15:09 会自动再试，修好后自己恢复。"]),
        (Pause(key="sending", until=EARLIER, reason="应用的 Secret 不对"), []),
    ],
)  # fmt: skip
def test_each_stuck_thing_is_found_and_nothing_else(engine: Engine, row: SQLModel, said: list[str]) -> None:
    with writing(engine) as session:
        session.add(type(row)(**row.model_dump()))

    with reading(engine) as session:
        assert [finding.text for finding in look(session, KNOWN, now=FRIDAY)] == said


@pytest.mark.parametrize(
    ("now", "is_told"), [("2026-11-01 10:00", False), ("2026-11-02 10:00", True), ("2026-11-08 10:00", True)]
)
def test_a_calendar_that_ends_within_sixty_days_is_told_once_a_week(engine: Engine, now: str, is_told: bool) -> None:
    with reading(engine) as session:
        found = look(session, Workdays(), now=at(now))

    assert [finding.key for finding in found] == (["calendar:2026-W45"] if is_told else [])
    assert all(finding.text.startswith("2027年1月1日（周五）起的放假安排还没有") for finding in found)


def test_operators_are_told_once_a_day_and_others_never(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    with writing(engine) as session:
        session.add_all(CalendarDay(day=day, is_working=True) for day in KNOWN.overrides)
        session.add(outgoing(OutboxState.DEAD))

    pass_time("2026-11-20 15:12", "2026-11-20 15:17", "2026-11-20 16:02", "2026-11-21 00:12")

    told = [post.text for post in chat.inbox("yunwei") if "没有送出去" in post.text]
    assert len(told) == 1
    assert all("没有送出去" not in str(chat.inbox(sender)) for sender in ("lihua", "wangsuo", "jixiao"))
