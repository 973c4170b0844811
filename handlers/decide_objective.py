"""同意, 退回: a leader decides about an objective or a change that waits, and its owner hears at once."""

import re
from collections.abc import Callable

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command, step
from domain.errors import DomainError
from domain.text import fold_in_place
from handlers import change_key_result
from handlers.work_ticket import return_ticket
from models.okr import Objective
from models.period import Period
from models.person import Person, Role
from services.change import find_waiting_change, waiting_changes
from services.objective import (
    ChangedSince,
    approve,
    find_waiting,
    key_results_of,
    send_back,
    stamp_of,
    waiting_for,
)
from services.person import leaders_for
from services.team import deciders
from services.wording_objective import key_result_line, numbers, objective_decided, objective_proposed

REASON = "decide_objective.reason"
NOTHING = "现在没有等你确认的。"
SHOWN_AT_ONCE = 3
DECIDERS = frozenset({Role.UNIT_LEADER, Role.OFFICE})
REASONS = {"objective": ("指标太低", "指标太高", "不够具体"), "change": ("原目标不变", "理由不够", "改得太多")}
CANCEL = Button("先不退", "取消")
_SUBJECT = re.compile(r"(?P<kind>目标|变更|改动)?\s*(?P<id>\d{1,9})(?:\s*#(?P<stamp>[0-9a-f]{4}))?(?!\d)[\s:,。、]*")


@command(
    "同意",
    help="同意等你确认的目标或改动",
    takes="目标12，或变更5",
    example="同意 目标12",
    shown_to=DECIDERS,
)
def agree(context: Context) -> Answer:
    """Approves what is named; alone, the only one that waits."""
    subject = _subject(context)
    if subject is None:
        return _only_one(context, lambda kind, id_: _agree_to(context, kind, id_, ""))
    kind, id_, stamp, _ = subject
    return _agree_to(context, kind, id_, stamp)


@command(
    "退回",
    help="退回目标或改动，说一句原因",
    takes="目标12 原因",
    example="退回 目标12 指标太低",
    shown_to=DECIDERS,
)
def turn_down(context: Context) -> Answer:
    """Returns what is named with the reason given, or asks for the reason; a number alone is first a ticket's."""
    ticket = return_ticket(context)
    if ticket is not None:
        return ticket
    subject = _subject(context)
    if subject is None:
        return _only_one(context, lambda kind, id_: _ask_reason(context, kind, id_))
    kind, id_, _, reason = subject
    return _turn_down(context, kind, id_, reason) if reason else _ask_reason(context, kind, id_)


@step(REASON)
def take_reason(context: Context) -> Answer:
    """Takes the reason; when somebody else has decided meanwhile, says so and stops asking."""
    data = context.question.data
    context.question.end()
    try:
        return _turn_down(context, data["kind"], data["id"], context.message.text)
    except DomainError as refusal:
        return str(refusal)


@command("待确认", help="看等你同意的目标和改动", aliases=("待审",), allow=DECIDERS)
def show_waiting(context: Context) -> Answer:
    """The oldest of what waits for the sender, each as a card."""
    return _cards(context)


def ask_deciders(context: Context, objective: Objective) -> tuple[str, list[Notice]]:
    """A card for each who may decide about the sender's objective, and a sentence for the sender about who they are."""
    person = context.sender.person
    card = proposal_card(context, objective)
    leaders = deciders(context.session, person)
    notices = [
        Notice(one, f"objective:{objective.id}:{context.message.id}:{one.id}", card, Purpose.CARRIED) for one in leaders
    ]
    names = "、".join(one.name for one in leaders)
    if not leaders:
        return "还没有能确认的人，绩效管理员设好负责人以后，他说“待确认”就能看到。", []
    if leaders_for(context.session, person):
        return f"等 {names} 确认，有结果马上告诉你。", notices
    return f"你上面没有负责人，交给绩效管理员 {names} 确认，有结果马上告诉你。", notices


def proposal_card(context: Context, objective: Objective) -> Reply:
    """What a leader sees of an objective; its buttons carry the stamp of this version."""
    session = context.session
    owner, period = session.get_one(Person, objective.person_id), session.get_one(Period, objective.period_id)
    aligned_to = session.get(Objective, objective.aligned_to_id) if objective.aligned_to_id else None
    lines = [key_result_line(one) for one in key_results_of(session, objective)]
    text = objective_proposed(owner.name, period.name, objective, lines, aligned_to.title if aligned_to else "")
    words = f"目标{objective.id}"
    agree_button = Button("同意", f"同意 {words} #{stamp_of(session, objective)}")
    return Reply(text, (agree_button, Button("退回", f"退回 {words}")))


def _subject(context: Context) -> tuple[str, int, str, str] | None:
    """Kind, id, stamp and reason of what follows the word; None when nothing does."""
    if not context.argument:
        return None
    found = _SUBJECT.match(fold_in_place(context.argument))
    if found is None:
        raise NotUnderstood
    kind = "objective" if found["kind"] in (None, "目标") else "change"
    return kind, int(found["id"]), found["stamp"] or "", context.argument[found.end() :].strip()


def _only_one(context: Context, decide: Callable[[str, int], Answer]) -> Answer:
    """Decides about the only one that waits; of several the cards are shown."""
    person = context.sender.person
    objectives = waiting_for(context.session, person)
    changes = waiting_changes(context.session, person)
    if len(objectives) + len(changes) != 1:
        return _cards(context)
    if objectives:
        return decide("objective", objectives[0].id or 0)
    return decide("change", changes[0].id or 0)


def _cards(context: Context) -> Answer:
    person = context.sender.person
    cards = [proposal_card(context, one) for one in waiting_for(context.session, person)]
    cards += [change_key_result.change_card(context, one) for one in waiting_changes(context.session, person)]
    if not cards:
        return NOTHING
    more = f"，先看 {SHOWN_AT_ONCE} 个" if len(cards) > SHOWN_AT_ONCE else ""
    return [Reply(f"等你确认的有 {len(cards)} 个{more}。"), *cards[:SHOWN_AT_ONCE]]


def _agree_to(context: Context, kind: str, id_: int, stamp: str) -> Answer:
    if kind == "change":
        return change_key_result.agree(context, id_)
    try:
        objective = approve(context.session, id_, by=context.sender.person, now=context.now, stamp=stamp)
    except ChangedSince as outdated:
        return [Reply(str(outdated)), proposal_card(context, context.session.get_one(Objective, id_))]
    return _decided(context, objective, "同意了")


def _turn_down(context: Context, kind: str, id_: int, reason: str) -> Answer:
    if kind == "change":
        return change_key_result.turn_down(context, id_, reason)
    objective = send_back(context.session, id_, reason, by=context.sender.person, now=context.now)
    return _decided(context, objective, f"退回了，原因“{reason}”也转过去了")


def _ask_reason(context: Context, kind: str, id_: int) -> Answer:
    """Opens the question for the reason, once it is sure that the sender may decide."""
    find = find_waiting_change if kind == "change" else find_waiting
    find(context.session, id_, by=context.sender.person)
    context.question.ask(REASON, {"kind": kind, "id": id_})
    buttons = tuple(Button(reason, reason) for reason in REASONS[kind])
    return Reply("退回的原因是什么？一句话，原样转给本人。", (*buttons, CANCEL))


def _decided(context: Context, objective: Objective, word: str) -> list[Reply | Notice]:
    """Tells the leader and the owner."""
    owner = context.session.get_one(Person, objective.person_id)
    left = len(waiting_for(context.session, context.sender.person))
    buttons = (Button("看下一个", "待确认"),) if left else ()
    more = f"还有 {left} 个等你确认。" if left else ""
    found = numbers(key_results_of(context.session, objective))
    text = objective_decided(context.sender.person.name, objective, found)
    mend = Button("修改", f"目标{objective.id}") if objective.return_reason else Button("我的", "我的")
    key = f"objective:{objective.id}:{context.message.id}:owner"
    return [
        Reply(f"{word}：{owner.name}的“{objective.title}”。{more}", buttons),
        Notice(owner, key, Reply(text, (mend,)), Purpose.CARRIED),
    ]
