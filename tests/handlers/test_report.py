"""Reporting in free words, as an officer does it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading, writing
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState, Report
from models.period import CalendarDay, Period
from tests.chat import Chat
from tests.factories import Cast
from tests.times import NEXT_MONDAY_AFTER_CLOSE, NEXT_MONDAY_BEFORE_CLOSE, MovableClock, at


def test_a_report_is_kept_and_shown_with_value_target_and_percentage(chat: Chat) -> None:
    assert chat.say("KR1 35") == (
        "记好了（第47周）\nKR1 入户走访 35/50 户 · 70%（+35）\n还差 KR2、KR3、KR4、KR5。说错了回“撤销”。"
    )


def test_an_officer_reports_on_the_bus(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-11-12 15:07"))
    chat.say("KR1 23\nKR2 75\nKR3 完成\nKR5 1")
    clock.set(at("2026-11-20 15:08"))
    assert chat.say("kr1 35户 覆盖率到了80，下雨影响有点慢 培训办了两场") == (
        "记好了（第47周）\n"
        "KR1 入户走访 35/50 户 · 70%（+12）\n"
        "KR2 反诈宣传覆盖率 80/95% · 57%（+5）有风险：下雨影响有点慢\n"
        "KR5 组织法制培训 2/4 场 · 50%（+1）\n"
        "还差 KR4 案件办结率。说错了回“撤销”。"
    )


def test_several_lines_with_a_note_are_kept_at_once(chat: Chat) -> None:
    answer = chat.say("KR1 35\nKR2 80%，有风险，下雨影响有点慢\nKR3 完成\nKR5 2")
    assert "KR1 入户走访 35/50 户 · 70%（+35）" in answer
    assert "KR2 反诈宣传覆盖率 80/95% · 57%（+20）有风险" in answer
    assert "KR3 台账系统上线 1/1 · 100%（+1）" in answer
    assert answer.endswith("还差 KR4 案件办结率。说错了回“撤销”。")


def test_when_nothing_is_left_the_reply_says_so(chat: Chat) -> None:
    assert chat.say("KR1 35\nKR2 80\nKR3 完成\nKR4 85\nKR5 2").endswith("这周的都报齐了。说错了回“撤销”。")


def test_a_complete_key_result_is_not_asked_for_in_later_weeks(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR3 完成")
    clock.set(at("2026-11-25 09:00"))
    assert "还差 KR2、KR4、KR5。" in chat.say("KR1 35")


def test_the_change_is_counted_from_last_week_however_often_it_is_corrected(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 23")
    clock.set(at("2026-11-25 09:00"))
    chat.say("KR1 30")
    assert "35/50 户 · 70%（+12）" in chat.say("KR1 35")
    assert "23/50 户 · 46%（不变）" in chat.say("KR1 23")


def test_every_callback_is_delivered_twice_and_kept_once(chat: Chat, engine: Engine) -> None:
    chat.say("KR1 35")
    with reading(engine) as session:
        assert [one.text for one in session.exec(select(Report))] == ["KR1 35"]
        assert [one.value for one in session.exec(select(CheckIn))] == [Decimal(35)]


def test_a_second_report_of_the_week_replaces_the_first_and_both_stay(chat: Chat, engine: Engine) -> None:
    chat.say("KR1 35")
    chat.say("KR1 36")
    with reading(engine) as session:
        assert sorted(one.value for one in session.exec(select(CheckIn))) == [Decimal(35), Decimal(36)]
        assert {int(one.current) for one in session.exec(select(KeyResult).where(KeyResult.unit == "户"))} == {36, 0}


def test_until_monday_at_ten_a_report_is_for_last_week(chat: Chat, clock: MovableClock) -> None:
    clock.set(NEXT_MONDAY_BEFORE_CLOSE)
    assert chat.say("KR1 35").startswith("记好了（第47周）")
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say("KR1 36").startswith("记好了（第48周）")


def test_what_is_open_of_last_week_is_called_last_week_until_it_closes(chat: Chat, clock: MovableClock) -> None:
    clock.set(NEXT_MONDAY_BEFORE_CLOSE)
    assert chat.say("KR1 35\nKR2 80").endswith("\n上周还差 KR3、KR4、KR5。说错了回“撤销”。")
    assert chat.say("KR3 完成\nKR4 85").endswith("\n上周还差 KR5 组织法制培训。说错了回“撤销”。")
    assert chat.say("KR5 2").endswith("\n上周的都报齐了。说错了回“撤销”。")


@pytest.mark.parametrize("text", ["上周 KR1 35", "上周：KR1 35", "补报上周 KR1 35", "第47周 KR1 35"])
def test_a_late_report_of_last_week_is_taken_and_marked_late(
    chat: Chat, clock: MovableClock, engine: Engine, text: str
) -> None:
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say(text) == "记好了（第47周，补报）\nKR1 入户走访 35/50 户 · 70%（+35）\n说错了回“撤销”。"
    with reading(engine) as session:
        report = session.exec(select(Report)).one()
        assert (report.week, report.is_late) == ("2026-W47", True)


def test_a_late_report_leaves_the_newer_value_as_it_is(chat: Chat, clock: MovableClock) -> None:
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    chat.say("KR1 40")
    chat.say("上周 KR1 35")
    assert "KR1 入户走访 40/50 户 · 80%" in chat.say("我的")
    assert "41/50 户 · 82%（+6）" in chat.say("KR1 41")


@pytest.mark.parametrize("text", ["和上周一样", "上周五走访到35户，KR1 35"])
def test_words_that_only_mention_last_week_are_for_this_week(chat: Chat, clock: MovableClock, text: str) -> None:
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say(text).startswith("记好了（第48周）")


def test_a_week_ends_on_tuesday_when_monday_is_a_day_off(chat: Chat, clock: MovableClock, engine: Engine) -> None:
    with writing(engine) as session:
        session.add(CalendarDay(day=date(2026, 11, 23), is_working=False))
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say("KR1 35").startswith("记好了（第47周）")


def test_what_is_clear_is_kept_and_the_doubt_is_asked_with_buttons(chat: Chat) -> None:
    answer = chat.say("KR1 5000\nKR5 2")
    assert answer.startswith("记好了（第47周）\nKR5 组织法制培训 2/4 场 · 50%（+2）")
    assert "KR1 的目标是 50 户，5000 是目标的 100 倍" in answer
    assert chat.buttons()[-1] == "不记"
    assert "入户走访 0/50" in chat.say("我的")


def test_a_pressed_option_is_kept_and_belongs_to_the_same_report(chat: Chat) -> None:
    chat.say("KR1 5000\nKR5 2")
    assert "5000/50 户 · 100%" in chat.press(next(label for label in chat.buttons() if "5000" in label))
    undone = chat.say("撤销")
    assert "KR1 入户走访 0/50 户" in undone
    assert "KR5 组织法制培训 0/4 场" in undone


def test_a_doubt_can_be_answered_in_words(chat: Chat) -> None:
    chat.say("KR1 5000")
    assert "KR1 入户走访 50/50 户 · 100%" in chat.say("是 50")


def test_a_dropped_doubt_leaves_nothing(chat: Chat) -> None:
    chat.say("KR1 5000")
    assert chat.press("不记") == "好，这句没记。"
    assert "入户走访 0/50" in chat.say("我的")


def test_doubts_are_asked_one_at_a_time(chat: Chat) -> None:
    chat.say("KR1 5000\nKR2 120%")
    second = chat.press("不记")
    assert "KR2" in second
    assert chat.press("不记") == "好，这句没记。"


def test_a_fragment_that_fits_two_key_results_is_asked_back(chat: Chat) -> None:
    answer = chat.say("率 85")
    assert "是哪一项" in answer
    assert [label[:3] for label in chat.buttons()] == ["KR2", "KR4", "不记"]
    assert "KR4 案件办结率 85/90% · 75%（+15）" in chat.say("KR4")


def test_a_new_report_instead_of_an_answer_is_taken_as_one(chat: Chat) -> None:
    chat.say("率 85")
    answer = chat.say("KR1 35")
    assert answer.startswith("“率 85”先没记。\n记好了（第47周）\nKR1 入户走访 35/50 户")


def test_chatter_instead_of_an_answer_asks_again(chat: Chat) -> None:
    asked = chat.say("率 85")
    assert chat.say("辛苦你了") == f"没看懂。{asked}"
    assert "KR4 案件办结率 85/90%" in chat.say("KR4")


def test_a_choice_with_other_words_is_read_as_a_new_message(chat: Chat) -> None:
    chat.say("KR9 3")
    answer = chat.say("KR1 abc")
    assert answer.startswith("“KR9 3”先没记。\nKR1 入户走访 现在到多少户了？")
    assert "入户走访 0/50" in chat.say("我的")


def test_an_unknown_key_result_is_named_and_the_others_are_kept(chat: Chat) -> None:
    answer = chat.say("KR1 35\nKR9 3")
    assert "KR1 入户走访 35/50 户" in answer
    assert "没有 KR9" in answer


def test_nobody_can_reach_another_persons_key_results(chat: Chat, engine: Engine, county: Cast) -> None:
    answer = chat.say("KR4 85", sender="zhangsan")
    assert "没有 KR4" in answer
    with reading(engine) as session:
        assert session.exec(select(CheckIn)).all() == []


@pytest.mark.parametrize("text", ["今天天气不错", "谢谢", "在吗"])
def test_chatter_is_no_report(chat: Chat, text: str) -> None:
    assert "没听懂" in chat.say(text)


def test_someone_without_objectives_is_shown_the_way_to_them(chat: Chat) -> None:
    assert "2026年第四季度你还没有目标。" in chat.say("KR1 35", sender="nanqiao01")
    assert chat.buttons("nanqiao01") == ["定目标"]


def test_objectives_that_wait_for_the_leader_take_no_report(chat: Chat, engine: Engine) -> None:
    _change_objectives(engine, lambda one: setattr(one, "state", ObjectiveState.PROPOSED))
    assert chat.say("KR1 35") == "你的目标还在等负责人确认，确认后就能报进展。"


def test_objectives_that_were_returned_say_how_to_go_on(chat: Chat, engine: Engine) -> None:
    _change_objectives(engine, lambda one: setattr(one, "state", ObjectiveState.RETURNED))
    assert "回“目标”来改" in chat.say("KR1 35")


def test_a_period_that_has_not_begun_takes_no_report(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-09-16 09:00"))
    assert chat.say("KR1 35") == "2026年第四季度 10月1日才开始，开始以后再报进展。"


def test_a_period_that_is_over_takes_no_report(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2027-01-06 09:00"))
    assert chat.say("KR1 35") == "2026年第四季度 12月31日已经结束，新周期还没开始，先不用报。"


def test_the_last_week_of_a_period_is_reported_until_it_closes(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2027-01-02 09:00"))
    assert chat.say("KR1 50").startswith("记好了（第53周）")


def test_a_published_period_takes_no_late_report(chat: Chat, clock: MovableClock, engine: Engine) -> None:
    with writing(engine) as session:
        session.exec(select(Period)).one().publish_on = date(2027, 1, 4)
        session.exec(select(Period)).one().review_due_on = date(2027, 1, 3)
    clock.set(at("2027-01-05 09:00"))
    assert "已经公布" in chat.say("上周 KR1 50")


def test_without_any_period_nobody_need_report(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    with writing(engine) as session:
        for table in (KeyResult, Objective, Period):
            for row in session.exec(select(table)):
                session.delete(row)
            session.flush()
    assert chat.say("KR1 35").startswith("现在没有进行中的周期")


def _change_objectives(engine: Engine, change: Callable[[Objective], None]) -> None:
    with writing(engine) as session:
        for objective in session.exec(select(Objective)):
            change(objective)
