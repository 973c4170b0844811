"""The leader's Monday morning: counts without names of who is missing, what is stuck first, ten lines at most."""

from datetime import date

import pytest
from sqlalchemy import Engine

from domain.okr import Confidence
from models.engine import reading, writing
from models.person import Absence, AbsenceSource, Person, PersonRole, Role
from services.digest import unit_digest
from tests.chat import Chat
from tests.factories import LIHUA, Cast, make_objective, make_person
from tests.jobs.conftest import PassTime
from tests.jobs.reports import report
from tests.times import at

MONDAY = at("2026-11-23 08:47")


def absent(engine: Engine, person: Person) -> None:
    with writing(engine) as session:
        day = date(2026, 11, 20)
        session.add(Absence(person_id=person.id or 0, starts_on=day, ends_on=day, source=AbsenceSource.CHAT))


def digest(engine: Engine, county: Cast) -> str:
    with reading(engine) as session:
        return unit_digest(session, county.station, "2026-W47", MONDAY) or ""


def test_the_leader_is_told_on_monday_with_a_link_to_the_unit_s_board(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    report(engine, county.lihua, 3, confidence=Confidence.UNLIKELY, note="台账系统没权限")
    absent(engine, county.zhangsan)

    pass_time("2026-11-23 08:47", "2026-11-23 11:00")

    (text,) = [post.text for post in chat.inbox("wangsuo") if "第47周" in post.text]
    assert text.replace("\n", "").startswith("城关所第47周：2 人，1 人已报，1 人请假。")
    assert "李* KR3 台账系统没权限" in text
    assert chat.buttons("wangsuo")[:1] == ["问一句"]
    cards = [post.content for post in chat.inbox("wangsuo") if post.content.get("button_list")]
    assert "/unit" in str(cards[-1])
    assert "看全所" in str(cards[-1])


@pytest.mark.parametrize(("wakes", "told"), [("2026-11-24 09:20", 1), ("2026-11-25 09:20", 0), ("2026-11-27 09:20", 0)])
def test_after_long_downtime_the_past_week_is_no_news_any_more(
    pass_time: PassTime, chat: Chat, wakes: str, told: int
) -> None:
    pass_time(wakes)

    assert len([post for post in chat.inbox("wangsuo") if "第47周" in post.text]) == told


def test_outside_the_stations_nobody_is_sent_to_a_station_s_board(
    pass_time: PassTime, chat: Chat, county: Cast, engine: Engine
) -> None:
    with writing(engine) as session:
        make_objective(session, county.period, county.operator, "系统稳定", LIHUA)
        session.add(PersonRole(person_id=county.clerk.id or 0, role=Role.UNIT_LEADER))

    pass_time("2026-11-23 08:47")

    cards = [post.content for post in chat.inbox("jixiao") if post.content.get("button_list")]
    assert "看全部" in str(cards[-1])
    assert "看全所" not in str(cards[-1])


def test_units_without_reports_and_people_without_the_role_are_told_nothing(pass_time: PassTime, chat: Chat) -> None:
    pass_time("2026-11-23 08:47")

    assert [sender for sender in ("nansuo", "lihua", "jixiao") if "第47周" in str(chat.inbox(sender))] == []


def test_a_missed_report_is_counted_and_nobody_is_named(engine: Engine, county: Cast) -> None:
    report(engine, county.lihua, 1)

    text = digest(engine, county)

    assert text == "城关所第47周：2 人，1 人已报，1 人还没报。\n没有卡住的。"


def test_what_is_stuck_comes_first_and_longest_first(engine: Engine, county: Cast) -> None:
    report(engine, county.zhangsan, 1, week="2026-W46", confidence=Confidence.AT_RISK, note="等场地")
    report(engine, county.zhangsan, 1, confidence=Confidence.AT_RISK, note="等场地")
    report(engine, county.lihua, 2, confidence=Confidence.AT_RISK, note="下雨影响有点慢")
    report(engine, county.lihua, 3, confidence=Confidence.UNLIKELY, note="台账系统没权限")
    report(engine, county.lihua, 4, week="2026-W46", confidence=Confidence.CONFIDENT)
    report(engine, county.lihua, 4, confidence=Confidence.AT_RISK)

    assert digest(engine, county).split("\n") == [
        "城关所第47周：2 人，2 人已报。",
        "卡住的 3 件：",
        "李* KR3 台账系统没权限",
        "张* KR1 等场地（第 2 周）",
        "李* KR2 下雨影响有点慢",
        "信心变差 1 件：李* KR4。",
        "其余正常。",
    ]


@pytest.mark.parametrize("confidence", [None, Confidence.CONFIDENT])
def test_a_remark_without_worry_is_not_stuck(engine: Engine, county: Cast, confidence: Confidence | None) -> None:
    report(engine, county.lihua, 1, confidence=confidence, note="顺利")

    assert "没有卡住的" in digest(engine, county)


def test_a_taken_back_worry_counts_no_more(engine: Engine, county: Cast) -> None:
    report(engine, county.lihua, 1, confidence=Confidence.UNLIKELY)
    report(engine, county.lihua, 1, confidence=Confidence.CONFIDENT)

    assert "没有卡住的" in digest(engine, county)


@pytest.mark.parametrize(("category", "label"), [("派出所", "看全所"), ("机关单位", "看全部"), ("局", "看全部")])
def test_a_digest_never_exceeds_ten_lines(engine: Engine, county: Cast, category: str, label: str) -> None:
    county.station.category = category
    with writing(engine) as session:
        officers = [make_person(session, f"o{n}", f"民{n}", county.station) for n in range(4)]
        for officer in officers:
            make_objective(session, county.period, officer, "守好一方平安", LIHUA)
    for officer in officers:
        report(engine, officer, 1, 2, confidence=Confidence.UNLIKELY, note="等" * 80)
        report(engine, officer, 4, week="2026-W46", confidence=Confidence.CONFIDENT)
        report(engine, officer, 4, confidence=Confidence.AT_RISK)

    lines = digest(engine, county).split("\n")

    assert len(lines) <= 10
    assert f"另有 3 件，点“{label}”" in lines
    assert "信心变差 4 件：民* KR4、民* KR4、民* KR4等。" in lines
