"""What we cost people: the monthly report to the performance office."""

from datetime import date, datetime

from sqlalchemy import Engine

from bot.message import Purpose
from models.engine import reading, writing
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.voice import Question
from services.burden import PURPOSES, REMINDER, burden_of_month, burden_text
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast
from tests.times import at

OCTOBER = date(2026, 10, 1)


def send(engine: Engine, person: Person, purpose: str, when: datetime, state: OutboxState = OutboxState.SENT) -> None:
    with writing(engine) as session:
        session.add(
            OutboxMessage(
                key=f"{purpose}:{person.id}:{when}:{state}",
                channel="message",
                recipient=person.account,
                person_id=person.id,
                purpose=purpose,
                payload="{}",
                digest="",
                created_at=when,
                due_at=when,
                state=state,
            )
        )


def test_what_was_sent_unasked_and_asked_is_counted_by_unit_and_month(engine: Engine, county: Cast) -> None:
    send(engine, county.lihua, "reminder", at("2026-10-01 00:00"))
    send(engine, county.zhangsan, "reminder", at("2026-10-31 23:59"))
    send(engine, county.wangsuo, "digest", at("2026-10-12 08:47"))
    send(engine, county.lihua, "reminder", at("2026-09-30 23:59"))
    send(engine, county.lihua, "reminder", at("2026-11-01 00:00"))
    send(engine, county.lihua, "reminder", at("2026-10-09 09:00"), OutboxState.EXPIRED)
    send(engine, county.lihua, "", at("2026-10-09 09:00"))
    with writing(engine) as session:
        asked_at = at("2026-10-12 09:00")
        session.add(
            Question(
                asked_by_id=county.wangsuo.id or 0, person_id=county.lihua.id or 0, text="怎么样", asked_at=asked_at
            )
        )

    with reading(engine) as session:
        units = burden_of_month(session, OCTOBER)

    station = next(unit for unit in units if unit.unit == "城关所")
    assert (station.people, station.sent, station.questions) == (3, {"提醒": 2, "周报汇总和通报": 1}, 1)
    assert sum(unit.total for unit in units) == 4
    assert burden_text(OCTOBER, units) == (
        "10月的打扰情况：7 人，主动发消息和提问共 4 次，人均 0.6 次。\n"
        "城关所 3 人：提醒 2、周报汇总和通报 1、提问 1，人均 1.3 次"
    )


def test_the_report_goes_to_the_performance_office_about_the_month_before(
    service: Service, chat: Chat, county: Cast
) -> None:
    service.scheduler.run_now("burden_report", at("2026-11-01 09:17"))
    service.worker.work_off()

    assert "10月的打扰情况：7 人" in chat.inbox("jixiao")[-1].text
    assert chat.inbox("wangsuo") == []


def test_the_purposes_counted_are_those_the_outbox_keeps() -> None:
    assert Purpose.REMINDER.value == REMINDER
    assert set(PURPOSES) == {Purpose.REMINDER.value, Purpose.DIGEST.value, Purpose.CARRIED.value}
