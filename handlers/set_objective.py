"""目标: an objective and its key results, written line by line or all at once, and handed to the leader."""

import re
from typing import Any

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import command, step
from domain.objective_draft import ObjectiveDraft, draft_from_json, draft_to_json, show_line, take_lines
from domain.okr import MAX_KEY_RESULTS, MAX_OBJECTIVES, BoundsError, check_key_result_count
from domain.text import fold
from handlers.decide_objective import ask_deciders
from models.okr import Objective, ObjectiveState
from services.objective import (
    Proposal,
    draft_of,
    find_own,
    key_results_of,
    period_to_set,
    propose,
    set_for,
    unit_objectives,
)
from services.period import workdays
from services.team import deciders
from services.wording_objective import numbers

DRAFT, ALIGN, CONFIRM = "set_objective.draft", "set_objective.align", "set_objective.confirm"
# Steps that take free words: 目标 60 or 目标 定低了 is an answer there.
FREE_WORDS = (
    "change_key_result.",
    "decide_objective.",
    "answer_question.",
    "ask_officer.",
    "review.",
)
ANOTHER = "新的"
NO_MORE = {"好了", "好", "完成", "没了", "写完了", "就这些", "提交"}
CANCEL = Button("取消", "取消")
EXAMPLE = "入户走访 0→50 户 权重2\n反诈宣传覆盖率 60%→95%\n台账系统上线"
_ITS_NUMBER = re.compile(r"(?:o|目标)?\s*(\d{1,9})")


@command("目标", help="定目标、改退回的目标", aliases=("定目标", "写目标"), takes="目标和关键结果")
def set_objective(context: Context) -> Answer:
    """Starts a draft, empty or with the words that follow; 目标12 opens that one to mend it."""
    argument = context.argument
    number = _ITS_NUMBER.fullmatch(fold(argument))
    is_answer = context.question.step.startswith(FREE_WORDS)
    if number and (context.message.pressed or not is_answer):
        return _mend(context, int(number[1]))
    apart = context.message.text.removesuffix(argument)[-1:] in tuple(" \n\t:：")
    if argument and argument != ANOTHER and (not apart or is_answer or context.question.step == DRAFT):
        raise NotUnderstood
    return _start(context, argument)


@step(DRAFT)
def take_draft(context: Context) -> Answer:
    """Takes lines of the draft, corrections of them, and 好了."""
    data, text = context.question.data, context.message.text
    draft = draft_from_json(data["draft"])
    if fold(text) not in NO_MORE:
        return _write(context, data, draft, text)
    if not draft.title:
        return Reply("还没写目标。一句话说要做成什么。", (CANCEL,))
    check_key_result_count(len(draft.key_results))
    unit_has = unit_objectives(context.session, context.sender.person.unit_id, data["period_id"])
    if unit_has and "is_aligned" not in data:
        context.question.ask(ALIGN, data)
        return _ask_alignment(unit_has)
    return _preview(context, data, draft)


@step(ALIGN)
def take_alignment(context: Context) -> Answer:
    """Takes which of the unit's objectives this one serves, or none."""
    data, said = context.question.data, fold(context.message.text)
    unit_has = unit_objectives(context.session, context.sender.person.unit_id, data["period_id"])
    found = re.fullmatch(r"(?:挂|o|第)?\s*(\d)\s*(?:个|条)?", said)
    chosen = next((one for one in unit_has if found and one.position == int(found[1])), None)
    if chosen is None and not said.startswith(("不挂", "不", "没有", "无")):
        return _ask_alignment(unit_has, "没看清挂哪个。")
    data = {**data, "is_aligned": True, "aligned_to_id": chosen.id if chosen else None}
    return _preview(context, data, draft_from_json(data["draft"]))


@step(CONFIRM)
def take_confirmation(context: Context) -> Answer:
    """Takes 提交 or 改; anything else is a line of the draft."""
    data, said = context.question.data, fold(context.message.text)
    draft = draft_from_json(data["draft"])
    if said in ("提交", "确认", "可以", "好", "好了", "对"):
        return _submit(context, data, draft)
    if said in ("改", "修改", "改一下"):
        context.question.ask(DRAFT, data)
        return Reply(
            f"{_listed(draft)}\n换一条说“第2条 …”，去掉说“删第2条”，换目标说“标题 …”，加一条直接发。",
            (Button("好了", "好了"), CANCEL),
        )
    return _write(context, data, draft, context.message.text)


def _start(context: Context, text: str) -> Answer:
    person = context.sender.person
    period = period_to_set(context.session, context.now, workdays(context.session))
    existing = set_for(context.session, person, period.id)
    unfinished = [one for one in existing if one.state is not ObjectiveState.APPROVED]
    room = MAX_OBJECTIVES - len(existing)
    if unfinished and not text:
        return _offer(unfinished, period.name, room)
    if room <= 0:
        raise BoundsError(f"{period.name}的目标已经有 {MAX_OBJECTIVES} 个，满了。要改关键结果说“改 KR1 目标 60 原因”。")
    data = {"period_id": period.id, "objective_id": None, "aligned_to_id": None}
    if text and text != ANOTHER:
        return _write(context, data, ObjectiveDraft(), text)
    context.question.ask(DRAFT, {**data, "draft": draft_to_json(ObjectiveDraft())})
    count = f"已经有 {len(existing)} 个，" if existing else ""
    return Reply(
        f"{period.name}的目标，{count}还能写 {room} 个。\n目标是什么？一句话。也可以连关键结果一起发，一行一条：\n守好一方平安\n{EXAMPLE}",
        (CANCEL,),
    )


def _offer(unfinished: list[Objective], period: str, room: int) -> Reply:
    """Those that are returned or still wait may be mended, or another one begun."""
    lines, buttons = [f"{period}还没同意的目标："], []
    for one in unfinished:
        reason = f"退回：{one.return_reason}" if one.state is ObjectiveState.RETURNED else "等确认"
        lines.append(f"O{one.position} {one.title}（{reason}）")
        buttons.append(Button(f"修改 O{one.position}", f"目标{one.id}"))
    if room > 0:
        buttons.append(Button("另写一个", f"目标 {ANOTHER}"))
    return Reply("\n".join(lines), tuple(buttons))


def _mend(context: Context, objective_id: int) -> Answer:
    """Opens a draft with the lines of an objective that is proposed or returned."""
    objective = find_own(context.session, objective_id, by=context.sender.person)
    draft = draft_of(context.session, objective)
    data = {
        "period_id": objective.period_id,
        "objective_id": objective.id,
        "aligned_to_id": objective.aligned_to_id,
        "draft": draft_to_json(draft),
    }
    context.question.ask(DRAFT, data)
    reason = f"退回的原因：{objective.return_reason}\n" if objective.return_reason else ""
    return Reply(
        f"{reason}{_listed(draft)}\n换一条说“第2条 …”，去掉说“删第2条”，换目标说“标题 …”，加一条直接发。改完点“好了”。",
        (Button("好了", "好了"), Button("撤掉", f"撤回目标{objective.id}"), CANCEL),
    )


def _write(context: Context, data: dict[str, Any], draft: ObjectiveDraft, text: str) -> Reply:
    """Adds lines to the draft and shows it, with what was left out and why."""
    draft, refused = take_lines(draft, text)
    context.question.ask(DRAFT, {**data, "draft": draft_to_json(draft)})
    if not draft.title:
        return Reply("\n".join([*refused, "目标是什么？一句话说要做成什么。"]), (CANCEL,))
    if not draft.key_results:
        ask = f"怎么算做到？发关键结果，一行一条，最多 {MAX_KEY_RESULTS} 条，比如：\n{EXAMPLE}"
        return Reply("\n".join([f"目标：{draft.title}", *refused, ask]), (CANCEL,))
    room = MAX_KEY_RESULTS - len(draft.key_results)
    more = f"还能加 {room} 条，写完点“好了”。" if room else "写满了，点“好了”。"
    return Reply("\n".join([_listed(draft), *refused, more]), (Button("好了", "好了"), CANCEL))


def _ask_alignment(unit_has: list[Objective], before: str = "") -> Reply:
    lines = [f"{before}挂在单位的哪个目标下面？", *(f"{one.position} {one.title}" for one in unit_has)]
    buttons = [Button(f"挂 {one.position}", f"挂 {one.position}") for one in unit_has]
    return Reply("\n".join(lines), (*buttons, Button("不挂", "不挂")))


def _preview(context: Context, data: dict[str, Any], draft: ObjectiveDraft) -> Reply:
    """The whole draft once more before it is handed in."""
    context.question.ask(CONFIRM, data)
    lines = [_listed(draft)]
    if data["aligned_to_id"]:
        lines.append(f"对应单位目标：{context.session.get_one(Objective, data['aligned_to_id']).title}")
    names = "、".join(one.name for one in deciders(context.session, context.sender.person))
    lines.append(f"提交后由 {names} 确认。" if names else "")
    return Reply("\n".join(filter(None, lines)), (Button("提交", "提交"), Button("改", "改"), CANCEL))


def _submit(context: Context, data: dict[str, Any], draft: ObjectiveDraft) -> list[Reply | Notice]:
    proposal = Proposal(draft, data["period_id"], data["aligned_to_id"], data["objective_id"])
    objective = propose(context.session, proposal, by=context.sender.person, now=context.now)
    context.question.end()
    told, notices = ask_deciders(context, objective)
    found = numbers(key_results_of(context.session, objective))
    return [Reply(f"交上去了：{objective.title}（{found}）。\n{told}"), *notices]


def _listed(draft: ObjectiveDraft) -> str:
    lines = (f"第{place}条 {show_line(one)}" for place, one in enumerate(draft.key_results, start=1))
    return "\n".join([f"目标：{draft.title}", *lines])
