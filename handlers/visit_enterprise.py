"""走访 企业名 …: a visit noted in one message (入企听诉); what reads as a request is offered to be filed with a tap."""

import re
from contextlib import suppress

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import command, step
from domain.text import fold, fold_in_place
from domain.triage import triage
from handlers.file_for_enterprise import submit, understood_as
from handlers.name_enterprise import ask_which_enterprise
from handlers.report import take_report
from models.enterprise import Enterprise
from models.ticket import TicketSource
from services.enterprise import Meant, enterprise_at_head
from services.enterprise_visit import heard, note_visit

OFFER = "visit_enterprise.offer"
NOTHING = Button("都不提", "都不提")
# 走访35户 reports progress and names no enterprise.
_AMOUNT = re.compile(r"[又再了共]*[\d一二两三四五六七八九十百几半]+\s*(?:多|来|余)?(?:户|家|次|人|个|遍|轮|%)")
_ONE = re.compile(r"(?:提交|提)?\s*第?\s*(\d)\s*(?:件|个|条)?")


@command(
    "走访",
    help="记一次入企走访，听到的诉求一点就提交",
    aliases=("入企听诉", "入企走访"),
    takes="企业名 听到什么",
    example="走访 固电电子 订单多了，缺30个普工",
    topic="工单",
)
def visit(context: Context) -> Answer:
    """Notes the visit where an enterprise is named; whatever reports progress (走访35户) is left to the report."""
    if not context.argument or _AMOUNT.match(fold_in_place(context.argument)):
        raise NotUnderstood
    meant = enterprise_at_head(context.session, context.argument)
    if meant.enterprise is None:
        return _not_found(context, meant)
    if _AMOUNT.match(fold_in_place(meant.rest)):
        raise NotUnderstood
    if not meant.rest:
        return f"在{meant.enterprise.name}听到了什么？连企业名一起说，比如“走访 {meant.said} 一切正常”。"
    note_visit(context.session, meant.enterprise, meant.rest, by=context.sender.person, now=context.now)
    said = f"记好了：今天走访 {meant.enterprise.name}。"
    parts = [part for part, _ in heard(meant.rest)]
    if not parts:
        return f"{said}没有要办的事。有的话说“代报 {meant.said} 什么事”。"
    return _offer(context, meant.enterprise, parts, said)


@step(OFFER)
def take_choice(context: Context) -> Answer:
    """Files the one that is chosen, or all; what is left is offered again."""
    data, said = context.question.data, fold(context.message.text)
    parts: list[str] = data["parts"]
    enterprise = context.session.get_one(Enterprise, data["enterprise_id"])
    chosen = _ONE.fullmatch(said)
    if said in ("都提交", "提交", "都提", "是", "对", "好"):
        filed, left = parts, []
    elif chosen and 0 < int(chosen[1]) <= len(parts):
        place = int(chosen[1]) - 1
        filed, left = [parts[place]], parts[:place] + parts[place + 1 :]
    elif said in (NOTHING.says, "不提", "不用", "不用了", "不"):
        context.question.end()
        return "好，只记走访。"
    else:
        return _offer(context, enterprise, parts, "没看清提交哪一件。")
    context.question.end()
    answers: list[Reply | Notice] = []
    for part in filed:
        answers += submit(context, enterprise, part, TicketSource.VISIT, understood_as(triage(part)))
    return [*answers, _offer(context, enterprise, left, "还剩：")] if left else answers


def _not_found(context: Context, meant: Meant) -> Answer:
    """The enterprises that may be meant, unless the words answer a question or read as a report."""
    if context.question.step or not meant.rest or meant.match.is_unknown:
        raise NotUnderstood
    with suppress(NotUnderstood):
        return take_report(context, context.message.text)
    return ask_which_enterprise(context.session, meant, "走访")


def _offer(context: Context, enterprise: Enterprise, parts: list[str], said: str) -> Reply:
    context.question.ask(OFFER, {"enterprise_id": enterprise.id, "parts": parts})
    lines = [f"{place} {triage(part).category.name}｜{triage(part).summary}" for place, part in enumerate(parts, 1)]
    ask = "要提交成诉求吗？" if len(parts) == 1 else f"听到 {len(parts)} 件事，要提交成诉求吗？"
    buttons = [Button(f"提交 {place}", f"提交 {place}") for place in range(1, len(parts) + 1)]
    if len(parts) > 1:
        buttons.insert(0, Button("都提交", "都提交"))
    return Reply("\n".join([said, ask, *lines]), (*buttons[:5], NOTHING))
