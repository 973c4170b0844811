"""我的: where one stands, on one screen."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import writing
from models.okr import Objective, ObjectiveState
from tests.chat import Chat
from tests.factories import Cast, make_objective
from tests.times import MovableClock, at


@pytest.mark.parametrize("word", ["我的", "我的目标", "进度"])
def test_objectives_progress_what_is_due_and_the_days_left(chat: Chat, word: str) -> None:
    chat.say("KR1 35\nKR3 完成")
    assert chat.say(word) == (
        "2026年第四季度，还剩 41 天，总进度 34%\n"
        "KR1 入户走访 35/50 户 · 70%\n"
        "KR2 反诈宣传覆盖率 60/95% · 0%\n"
        "KR3 台账系统上线 1/1 · 100%\n"
        "KR4 案件办结率 70/90% · 0%\n"
        "KR5 组织法制培训 0/4 场 · 0%\n"
        "O1 守好一方平安 · 34%\n"
        "这周还差 KR2、KR4、KR5，周一 10:00 前\n"
        "看详情"
    )
    (card,) = chat.inbox("lihua")[-1:]
    assert card.kind == "template_card"


def test_its_buttons_give_the_form_and_report_the_same_as_last_week(chat: Chat) -> None:
    chat.say("我的", sender="zhangsan")
    assert chat.buttons("zhangsan") == ["填周报", "和上周一样"]
    assert "KR1 入户走访 0/40 户 · 0%（不变）" in chat.press("和上周一样", sender="zhangsan")


def test_a_falling_target_counts_the_right_way_round(chat: Chat) -> None:
    chat.say("KR2 10", sender="zhangsan")
    assert "KR2 电诈发案数 10/8 起 · 50%" in chat.say("我的", sender="zhangsan")


def test_when_everything_is_reported_nothing_is_asked(chat: Chat) -> None:
    chat.say("KR1 3\nKR2 10", sender="zhangsan")
    assert chat.say("我的", sender="zhangsan").endswith("\n这周 都报齐了\n看详情")
    assert chat.buttons("zhangsan") == ["填周报"]


def test_the_last_day_is_called_by_its_name(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-12-31 09:00"))
    assert chat.say("我的").startswith("2026年第四季度，最后一天，")


def test_objectives_that_wait_for_the_leader_are_shown_as_waiting(chat: Chat, engine: Engine) -> None:
    with writing(engine) as session:
        for objective in session.exec(select(Objective)):
            objective.state = ObjectiveState.PROPOSED
    assert chat.say("我的", sender="zhangsan") == (
        "2026年第四季度，还剩 41 天\nKR1 入户走访\nKR2 电诈发案数\nO1 压降发案（等负责人确认）\n看详情"
    )
    assert chat.buttons("zhangsan") == ["看目标"]


def test_someone_without_objectives_is_shown_the_way_to_them(chat: Chat) -> None:
    assert "回“目标”" in chat.say("我的", sender="nanqiao01")


def test_before_the_monday_close_it_speaks_of_the_week_that_is_past(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-11-23 09:00"))
    assert chat.say("我的", sender="zhangsan").endswith("\n上周还差 KR1、KR2，今天 10:00 前\n看详情")
    chat.say("KR1 3\nKR2 10", sender="zhangsan")
    assert chat.say("我的", sender="zhangsan").endswith("\n上周 都报齐了\n看详情")


def test_a_period_that_is_over_has_no_last_day_any_more(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2027-01-04 09:45"))
    assert chat.say("我的").startswith("2026年第四季度，已经结束，")


def many(engine: Engine, county: Cast, count: int, title: str) -> None:
    """Gives somebody without objectives so many key results with a title."""
    lines = tuple((f"{title}{n}", "0", str(1000 + n), "户") for n in range(1, count + 1))
    with writing(engine) as session:
        make_objective(session, county.period, county.nanqiao_officer, "让群众有事找得到人、办得成事、说得上话", lines)


@pytest.mark.parametrize("title", ["走访", "反诈宣传进社区进企业进学校覆盖情况"])
@pytest.mark.parametrize("count", [1, 5, 6, 7, 8])
def test_the_normal_number_of_key_results_all_stand_on_one_card(
    chat: Chat, engine: Engine, county: Cast, count: int, title: str
) -> None:
    many(engine, county, count, title)

    mine = chat.say("我的", sender="nanqiao01")

    assert len(chat.inbox("nanqiao01")) == 1
    for number in range(1, count + 1):
        assert re.search(rf"\nKR{number} {title[:2]}.* 0/{1000 + number}.* 0%\n", mine)
    assert "\nO1 让群众有事找得到人、办得成事、说得…" in mine
    assert "\n这周还差 " in mine


def test_of_very_many_key_results_the_card_shows_what_is_due_and_says_where_the_rest_is(
    chat: Chat, engine: Engine, county: Cast
) -> None:
    many(engine, county, 25, "反诈宣传进社区进企业进学校")
    chat.say("KR1 1001，KR2 1002", sender="nanqiao01")
    seen = len(chat.inbox("nanqiao01"))

    mine = chat.say("我的", sender="nanqiao01")

    assert len(chat.inbox("nanqiao01")) == seen + 1
    assert "这周还差 23 项，周一 10:00 前" in mine
    assert "\nKR3 " in mine
    assert "\nKR1 " not in mine
    assert "项，点“看详情”" in mine
