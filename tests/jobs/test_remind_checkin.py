"""The weekly reminders: who gets one, when, in which words, and never more than two a week."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.engine import reading, writing
from models.message import OutboxMessage, OutboxState
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import CalendarDay
from models.person import Absence, AbsenceSource, Person
from tests.chat import Chat
from tests.conftest import Service
from tests.factories import Cast, make_objective, make_period
from tests.jobs.conftest import PassTime
from tests.jobs.reports import report
from tests.times import FRIDAY, MovableClock, at

MONDAY = at("2026-11-23 08:52")
BEFORE = at("2026-11-20 09:01")


def reminders(chat: Chat, sender: str = "lihua") -> list[str]:
    return [post.text for post in chat.inbox(sender) if "没更新" in post.text]


def take_leave(engine: Engine, person: Person, first: date, last: date) -> None:
    with writing(engine) as session:
        session.add(Absence(person_id=person.id or 0, starts_on=first, ends_on=last, source=AbsenceSource.WORKBOOK))


def test_on_friday_whoever_has_something_open_is_asked_for_it(pass_time: PassTime, chat: Chat) -> None:
    chat.say("kr1 35户 kr3 完成")

    pass_time("2026-11-20 15:07")

    (text,) = reminders(chat)
    assert text.startswith("本周还有 3 项没更新：KR2、KR4、KR5。")
    assert "比如“KR2 80%，KR5 两场”。周一 10:00 前都可以改。" in text.replace("\n", "")
    assert chat.buttons() == ["填周报", "和上周一样", "这周请假"]
    assert len(reminders(chat, "ZhangSan")) == 1
    assert reminders(chat, "wangsuo") == []


def test_the_example_is_understood_when_it_is_said_as_it_stands(pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-20 15:07")

    assert "比如“KR1 3户，KR2 3起”。" in reminders(chat, "ZhangSan")[0].replace("\n", "")
    answer = chat.say("KR1 3户，KR2 3起", sender="ZhangSan")
    assert "KR1 入户走访 3/40 户" in answer
    assert "KR2 电诈发案数 3/8 起" in answer


def test_on_monday_those_still_open_are_asked_once_more_before_the_close(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    pass_time("2026-11-20 15:07")
    report(engine, county.lihua, 1, 2, 3, 4, 5)

    pass_time("2026-11-23 08:52", "2026-11-23 12:00", "2026-11-24 09:10")

    assert len(reminders(chat)) == 1
    assert len(reminders(chat, "ZhangSan")) == 2
    assert reminders(chat, "ZhangSan")[1].startswith("上周还有 2 项没更新：KR1、KR2，今天 10:00 截止。")


def test_people_on_leave_and_leavers_are_left_in_peace(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    take_leave(engine, county.lihua, FRIDAY.date(), FRIDAY.date() + timedelta(days=2))
    with writing(engine) as session:
        session.get_one(Person, county.zhangsan.id).left_at = BEFORE

    pass_time("2026-11-20 15:07", "2026-11-23 08:52")

    assert reminders(chat) == []
    assert reminders(chat, "ZhangSan") == []


def test_pressing_leave_this_week_ends_the_asking(pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-20 15:07")

    answer = chat.press("这周请假")
    pass_time("2026-11-23 08:52")

    assert "请假" in answer
    assert len(reminders(chat)) == 1


def test_nobody_is_reminded_a_third_time_in_a_week(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    with writing(engine) as session:
        for number in range(2):
            session.add(
                OutboxMessage(
                    key=f"earlier:{number}",
                    channel="message",
                    recipient="lihua",
                    person_id=county.lihua.id,
                    purpose="reminder",
                    payload="{}",
                    digest="",
                    created_at=at("2026-11-17 09:22"),
                    due_at=at("2026-11-17 09:22"),
                    state=OutboxState.SENT,
                )
            )

    pass_time("2026-11-20 15:07")

    assert reminders(chat) == []
    assert len(reminders(chat, "ZhangSan")) == 1


def test_whatever_gives_reason_to_remind_in_a_week_two_reminders_are_all_that_arrive(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    with writing(engine) as session:
        quarter = make_period(session, "2026Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30))
        quarter.review_due_on, quarter.publish_on = date(2026, 11, 27), date(2026, 12, 8)
        make_objective(session, quarter, county.lihua, "把夏夜巡好", (("夜间巡查", "0", "20", "次"),))
    of_week_47 = ("2026-11-20 09:37", "2026-11-20 15:07")
    of_week_48 = ("2026-11-23 08:52", "2026-11-25 09:37", "2026-11-27 09:37", "2026-11-27 15:07")

    pass_time(*of_week_47)
    assert ["复盘" in post.text for post in chat.inbox("lihua")] == [True, False]

    pass_time(*of_week_48)
    assert ["复盘" in post.text for post in chat.inbox("lihua")] == [True, False, False, True]
    assert len(reminders(chat, "ZhangSan")) == 3  # Friday, Monday and Friday: never a third one in a week


@pytest.mark.parametrize("state", [ObjectiveState.PROPOSED, ObjectiveState.RETURNED])
def test_what_is_not_approved_is_not_asked_for(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine, state: ObjectiveState
) -> None:
    with writing(engine) as session:
        mine = session.exec(select(Objective).where(Objective.person_id == county.lihua.id)).one()
        mine.state = state

    pass_time("2026-11-20 15:07")

    assert reminders(chat) == []


def test_a_key_result_that_has_reached_its_target_is_not_asked_for(
    pass_time: PassTime, chat: Chat, engine: Engine
) -> None:
    with writing(engine) as session:
        for one in session.exec(select(KeyResult).where(col(KeyResult.title) == "案件办结率")):
            one.current = one.target

    pass_time("2026-11-20 15:07")

    assert "KR1、KR2、KR3、KR5" in reminders(chat)[0]


def test_a_clock_that_slept_over_the_weekend_sends_the_last_call_only(pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-23 09:05", "2026-11-23 09:20")

    (text,) = reminders(chat)
    assert text.startswith("上周还有")


def test_a_clock_that_slept_past_the_close_sends_nothing(pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-23 10:05", "2026-11-23 11:20")

    assert reminders(chat) == []


def test_an_operator_s_run_leaves_at_any_hour_and_only_once(
    service: Service, clock: MovableClock, chat: Chat, engine: Engine
) -> None:
    clock.set(at("2026-11-21 22:41"))

    told = [service.scheduler.run_now("remind_checkin", FRIDAY) for _ in range(2)]
    service.worker.work_off()

    assert len(reminders(chat)) == 1
    assert told[0] == "remind_checkin（2026-11-20 15:07）跑完了：2 条消息"
    assert "已经跑过" in told[1]
    with reading(engine) as session:
        keys = session.exec(select(OutboxMessage.key).where(OutboxMessage.purpose == "reminder")).all()
    assert len(keys) == 2
    assert all(key.startswith("checkin:2026-W47:") and key.endswith(":1") for key in keys)


def test_during_a_festival_nobody_is_asked(pass_time: PassTime, chat: Chat, engine: Engine) -> None:
    with writing(engine) as session:
        session.add_all(CalendarDay(day=date(2026, 11, day), is_working=False) for day in range(20, 30))

    pass_time(*(f"2026-11-{day} {time}" for day in range(20, 30) for time in ("08:52", "15:07")))

    assert reminders(chat) == []
