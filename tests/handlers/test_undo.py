"""撤销: taking the last report back."""

from sqlalchemy import Engine
from sqlmodel import select

from models.engine import reading
from models.okr import CheckIn, KeyResult, Report
from tests.chat import Chat
from tests.times import NEXT_MONDAY_AFTER_CLOSE, NEXT_MONDAY_BEFORE_CLOSE, MovableClock, at


def test_the_last_report_is_taken_back_and_the_values_before_it_are_shown(chat: Chat) -> None:
    chat.say("KR1 35\nKR5 2")
    chat.say("KR1 5")
    assert chat.say("撤销") == "第47周刚才那次收回了，现在是：\nKR1 入户走访 35/50 户 · 70%\n要重报，直接说就行。"


def test_a_report_is_taken_back_as_a_whole(chat: Chat) -> None:
    chat.say("KR1 35\nKR5 2")
    assert chat.say("撤销") == (
        "第47周刚才那次收回了，现在是：\nKR1 入户走访 0/50 户 · 0%\nKR5 组织法制培训 0/4 场 · 0%\n要重报，直接说就行。"
    )
    assert "这周还差 KR1、KR2、KR3、KR4、KR5" in chat.say("我的")


def test_what_was_taken_back_stays_as_history(chat: Chat, engine: Engine) -> None:
    chat.say("KR1 35")
    chat.say("撤销")
    with reading(engine) as session:
        assert session.exec(select(Report)).one().undone_at is not None
        assert session.exec(select(CheckIn)).one().undone_at is not None


def test_the_value_of_an_earlier_week_counts_again(chat: Chat, clock: MovableClock, engine: Engine) -> None:
    chat.say("KR1 20，有风险")
    clock.set(at("2026-11-25 09:00"))
    chat.say("KR1 35")
    assert "KR1 入户走访 20/50 户 · 40%" in chat.say("撤销")
    with reading(engine) as session:
        one = session.exec(select(KeyResult).where(KeyResult.reported_week != "")).one()
        assert (one.reported_week, one.confidence) == ("2026-W47", "有风险")


def test_a_week_can_be_taken_back_until_monday_at_ten(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 35")
    clock.set(NEXT_MONDAY_BEFORE_CLOSE)
    assert chat.say("撤销").startswith("第47周刚才那次收回了")


def test_a_closed_week_stays_as_it_is(chat: Chat, clock: MovableClock) -> None:
    chat.say("KR1 35")
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say("撤销") == "第47周的进展已经截止，撤不了了。数有变化，报在本周就行。"
    assert "入户走访 35/50" in chat.say("我的")


def test_a_late_report_can_be_taken_back_in_the_week_it_was_sent(chat: Chat, clock: MovableClock) -> None:
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    chat.say("上周 KR1 35")
    assert chat.say("撤销").startswith("第47周刚才那次收回了")


def test_with_nothing_to_take_back_it_says_so(chat: Chat) -> None:
    assert chat.say("撤销") == "没有可以撤销的进展。"


def test_reports_of_others_are_out_of_reach(chat: Chat) -> None:
    chat.say("KR1 35")
    assert chat.say("撤销", sender="zhangsan") == "没有可以撤销的进展。"
    assert "入户走访 35/50" in chat.say("我的")


def test_a_doubt_of_which_nothing_was_kept_is_dropped_and_earlier_reports_stay(chat: Chat) -> None:
    chat.say("KR1 35")
    chat.say("率 85")
    assert chat.say("撤销") == "刚才那句还没记，也不会记了。"
    assert "入户走访 35/50" in chat.say("我的")
    assert "没听懂" in chat.say("在吗")
