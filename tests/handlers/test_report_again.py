"""Several reports of one week: what replaces, what adds, and what is asked."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models.engine import writing
from models.period import Period
from tests.chat import Chat
from tests.factories import Cast, make_objective
from tests.times import NEXT_MONDAY_AFTER_CLOSE, MovableClock, at


@pytest.mark.parametrize("text", ["KR1 +3", "今天走访3户", "走访又多了3户"])
def test_the_same_addition_sent_again_is_asked_back(chat: Chat, text: str) -> None:
    assert "KR1 入户走访 3/50 户 · 6%（+3）" in chat.say(text)
    assert "KR1 这周已经从 0 户加到 3 户，先没记。" in chat.say(text)
    assert chat.buttons() == ["再加，6 户", "重算，3 户", "不记"]
    assert "入户走访 3/50" in chat.say("我的")


@pytest.mark.parametrize(
    ("answer", "value"),
    [("再加", "6/50"), ("重算，3 户", "3/50"), ("6", "6/50"), ("第二个", "3/50"), ("累计8户", "8/50")],
)
def test_the_question_about_a_second_addition_is_answered_in_words(chat: Chat, answer: str, value: str) -> None:
    chat.say("KR1 +3")
    chat.say("KR1 +3")
    assert f"KR1 入户走访 {value} 户" in chat.say(answer)


def test_a_second_addition_is_no_answer_to_the_question_about_it(chat: Chat) -> None:
    chat.say("KR1 +3")
    chat.say("KR1 +3")
    assert "是再加" in chat.say("+3")
    assert "入户走访 3/50" in chat.say("我的")


def test_another_addition_may_be_a_correction(chat: Chat) -> None:
    chat.say("KR1 +3")
    chat.say("KR1 +5")
    assert chat.buttons() == ["再加，8 户", "重算，5 户", "不记"]


def test_a_part_of_the_week_replaces_what_was_said_of_the_week(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 10")
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    for text in ("本周走访12户", "本周走访12户", "KR1 本周12户"):
        assert "KR1 入户走访 22/50 户 · 44%（+12）" in chat.say(text)
    assert "KR1 入户走访 25/50 户 · 50%（+15）" in chat.say("本周走访15户")


def test_an_addition_to_a_total_of_this_week_is_clear(chat: Chat) -> None:
    chat.say("KR1 35")
    assert "KR1 入户走访 38/50 户 · 76%（+38）" in chat.say("KR1 +3")


def test_an_addition_in_the_next_week_is_clear(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 +3")
    clock.set(at("2026-11-25 09:00"))
    assert "KR1 入户走访 6/50 户 · 12%（+3）" in chat.say("KR1 +3")


def test_an_addition_taken_back_does_not_stand_in_the_way(chat: Chat) -> None:
    chat.say("KR1 +3")
    chat.say("撤销")
    assert "KR1 入户走访 3/50 户 · 6%（+3）" in chat.say("KR1 +3")


def test_the_line_of_our_own_answer_can_be_sent_back(chat: Chat) -> None:
    chat.say("KR1 35")
    assert "35/50 户 · 70%（+35）" in chat.say("KR1 入户走访 35/50 户 · 70%（+35）")
    assert "35/50 户 · 70%（+35）" in chat.say("KR1 35户（+35）")


def test_each_taking_back_drops_the_last_report_that_stands(chat: Chat) -> None:
    for text in ("KR1 10", "KR1 20", "KR1 30\nKR5 1"):
        chat.say(text)
    assert "KR1 入户走访 20/50 户 · 40%\nKR5 组织法制培训 0/4 场 · 0%" in chat.say("撤销")
    assert "KR1 入户走访 10/50 户 · 20%" in chat.say("撤销")
    chat.say("KR1 15")
    assert "KR1 入户走访 10/50 户 · 20%" in chat.say("撤销")
    assert "KR1 入户走访 0/50 户 · 0%" in chat.say("撤销")
    assert chat.say("撤销") == "没有可以撤销的进展。"


def test_a_repeated_value_keeps_what_was_said_about_it(chat: Chat) -> None:
    chat.say("KR1 35，有风险，下雨影响")
    assert "35/50 户 · 70%（+35）有风险：" in chat.say("KR2 80，其他和上周一样")
    assert "有风险" in chat.say("KR1 35")
    assert chat.say("KR1 35 有信心").splitlines()[1].endswith("（+35）有信心")
    assert chat.say("KR1 36").splitlines()[1].endswith("（+36）")


def test_the_form_with_one_value_changed_changes_that_value_only(chat: Chat) -> None:
    chat.say("KR1 35\nKR2 80，老人多\nKR3 完成")
    answer = chat.say(chat.say("周报").replace("80%", "85%"))
    assert answer.startswith("记好了（第47周）\nKR1 入户走访 35/50 户 · 70%（+35）\n")
    assert "KR2 反诈宣传覆盖率 85/95% · 71%（+25）\nKR3 台账系统上线 1/1 · 100%（+1）\n" in answer


def test_a_subject_that_is_not_ours_is_named_and_the_others_are_kept(chat: Chat) -> None:
    answer = chat.say("KR1 35户，破案率85，KR5 2场")
    assert answer.startswith(
        "记好了（第47周）\nKR1 入户走访 35/50 户 · 70%（+35）\nKR5 组织法制培训 2/4 场 · 50%（+2）"
    )
    assert "“破案率85”先没记" in answer


def test_a_lone_subject_that_is_not_ours_is_named_with_the_choices(chat: Chat) -> None:
    assert chat.say("破案率85") == "有一句没对上，“破案率85”先没记。是哪一项？"
    assert chat.buttons() == ["KR2 反诈宣传覆…", "KR4 案件办结率", "不记"]
    assert "KR4 案件办结率 85/90% · 75%（+15）" in chat.press("KR4 案件办结率")


def test_a_week_of_two_periods_is_reported_for_the_one_that_runs_on_the_day(
    chat: Chat, clock: MovableClock, engine: Engine, county: Cast
) -> None:
    with writing(engine) as session:
        first = Period(code="2027Q1", name="2027年第一季度", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31))
        session.add(first)
        session.flush()
        make_objective(session, first, county.lihua, "新的一年", (("入户走访", "0", "60", "户"),))
    clock.set(at("2026-12-31 09:00"))
    assert "KR1 入户走访 10/50 户 · 20%（+10）" in chat.say("KR1 10")
    clock.set(at("2027-01-04 09:30"))
    assert "KR1 入户走访 12/60 户 · 20%（+12）" in chat.say("KR1 12")
    clock.set(at("2027-01-04 10:30"))
    assert chat.say("KR1 15").startswith("记好了（第1周）\nKR1 入户走访 15/60 户 · 25%（+3）")
