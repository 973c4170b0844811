"""A leader agrees to an objective or returns it; whoever is late or somebody else's leader changes nothing."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import Objective, ObjectiveState
from models.person import Person, PersonRole, Role
from tests.chat import Chat
from tests.factories import Cast, make_person
from tests.times import MovableClock, at

ALL_AT_ONCE = "目标\n管好沿街商铺\n商铺走访 0→80 家 权重2\n隐患整改率 60%→95%\n台账上墙"


@pytest.fixture
def proposed(chat: Chat, engine: Engine) -> int:
    """The id of an objective that 李花 has handed in."""
    return hand_in(chat, engine)


def hand_in(chat: Chat, engine: Engine, words: str = ALL_AT_ONCE) -> int:
    chat.say(words)
    chat.press("好了")
    chat.press("提交")
    with reading(engine) as session:
        return session.exec(select(Objective.id).order_by(Objective.id.desc())).first() or 0  # type: ignore[union-attr]  # SQLModel types columns as values


def add_leader(engine: Engine, county: Cast, chat: Chat) -> None:
    """A second leader of 城关所."""
    with writing(engine) as session:
        make_person(session, "zhaosuo", "赵所", county.station, Role.UNIT_LEADER)
    chat.world.directory.add_member("zhaosuo", "赵所", departments=[1])


def state_of(engine: Engine, objective_id: int) -> Objective:
    with reading(engine) as session:
        objective = session.get_one(Objective, objective_id)
        session.expunge(objective)
        return objective


def test_a_leader_agrees_with_one_press_and_the_owner_hears_at_once(chat: Chat, proposed: int, engine: Engine) -> None:
    assert "同意了：李花的“管好沿街商铺”" in chat.press("同意", sender="wangsuo")
    assert "王所同意了你的目标“管好沿街商铺”。\nKR6–KR8" in chat.inbox("lihua")[-1].text
    assert state_of(engine, proposed).state is ObjectiveState.APPROVED
    assert "KR6 商铺走访 12/80 家 · 15%" in chat.say("KR6 12")


def test_a_leader_returns_it_with_a_reason_and_the_owner_may_mend_it(chat: Chat, proposed: int, engine: Engine) -> None:
    assert "退回的原因是什么？" in chat.press("退回", sender="wangsuo")
    assert "退回了" in chat.say("目标定低了，去年就有100家", sender="wangsuo")
    assert "王所退回了你的目标“管好沿街商铺”：目标定低了，去年就有100家" in chat.inbox("lihua")[-1].text
    assert state_of(engine, proposed).state is ObjectiveState.RETURNED
    assert "第1条 商铺走访 0→80 家 权重2" in chat.press("修改")


def test_words_do_the_same_as_buttons(chat: Chat, proposed: int, engine: Engine) -> None:
    chat.say(f"退回 目标{proposed} 指标太低", sender="wangsuo")
    assert state_of(engine, proposed).return_reason == "指标太低"


def test_one_word_is_enough_when_only_one_waits(chat: Chat, proposed: int, engine: Engine) -> None:
    chat.say("同意", sender="wangsuo")
    assert state_of(engine, proposed).state is ObjectiveState.APPROVED
    assert chat.say("同意", sender="wangsuo") == "现在没有等你确认的。"


def test_of_several_that_wait_the_cards_are_shown(chat: Chat, proposed: int, engine: Engine) -> None:
    second = hand_in(chat, engine, "目标 新目标二\n夜查 0→6 次")
    assert "等你确认的有 2 个" in chat.say("同意", sender="wangsuo")
    assert state_of(engine, second).state is ObjectiveState.PROPOSED
    assert "还有 1 个等你确认" in chat.say(f"同意 目标{second}", sender="wangsuo")
    assert "等你确认的有 1 个" in chat.press("看下一个", sender="wangsuo")


def test_of_two_leaders_one_wins_and_the_other_is_told_who(chat: Chat, county: Cast, engine: Engine) -> None:
    add_leader(engine, county, chat)
    proposed = hand_in(chat, engine)
    chat.press("同意", sender="wangsuo")
    assert "王所已经在 15:07 同意了" in chat.press("退回", sender="zhaosuo")
    assert state_of(engine, proposed).decided_by_id == county.wangsuo.id


def test_a_reason_that_comes_after_somebody_elses_decision_changes_nothing(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    add_leader(engine, county, chat)
    proposed = hand_in(chat, engine)
    chat.press("退回", sender="zhaosuo")
    chat.press("同意", sender="wangsuo")
    assert "王所已经在 15:07 同意了" in chat.say("太低", sender="zhaosuo")
    assert state_of(engine, proposed).state is ObjectiveState.APPROVED
    assert "已经在" not in chat.say("太低", sender="zhaosuo")


def test_approving_twice_tells_the_owner_once(chat: Chat, proposed: int) -> None:
    chat.say(f"同意 目标{proposed}", sender="wangsuo")
    heard = len(chat.inbox("lihua"))
    assert "你已经在 15:07 同意了" in chat.say(f"同意 目标{proposed}", sender="wangsuo")
    assert len(chat.inbox("lihua")) == heard


@pytest.mark.parametrize("sender", ["lihua", "zhangsan", "nansuo", "jixiao"])
@pytest.mark.parametrize("words", ["同意 目标{}", "退回 目标{} 太低", "退回 目标{}"])
def test_nobody_else_may_decide(chat: Chat, proposed: int, engine: Engine, sender: str, words: str) -> None:
    assert chat.say(words.format(proposed), sender=sender) == "没有找到这条待定的目标。"
    assert state_of(engine, proposed).state is ObjectiveState.PROPOSED


def test_an_id_that_does_not_exist_is_answered_like_a_foreign_one(chat: Chat, county: Cast) -> None:
    assert county.wangsuo.name == "王所"
    assert chat.say("同意 目标99999", sender="wangsuo") == "没有找到这条待定的目标。"


def test_a_card_of_an_older_version_agrees_to_nothing(chat: Chat, county: Cast, engine: Engine) -> None:
    add_leader(engine, county, chat)
    proposed = hand_in(chat, engine)
    old = next(post for post in reversed(chat.inbox("zhaosuo")) if post.content.get("button_list"))
    chat.say(f"退回 目标{proposed} 太低", sender="wangsuo")
    chat.press("修改")
    chat.say("第1条 商铺走访 0→10 家")
    chat.press("好了")
    chat.press("提交")
    chat.world.people.press("zhaosuo", old, old.content["button_list"][0]["key"])
    chat.work_off()
    assert state_of(engine, proposed).state is ObjectiveState.PROPOSED
    assert "后来改过这个目标" in "\n".join(post.text for post in chat.inbox("zhaosuo")[-3:])
    chat.press("同意", sender="zhaosuo")
    assert state_of(engine, proposed).state is ObjectiveState.APPROVED


def test_a_press_that_decides_nothing_does_not_close_the_card(
    chat: Chat, county: Cast, proposed: int, engine: Engine
) -> None:
    with writing(engine) as session:
        session.delete(session.get_one(PersonRole, (county.wangsuo.id, Role.UNIT_LEADER)))
    chat.press("同意", sender="wangsuo")
    card = next(post for post in chat.inbox("wangsuo") if post.kind == "template_card")
    assert card.replaced is None
    assert state_of(engine, proposed).state is ObjectiveState.PROPOSED


def test_a_leader_who_is_none_any_more_decides_nothing(chat: Chat, county: Cast, proposed: int, engine: Engine) -> None:
    with writing(engine) as session:
        role = session.get_one(PersonRole, (county.wangsuo.id, Role.UNIT_LEADER))
        session.delete(role)
    assert "没有找到这条待定的目标" in chat.press("同意", sender="wangsuo")
    assert state_of(engine, proposed).state is ObjectiveState.PROPOSED


def test_whoever_follows_a_leader_finds_what_waits(
    chat: Chat, county: Cast, proposed: int, engine: Engine, clock: MovableClock
) -> None:
    add_leader(engine, county, chat)
    with writing(engine) as session:
        session.get_one(Person, county.wangsuo.id).left_at = at("2026-11-20 16:00")
    clock.set(at("2026-11-20 17:00"))
    assert "等你确认的有 1 个" in chat.say("待确认", sender="zhaosuo")
    chat.press("同意", sender="zhaosuo")
    assert state_of(engine, proposed).state is ObjectiveState.APPROVED


def test_an_objective_of_a_leaver_waits_for_nobody(chat: Chat, county: Cast, proposed: int, engine: Engine) -> None:
    with writing(engine) as session:
        session.get_one(Person, county.lihua.id).left_at = at("2026-11-20 15:00")
    assert chat.say("待确认", sender="wangsuo") == "现在没有等你确认的。"
    assert "没有找到" in chat.say(f"同意 目标{proposed}", sender="wangsuo")


def test_a_decision_is_audited(chat: Chat, proposed: int, engine: Engine) -> None:
    chat.press("同意", sender="wangsuo")
    with reading(engine) as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "objective.approve"))
        assert (entry.actor, entry.subject) == ("wangsuo", f"objective:{proposed}")


@pytest.mark.parametrize("words", ["同意见书 KR1 35", "退回去重做"])
def test_words_that_only_begin_like_the_command_decide_nothing(
    chat: Chat, proposed: int, engine: Engine, words: str
) -> None:
    chat.say(words, sender="wangsuo")
    assert state_of(engine, proposed).state is ObjectiveState.PROPOSED
