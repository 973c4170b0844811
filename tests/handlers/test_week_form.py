"""周报: the form that is filled in already."""

import pytest
from sqlalchemy import Engine

from models.engine import writing
from tests.chat import Chat
from tests.factories import Cast, make_objective
from tests.times import NEXT_MONDAY_AFTER_CLOSE, NEXT_MONDAY_BEFORE_CLOSE, MovableClock


def test_the_form_holds_the_last_values(chat: Chat) -> None:
    chat.say("KR1 35\nKR2 80\nKR3 完成\nKR5 2，有风险")
    assert chat.say("周报") == (
        "周报（第47周），改好数字整条发回来：\n"
        "KR1 入户走访 35/50 户\n"
        "KR2 反诈宣传覆盖率 80%\n"
        "KR3 台账系统上线 完成\n"
        "KR4 案件办结率 70%\n"
        "KR5 组织法制培训 2/4 场 有风险"
    )


@pytest.mark.parametrize("sender", ["lihua", "zhangsan"])
@pytest.mark.parametrize("before", ["", "KR1 20\nKR2 11", "KR1 7，难完成"])
def test_sent_back_unchanged_it_reports_the_same_values(chat: Chat, sender: str, before: str) -> None:
    if before:
        chat.say(before, sender=sender)
    form = chat.say("周报", sender=sender)
    mine = chat.say("我的", sender=sender).splitlines()
    answer = chat.say(form, sender=sender)
    assert answer.startswith("记好了（第47周）")
    assert [line.split(" · ")[0] for line in answer.splitlines() if line.startswith("KR")] == [
        line.split(" · ")[0] for line in mine if line.startswith("KR")
    ]
    assert chat.say("周报", sender=sender).startswith(form)


def test_the_reference_that_tells_equal_forms_apart_is_no_part_of_the_report(chat: Chat) -> None:
    chat.say("周报")
    again = chat.say("周报")
    assert again.endswith("〕")
    assert "KR5 组织法制培训 0/4 场 · 0%（不变）\n" in chat.say(again)


def test_counts_without_a_unit_keep_to_their_lines(chat: Chat, engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        lines = (("入户走访", "0", "30", ""), ("每周2次巡逻", "0", "50", ""), ("案件办结率", "0", "90", "%"))
        make_objective(session, county.period, county.nanqiao_officer, "南桥平安", lines)
    chat.say("KR1 12\nKR2 7\nKR3 80", sender="nanqiao01")
    answer = chat.say(chat.say("周报", sender="nanqiao01"), sender="nanqiao01")
    assert "KR1 入户走访 12/30 · 40%" in answer
    assert "KR2 每周2次巡逻 7/50 · 14%" in answer
    assert "KR3 案件办结率 80/90% · 89%" in answer


def test_the_lines_alone_are_a_report_too(chat: Chat) -> None:
    form = chat.say("周报").replace("0/50", "12/50")
    assert "KR1 入户走访 12/50 户 · 24%（+12）" in chat.say("\n".join(form.splitlines()[1:]))


def test_a_form_taken_before_the_close_and_sent_after_it_is_late_for_its_week(chat: Chat, clock: MovableClock) -> None:
    clock.set(NEXT_MONDAY_BEFORE_CLOSE)
    form = chat.say("周报")
    assert form.startswith("周报（第47周）")
    clock.set(NEXT_MONDAY_AFTER_CLOSE)
    assert chat.say(form).startswith("记好了（第47周，补报）")


def test_the_word_with_a_report_after_it_is_a_report(chat: Chat) -> None:
    assert "KR1 入户走访 35/50 户" in chat.say("周报 KR1 35")


@pytest.mark.parametrize("text", ["周报怎么填", "周报呢", "填周报"])
def test_asking_about_it_gives_it(chat: Chat, text: str) -> None:
    assert chat.say(text).startswith("周报（第47周）")


def test_someone_without_objectives_is_shown_the_way_to_them(chat: Chat) -> None:
    assert "回“目标”" in chat.say("周报", sender="nanqiao01")
