"""Reminders of objectives and reviews: five, two and no working days before, and only to those who lack them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.engine import reading, writing
from models.okr import Objective, ObjectiveState, Review
from models.period import Period
from services.reminder import Reminder, review_reminders, setting_reminders
from tests.chat import Chat
from tests.factories import Cast
from tests.jobs.conftest import PassTime
from tests.jobs.reports import key_results
from tests.times import at


@pytest.fixture
def closing(engine: Engine, county: Cast) -> Cast:
    """Objectives are due on Wednesday 25 November, reviews of the quarter before on Thursday 26."""
    with writing(engine) as session:
        session.get_one(Period, county.period.id).setting_due_on = date(2026, 11, 25)
    return county


def accounts(reminders: list[Reminder]) -> list[str]:
    return [reminder.to.account for reminder in reminders]


@pytest.mark.parametrize(
    ("day", "is_asked", "left"),
    [
        ("2026-11-17", False, ""),
        ("2026-11-18", True, "还有 5 个工作日"),
        ("2026-11-19", False, ""),
        ("2026-11-23", True, "还有 2 个工作日"),
        ("2026-11-24", False, ""),
        ("2026-11-25", True, "就是今天"),
        ("2026-11-26", False, ""),
    ],
)
def test_whoever_has_set_nothing_is_asked_on_three_days(
    engine: Engine, closing: Cast, day: str, is_asked: bool, left: str
) -> None:
    with reading(engine) as session:
        found = setting_reminders(session, at(f"{day} 09:22"))
        asked = accounts(found)

    assert asked == (["wangsuo", "jixiao", "yunwei", "nanqiao01", "nansuo"] if is_asked else [])
    assert all(f"2026年第四季度你还没有定目标，11月25日（周三）截止，{left}。" in one.text for one in found)


def test_a_returned_objective_counts_as_not_set(engine: Engine, closing: Cast) -> None:
    with writing(engine) as session:
        mine = session.exec(select(Objective).where(Objective.person_id == closing.lihua.id)).one()
        mine.state = ObjectiveState.RETURNED

    with reading(engine) as session:
        assert "lihua" in accounts(setting_reminders(session, at("2026-11-25 09:22")))


def test_the_reminder_to_set_objectives_reaches_the_phone_once(closing: Cast, pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-25 09:22", "2026-11-25 11:00")

    texts = [post.text for post in chat.inbox("wangsuo") if "还没有定目标" in post.text]
    assert len(texts) == 1
    assert chat.buttons("wangsuo") == ["定目标"]


def end_quarter(session: Session, cast: Cast) -> None:
    """The quarter ends on 15 November; its reviews are due on Thursday the 26th."""
    period = session.get_one(Period, cast.period.id)
    period.ends_on, period.setting_due_on = date(2026, 11, 15), date(2026, 10, 9)
    period.review_due_on, period.publish_on = date(2026, 11, 26), date(2026, 12, 1)


@pytest.mark.parametrize(("day", "is_asked"), [("2026-11-19", True), ("2026-11-20", False), ("2026-11-26", True)])
def test_whoever_has_not_reviewed_is_asked_which_key_results(
    engine: Engine, county: Cast, day: str, is_asked: bool
) -> None:
    with writing(engine) as session:
        end_quarter(session, county)
        for one in key_results(session, county.zhangsan) + key_results(session, county.lihua)[:2]:
            session.add(
                Review(key_result_id=one.id or 0, self_score=Decimal("0.8"), reviewed_at=at("2026-11-18 09:00"))
            )

    with reading(engine) as session:
        found = review_reminders(session, at(f"{day} 09:37"))
        asked = accounts(found)

    assert asked == (["lihua"] if is_asked else [])
    assert all("复盘还差 3 项：KR3、KR4、KR5，11月26日（周四）截止" in one.text for one in found)
