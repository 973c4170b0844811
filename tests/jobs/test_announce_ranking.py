"""The clock closes a quarter and announces it: each hears their own place once, unless the office holds it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.errors import DomainError
from models.engine import writing
from models.indicator import Indicator, IndicatorKind, IndicatorSource, IndicatorValue
from models.period import Period
from models.plan import Grouping, Part, Plan, PlanPart, PlanSubject
from models.result import Result, ResultState
from services.assessment import announce, draft, hold, period_named
from tests.chat import Chat
from tests.factories import Cast, make_period
from tests.jobs.conftest import PassTime
from tests.times import FRIDAY

CLOSED = "2026-11-27 09:11"


@pytest.fixture
def autumn(engine: Engine, county: Cast) -> Period:
    """A period that ends on Thursday 26 November and is published on Tuesday 1 December, with figures for two."""
    with writing(engine) as session:
        period = make_period(session, "2026A", "秋季", date(2026, 9, 1), date(2026, 11, 26))
        period.review_due_on, period.publish_on = date(2026, 11, 30), date(2026, 12, 1)
        for subject, applies_to in ((PlanSubject.PERSON, "跑道=社区警务"), (PlanSubject.UNIT, "类别=派出所")):
            grouping = Grouping.TRACK if subject is PlanSubject.PERSON else Grouping.CATEGORY
            plan = Plan(
                code=subject.value,
                name="方案",
                period_id=period.id or 0,
                subject=subject,
                applies_to=applies_to,
                grouping=grouping,
            )
            session.add(plan)
            session.flush()
            session.add(PlanPart(plan_id=plan.id or 0, part=Part.INDICATORS, weight=Decimal(100)))
        for code, name in (("Z1", "入户走访"), ("Z2", "警情回访")):
            session.add(
                Indicator(
                    code=code, name=name, kind=IndicatorKind.KEY, full_marks=Decimal(10), target=Decimal(50),
                    formula="completion", source=IndicatorSource.UNIT,
                )
            )  # fmt: skip
        session.flush()
        z1, z2 = session.exec(select(Indicator.id).order_by(Indicator.code)).all()
        own = period.id or 0
        for person, first, second in ((county.lihua, 50, 20), (county.zhangsan, 40, 10)):
            session.add(IndicatorValue(period_id=own, indicator_id=z1 or 0, person_id=person.id, value=Decimal(first)))
            session.add(IndicatorValue(period_id=own, indicator_id=z2 or 0, person_id=person.id, value=Decimal(second)))
        session.add(IndicatorValue(period_id=own, indicator_id=z1 or 0, unit_id=county.station.id, value=Decimal(25)))
        return period


def texts(chat: Chat, account: str) -> list[str]:
    return [post.text for post in chat.inbox(account) if "秋季" in post.text]


def test_the_office_hears_in_the_morning_what_to_look_at(pass_time: PassTime, chat: Chat, autumn: Period) -> None:
    pass_time("2026-11-27 01:13", CLOSED)

    (text,) = texts(chat, "jixiao")
    assert text.startswith("秋季的结果算好了，第 1 版。请核对：")
    assert "没有数据、不参加排名：" in text


def test_on_the_day_each_hears_their_own_place_and_why_once(pass_time: PassTime, chat: Chat, autumn: Period) -> None:
    pass_time("2026-11-27 01:13", CLOSED, "2026-12-01 10:07", "2026-12-01 10:20", "2026-12-02 10:07")

    (mine,) = texts(chat, "lihua")
    assert "你在社区警务 2 人里第 1 名，70.00 分" in mine
    assert "撑起来的是入户走访：完成 50，目标 50" in mine
    assert "拉下来的是警情回访（4.00/10 分）" in mine
    assert "下个周期先把警情回访抓起来" in mine
    assert "张山" not in mine
    (unit,) = [text for text in texts(chat, "wangsuo") if "城关所" in text]
    assert "城关所在派出所 1 个单位里第 1 名，50.00 分" in unit


def test_what_the_office_holds_is_not_announced(
    pass_time: PassTime, chat: Chat, engine: Engine, autumn: Period
) -> None:
    pass_time("2026-11-27 01:13", CLOSED)
    with writing(engine) as session:
        hold(session, period_named(session, "2026A"), by="jixiao", now=FRIDAY)
        session.exec(select(IndicatorValue)).first().value = Decimal(49)  # type: ignore[union-attr]  # there are some
        session.flush()
        again = draft(session, period_named(session, "2026A"), by="jixiao", now=FRIDAY)
        assert (again.result.version, again.result.state) == (2, ResultState.HELD)

    pass_time("2026-12-01 10:07", "2026-12-01 10:20")

    assert texts(chat, "lihua") == []


def test_announcing_twice_is_announcing_once_and_cannot_be_held_back(session: Session, autumn: Period) -> None:
    period = period_named(session, "2026A")
    with pytest.raises(DomainError, match="还没有起草结果"):
        announce(session, period, by="jixiao", now=FRIDAY)
    draft(session, period, by="jixiao", now=FRIDAY)

    for _ in range(2):
        announce(session, period, by="jixiao", now=FRIDAY)

    assert [one.state for one in session.exec(select(Result))] == [ResultState.ANNOUNCED]
    with pytest.raises(DomainError, match="已经公布了，收不回来"):
        hold(session, period, by="jixiao", now=FRIDAY)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session
