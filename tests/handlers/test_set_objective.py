"""Setting an objective in a chat: line by line or at once, corrected, aligned, handed in, mended, dropped."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import KeyResult, Objective, ObjectiveState
from models.person import PersonRole, Role
from tests.chat import Chat
from tests.factories import Cast
from tests.times import MovableClock, at

ALL_AT_ONCE = "目标\n管好沿街商铺\n商铺走访 0→80 家 权重2\n隐患整改率 60%→95%\n台账上墙"


def objectives_of(session: Session, person_id: int | None) -> list[Objective]:
    query = select(Objective).where(Objective.person_id == person_id).order_by(Objective.position)  # type: ignore[arg-type]  # SQLModel types columns as values
    return list(session.exec(query))


def key_results_of(session: Session, objective: Objective) -> list[KeyResult]:
    query = select(KeyResult).where(KeyResult.objective_id == objective.id).order_by(KeyResult.number)  # type: ignore[arg-type]  # SQLModel types columns as values
    return list(session.exec(query))


def test_an_objective_is_written_line_by_line_and_handed_to_the_leader(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    assert chat.say("目标", sender="nanqiao01").startswith("2026年第四季度的目标，还能写 5 个。")
    assert "怎么算做到？" in chat.say("管好沿街商铺", sender="nanqiao01")
    assert "第1条 商铺走访 0→80 家 权重2" in chat.say("商铺走访 0→80 家 权重2", sender="nanqiao01")
    answer = chat.say("隐患整改率 60%→95%\n台账上墙", sender="nanqiao01")
    assert "第2条 隐患整改率 60%→95%\n第3条 台账上墙\n还能加 2 条" in answer
    assert "提交后由 南所 确认" in chat.press("好了", sender="nanqiao01")
    assert chat.press("提交", sender="nanqiao01") == (
        "交上去了：管好沿街商铺（KR1–KR3）。\n等 南所 确认，有结果马上告诉你。"
    )
    with reading(engine) as session:
        (objective,) = objectives_of(session, county.nanqiao_officer.id)
        assert (objective.state, objective.position) == (ObjectiveState.PROPOSED, 1)
        kept = [(one.number, one.start, one.target, one.unit, one.weight) for one in key_results_of(session, objective)]
    assert kept == [
        (1, Decimal(0), Decimal(80), "家", Decimal(2)),
        (2, Decimal(60), Decimal(95), "%", Decimal(1)),
        (3, Decimal(0), Decimal(1), "", Decimal(1)),
    ]
    card = chat.inbox("nansuo")[-1]
    assert "南一报来目标" in card.text
    assert [button["text"] for button in card.content["button_list"]] == ["同意", "退回"]


def test_everything_may_come_in_one_message_and_numbers_go_on_through_the_period(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    assert "（KR6–KR8）" in chat.press("提交")
    with reading(engine) as session:
        assert [one.position for one in objectives_of(session, county.lihua.id)] == [1, 2]


def test_what_is_wrong_is_named_and_what_is_right_is_kept(chat: Chat) -> None:
    answer = chat.say("目标\n管好商铺\n走访 0→80 家\n整改 5→5\n培训 0→3 场 权重0")
    assert "第1条 走访 0→80 家" in answer
    assert "“整改 5→5”没收：起始值和目标值一样" in answer
    assert "“培训 0→3 场 权重0”没收：权重要大于 0" in answer


def test_a_sixth_key_result_is_left_out(chat: Chat) -> None:
    answer = chat.say("目标\n管好商铺\n" + "\n".join(f"第{word}类走访 0→80 家" for word in "甲乙丙丁戊己"))
    assert "第5条" in answer
    assert "第己类走访 0→80 家”没收：一个目标最多 5 条" in answer


def test_lines_are_corrected_by_their_place(chat: Chat) -> None:
    chat.say(ALL_AT_ONCE)
    assert "第2条 隐患整改率 50%→90%" in chat.say("第2条 隐患整改率 50%→90%")
    answer = chat.say("删第1条")
    assert "第1条 隐患整改率 50%→90%\n第2条 台账上墙" in answer
    assert "没有第 9 条" in chat.say("删第9条")
    assert "目标：管好临街商铺" in chat.say("标题 管好临街商铺")


def test_the_preview_takes_corrections_too(chat: Chat) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    assert "换一条说“第2条 …”" in chat.press("改")
    chat.press("好了")
    assert "第4条 夜查 0→6 次" in chat.say("夜查 0→6 次")


def test_an_abandoned_draft_leaves_nothing(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("取消")
    assert "管好沿街商铺" not in chat.say("好了")
    with reading(engine) as session:
        assert len(objectives_of(session, county.lihua.id)) == 1


def test_a_draft_without_key_results_is_not_taken(chat: Chat) -> None:
    chat.say("目标\n管好商铺")
    assert "1 到 5 条" in chat.say("好了")
    assert "第1条 走访 0→80 家" in chat.say("走访 0→80 家")


def test_a_sixth_objective_is_refused(chat: Chat, county: Cast, engine: Engine) -> None:
    with writing(engine) as session:
        for position in range(2, 6):
            session.add(
                Objective(
                    period_id=county.period.id or 0,
                    person_id=county.lihua.id,
                    position=position,
                    title=f"目标{position}号",
                    state=ObjectiveState.APPROVED,
                )
            )
    assert "已经有 5 个，满了" in chat.say("目标")


def test_an_objective_may_be_aligned_to_one_of_the_units(chat: Chat, county: Cast, engine: Engine) -> None:
    with writing(engine) as session:
        unit_objective = Objective(
            period_id=county.period.id or 0,
            unit_id=county.station.id,
            position=1,
            title="平安城关",
            state=ObjectiveState.APPROVED,
        )
        session.add(unit_objective)
        session.flush()
        unit_objective_id = unit_objective.id
    chat.say(ALL_AT_ONCE)
    assert "挂在单位的哪个目标下面？" in chat.press("好了")
    assert chat.buttons() == ["挂 1", "不挂"]
    assert "对应单位目标：平安城关" in chat.press("挂 1")
    chat.press("提交")
    with reading(engine) as session:
        assert objectives_of(session, county.lihua.id)[1].aligned_to_id == unit_objective_id


def test_whoever_has_nobody_above_is_decided_by_the_office_and_told(chat: Chat, county: Cast, engine: Engine) -> None:
    assert county.wangsuo.name == "王所"
    chat.say(ALL_AT_ONCE, sender="wangsuo")
    chat.press("好了", sender="wangsuo")
    assert "你上面没有负责人，交给绩效管理员 纪晓 确认" in chat.press("提交", sender="wangsuo")
    assert "同意了：王所的“管好沿街商铺”" in chat.press("同意", sender="jixiao")
    with reading(engine) as session:
        assert objectives_of(session, county.wangsuo.id)[0].state is ObjectiveState.APPROVED


def test_a_returned_objective_is_mended_with_its_old_lines(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    chat.press("提交")
    chat.press("退回", sender="wangsuo")
    chat.say("指标太低", sender="wangsuo")
    assert "O2 管好沿街商铺（退回：指标太低）" in chat.say("目标")
    assert "第1条 商铺走访 0→80 家 权重2" in chat.press("修改 O2")
    chat.say("第1条 商铺走访 0→120 家 权重2")
    chat.press("好了")
    assert "（KR6–KR8）" in chat.press("提交")
    with reading(engine) as session:
        objective = objectives_of(session, county.lihua.id)[1]
        assert (objective.state, objective.return_reason) == (ObjectiveState.PROPOSED, "")
        assert key_results_of(session, objective)[0].target == 120


def test_an_objective_nobody_agreed_to_can_be_dropped(chat: Chat, county: Cast, engine: Engine) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    chat.press("提交")
    chat.say("目标")
    chat.press("修改 O2")
    assert "撤掉了“管好沿街商铺”" in chat.press("撤掉")
    assert "没有找到这条待定的目标" in chat.press("同意", sender="wangsuo")
    with reading(engine) as session:
        assert len(objectives_of(session, county.lihua.id)) == 1


def test_an_objective_of_somebody_else_can_be_neither_mended_nor_dropped(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    chat.press("提交")
    with reading(engine) as session:
        objective_id = objectives_of(session, county.lihua.id)[1].id
    refusal = "你没有这样一个目标。说“目标”看看有哪些。"
    assert chat.say(f"目标{objective_id}", sender="nanqiao01") == refusal
    assert refusal in chat.say(f"撤回目标{objective_id}", sender="nanqiao01")


def test_without_a_period_the_office_is_named(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2027-03-01 09:00"))
    assert "现在没有可以定目标的周期" in chat.say("目标")


def test_a_draft_kept_past_the_periods_end_is_not_taken(chat: Chat, clock: MovableClock) -> None:
    clock.set(at("2026-12-31 20:00"))
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    clock.advance(hours=5)
    assert "已经结束" in chat.press("提交")


def test_what_is_handed_in_is_audited_without_words(chat: Chat, engine: Engine) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    chat.press("提交")
    with reading(engine) as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "objective.propose"))
        assert entry.actor == "lihua"
        assert entry.details["key_results"]["KR6"] == {"start": "0", "target": "80", "weight": "2"}
        assert "商铺" not in str(entry.details)


@pytest.mark.parametrize("words", ["目标定低了", "目标人群走访 35"])
def test_words_that_only_begin_like_the_command_start_no_draft(chat: Chat, words: str) -> None:
    assert "还能写" not in chat.say(words)


def test_a_leader_of_several_roles_may_set_objectives_as_well(chat: Chat, county: Cast, engine: Engine) -> None:
    with writing(engine) as session:
        session.add(PersonRole(person_id=county.wangsuo.id or 0, role=Role.OFFICE))
    chat.say(ALL_AT_ONCE, sender="wangsuo")
    assert "提交后由 纪晓 确认" in chat.press("好了", sender="wangsuo")


def test_the_commands_word_in_a_draft_gives_the_title_or_opens_another(
    chat: Chat, county: Cast, engine: Engine
) -> None:
    chat.say(ALL_AT_ONCE)
    chat.press("好了")
    chat.press("提交")
    with reading(engine) as session:
        objective_id = objectives_of(session, county.lihua.id)[1].id
    chat.say("目标 新的")
    chat.say("管好夜市")
    assert "目标：管好早市" in chat.say("目标 管好早市")
    assert "目标：管好沿街商铺\n第1条 商铺走访" in chat.say(f"目标{objective_id}")
