"""请假 and 销假."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading, writing
from models.person import Absence, AbsenceSource
from services.person import absent_on
from tests.chat import Chat
from tests.factories import Cast
from tests.times import MovableClock, at


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("请假 3天", "11月20日到11月22日请假，共 3 天"),
        ("请假3天", "11月20日到11月22日请假，共 3 天"),
        ("请假 11月24日到26日", "11月24日到11月26日请假，共 3 天"),
        ("请假 今天", "11月20日请假，共 1 天"),
        ("请假 本周", "11月20日到11月22日请假，共 3 天"),
    ],
)
def test_leave_is_noted_with_its_days(chat: Chat, text: str, span: str) -> None:
    assert chat.say(text) == f"好，{span}。\n这几天不提醒你，也不算漏报。提前回来了说“销假”。"


def test_whoever_is_on_leave_is_known_to_be_away(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假 3天")
    assert _away(engine, county, date(2026, 11, 22))
    assert not _away(engine, county, date(2026, 11, 23))


def test_without_days_they_are_asked_for(chat: Chat) -> None:
    assert "请哪几天" in chat.say("请假")
    assert "11月21日请假" in chat.press("明天")


def test_days_can_be_given_in_words_after_the_question(chat: Chat) -> None:
    chat.say("请假")
    assert "11月24日到11月26日请假" in chat.say("11月24日到26日")
    assert "没听懂" in chat.say("好的")


def test_what_cannot_be_read_is_asked_again(chat: Chat, engine: Engine) -> None:
    chat.say("请假")
    assert "没看懂" in chat.say("有点事情")
    assert "11月20日到11月21日请假" in chat.say("2天")
    with reading(engine) as session:
        assert len(session.exec(select(Absence)).all()) == 1


def test_the_same_days_said_again_are_noted_once(chat: Chat, engine: Engine) -> None:
    chat.say("请假 3天")
    chat.say("请假 3天")
    with reading(engine) as session:
        assert len(session.exec(select(Absence)).all()) == 1


def test_leave_that_has_not_begun_is_cancelled(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假 11月24日到26日")
    assert chat.say("销假") == "好，11月24日到11月26日的假销了。今天起照常。"
    assert not _away(engine, county, date(2026, 11, 24))


def test_leave_announced_in_two_parts_ends_as_one(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假 3天")
    chat.say("请假 11月23日到26日")
    chat.say("请假 11月30日")

    assert chat.say("销假") == "好，11月20日到11月26日的假销了。今天起照常。"

    assert not _away(engine, county, date(2026, 11, 24))
    assert _away(engine, county, date(2026, 11, 30))


@pytest.mark.parametrize("word", ["销假", "取消请假"])
def test_coming_back_early_keeps_the_days_already_taken(
    chat: Chat, clock: MovableClock, engine: Engine, county: Cast, word: str
) -> None:
    chat.say("请假 5天")
    clock.set(at("2026-11-23 09:00"))
    chat.say(word)
    assert _away(engine, county, date(2026, 11, 22))
    assert not _away(engine, county, date(2026, 11, 23))


def test_leave_from_the_workbook_ends_too(chat: Chat, engine: Engine, county: Cast) -> None:
    assert county.lihua.id is not None
    day = date(2026, 11, 20)
    with writing(engine) as session:
        session.add(Absence(person_id=county.lihua.id, starts_on=day, ends_on=day, source=AbsenceSource.WORKBOOK))
    assert chat.say("销假") == "好，11月20日的假销了。今天起照常。"
    assert not _away(engine, county, day)


def test_with_no_leave_there_is_nothing_to_end(chat: Chat) -> None:
    chat.say("请假 3天", sender="zhangsan")
    assert chat.say("销假") == "没有在请的假，不用销。要请假说“请假 3天”。"


def test_a_long_leave_is_asked_back_before_it_is_noted(chat: Chat, engine: Engine, county: Cast) -> None:
    assert chat.say("请假 100天") == "11月20日到2027年2月27日一共 100 天，先没记。\n是请这么久吗？"
    assert chat.buttons() == ["是", "不记"]
    assert not _away(engine, county, date(2026, 11, 21))

    assert "11月20日到2月27日请假，共 100 天" in chat.press("是")

    assert _away(engine, county, date(2027, 2, 27))


def test_what_was_a_slip_is_not_noted(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假 100天")
    assert chat.press("不记") == "好，没记。要请假再说一声就行。"
    assert not _away(engine, county, date(2026, 11, 21))


def test_other_days_take_the_place_of_those_in_doubt(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假 100天")
    assert "11月20日到11月29日请假，共 10 天" in chat.say("10天")
    assert not _away(engine, county, date(2026, 11, 30))


def test_the_days_asked_for_can_be_doubtful_too(chat: Chat, engine: Engine, county: Cast) -> None:
    chat.say("请假")
    assert "是请这么久吗" in chat.say("100天")
    assert "共 100 天" in chat.say("是的")
    assert _away(engine, county, date(2027, 2, 27))


def test_leave_of_last_week_is_noted_and_of_last_month_asked_back(chat: Chat, engine: Engine, county: Cast) -> None:
    assert chat.say("请假 11月18日到19日") == "好，11月18日到11月19日请假，共 2 天。\n补记好了，那几天不算漏报。"
    assert "10月8日已经过去 43 天了，先没记" in chat.say("请假 10月8日到9日")
    assert not _away(engine, county, date(2026, 10, 8))
    assert "补记好了" in chat.press("是")
    assert _away(engine, county, date(2026, 10, 8))


@pytest.mark.parametrize("text", ["请假 0天", "请假 负3天", "请假 -3天"])
def test_no_days_at_all_get_a_clear_sentence(chat: Chat, text: str) -> None:
    assert chat.say(text) == "请假最少半天，还没记。可以写：请假 3天，或者 请假 11月21日到11月23日。"


def test_a_leave_of_ten_thousand_days_gets_a_clear_sentence(chat: Chat) -> None:
    assert chat.say("请假 一万天") == "这次一共 10000 天，一次最长 180 天，还没记。更长的可以分几次请。"


def _away(engine: Engine, county: Cast, day: date) -> bool:
    assert county.lihua.id is not None
    with reading(engine) as session:
        return county.lihua.id in absent_on(session, [county.lihua.id], day)
