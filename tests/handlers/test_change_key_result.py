"""Changing an approved key result needs the leader again; both values and the reason stay."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading
from models.okr import Change, ChangeState, KeyResult, Objective
from tests.chat import Chat
from tests.factories import Cast


def key_result(engine: Engine, county: Cast, number: int) -> KeyResult:
    with reading(engine) as session:
        query = (
            select(KeyResult)
            .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
            .where(Objective.person_id == county.lihua.id, KeyResult.number == number)
        )
        found = session.exec(query).one()
        session.expunge(found)
        return found


def changes(engine: Engine) -> list[Change]:
    with reading(engine) as session:
        found = list(session.exec(select(Change).order_by(col(Change.id))))
        session.expunge_all()
        return found


def test_a_change_is_made_when_the_leader_agrees_and_both_values_stay(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("KR1 35")
    answer = chat.say("改 KR1 目标 70 辖区扩大")
    assert answer == "提上去了：KR1 目标值 50 → 70 户（辖区扩大）。\n等 王所 同意，同意前还按原来的算。"
    assert key_result(engine, county, 1).target == 50
    assert "同意了：李花 KR1 目标值 50 → 70 户" in chat.press("同意", sender="wangsuo")
    assert "现在是：KR1 入户走访 35/70 户 · 50%" in chat.inbox("lihua")[-1].text
    (change,) = changes(engine)
    assert (change.old_value, change.new_value, change.reason, change.state) == (
        "50",
        "70",
        "辖区扩大",
        ChangeState.APPROVED,
    )
    assert key_result(engine, county, 1).target == 70


def test_what_is_left_out_is_asked_for_one_thing_at_a_time(chat: Chat, engine: Engine) -> None:
    assert "改什么？" in chat.say("改KR1")
    assert "目标值改成多少？" in chat.press("改目标值")
    assert "为什么改？" in chat.say("60")
    assert "KR1 目标值 50 → 60 户（任务调整）" in chat.press("任务调整")
    assert [change.new_value for change in changes(engine)] == ["60"]


def test_a_field_with_its_value_answers_the_question_for_the_field(chat: Chat) -> None:
    chat.say("改KR1")
    assert "KR1 目标值改成 60。为什么改？" in chat.say("目标 60")


@pytest.mark.parametrize(
    ("words", "field", "old", "new"),
    [
        ("改KR2 权重改成2，人手少了", "weight", "1", "2"),
        ("改 kr1 名称 走访入户 和上级一致", "title", "入户走访", "走访入户"),
        ("修改 KR4 目标值改为百分之八十五 因为口径变了", "target", "90", "85"),
        ("改KR5 单位 堂 按课算", "unit", "场", "堂"),
    ],
)
def test_each_field_can_be_changed(chat: Chat, engine: Engine, words: str, field: str, old: str, new: str) -> None:
    assert "提上去了" in chat.say(words)
    chat.press("同意", sender="wangsuo")
    (change,) = changes(engine)
    assert (change.field, change.old_value, change.new_value) == (field, old, new)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("改 KR1 目标 50 没变", "目标值本来就是 50"),
        ("改 KR1 目标 0 不做了", "起始值和目标值一样"),
        ("改 KR1 权重 0 不算了", "权重要大于 0"),
        ("改 KR9 目标 60 原因", "没有 KR9，能改的有 KR1、KR2"),
        ("改 KR1 目标 很多 原因", "没看清是多少"),
    ],
)
def test_what_cannot_be_is_refused_in_words(chat: Chat, engine: Engine, words: str, answer: str) -> None:
    assert answer in chat.say(words)
    assert changes(engine) == []


def test_a_leader_who_does_not_agree_gives_a_reason_and_nothing_changes(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    chat.say("改 KR1 目标 40 太多")
    chat.press("退回", sender="wangsuo")
    assert chat.buttons("wangsuo") == ["原目标不变", "理由不够", "改得太多", "先不退"]
    chat.say("再坚持一下", sender="wangsuo")
    assert "没同意改 KR1 的目标值：再坚持一下" in chat.inbox("lihua")[-1].text
    assert key_result(engine, county, 1).target == 50


def test_a_newer_wish_takes_the_place_of_an_open_one_of_the_same_field(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    chat.say("改 KR1 目标 60 辖区扩大")
    chat.say("改 KR1 权重 3 更重要")
    chat.say("改 KR1 目标 70 又扩大")
    first, weight, second = changes(engine)
    assert [one.state for one in (first, weight, second)] == [
        ChangeState.RETURNED,
        ChangeState.PROPOSED,
        ChangeState.PROPOSED,
    ]
    assert "李花后来另提了新的改动" in chat.say(f"同意 变更{first.id}", sender="wangsuo")
    chat.say(f"同意 变更{second.id}", sender="wangsuo")
    assert key_result(engine, county, 1).target == 70


def test_a_changed_start_moves_a_key_result_nobody_has_reported(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("改 KR2 起始 65 口径修正")
    chat.press("同意", sender="wangsuo")
    assert key_result(engine, county, 2).current == Decimal(65)


def test_nobody_else_may_decide_about_a_change(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("改 KR1 目标 60 辖区扩大")
    (change,) = changes(engine)
    for sender in ("lihua", "nansuo", "jixiao"):
        assert chat.say(f"同意 变更{change.id}", sender=sender) == "没有找到这条待定的改动。"
    assert key_result(engine, county, 1).target == 50


def test_agreeing_twice_changes_once(chat: Chat, engine: Engine) -> None:
    chat.say("改 KR1 目标 60 辖区扩大")
    (change,) = changes(engine)
    chat.say(f"同意 变更{change.id}", sender="wangsuo")
    assert "你已经在 15:07 同意了" in chat.say(f"同意 变更{change.id}", sender="wangsuo")


def test_changes_that_together_leave_nothing_to_measure_are_refused(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say("改 KR1 目标 20 减任务")
    chat.say("改 KR1 起始 20 口径")
    target, start = changes(engine)
    chat.say(f"同意 变更{target.id}", sender="wangsuo")
    assert "起始值和目标值一样" in chat.say(f"同意 变更{start.id}", sender="wangsuo")
    assert (key_result(engine, county, 1).start, key_result(engine, county, 1).target) == (Decimal(0), Decimal(20))


def test_a_change_is_audited_with_figures_and_no_words(chat: Chat, engine: Engine) -> None:
    chat.say("改 KR1 目标 60 辖区扩大")
    chat.press("同意", sender="wangsuo")
    with reading(engine) as session:
        entries = session.exec(select(AuditEntry).where(col(AuditEntry.action).startswith("change."))).all()
        assert [entry.action for entry in entries] == ["change.propose", "change.approve"]
        assert entries[1].details["old"] == "50"
        assert entries[1].details["new"] == "60"
        assert "辖区" not in str([entry.details for entry in entries])
