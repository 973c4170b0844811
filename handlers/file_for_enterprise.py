"""代报, 热线: staff file a request on behalf of an enterprise, in one message and a tap."""

import re
from contextlib import suppress
from typing import Any

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import command, step
from domain.text import fold
from domain.triage import Nature, Triage, triage
from domain.triage_words import CATEGORIES, OTHER
from handlers.name_enterprise import ask_which_enterprise
from handlers.report import DOUBT, take_report
from handlers.ticket_notice import buttons_of, notices_of
from models.enterprise import Enterprise
from models.ticket import TicketSource
from services.enterprise import enterprise_at_head
from services.ticket.deed import Doer
from services.ticket.filing import Draft, file
from services.ticket.telling import facts_of
from services.wording_ticket import filed_on_behalf, spoken

CONFIRM = "file_for_enterprise.confirm"
URGENT, NOT_URGENT = "急件", "不急"
EXAMPLE = "代报 固电电子 厂门口路灯不亮"
_YES = re.compile("(?:提交|对|对的|是|是的|好|好的|确认|可以)[。.]?")
_NAMES = {one.name for one in (*CATEGORIES, OTHER)}


@command("代报", help="替企业提一件诉求", takes="企业名 一句话", example=EXAMPLE, topic="工单")
def file_for(context: Context) -> Answer:
    """Proposes what was understood; 提交 files it."""
    return _begin(context, TicketSource.STAFF, "代报")


@command(
    "热线",
    help="把热线来电记成诉求",
    aliases=("96871",),
    takes="企业名 一句话",
    example="热线 固电电子 停电两天了",
    topic="工单",
)
def file_from_hotline(context: Context) -> Answer:
    """The same, for what came by the hotline 96871."""
    return _begin(context, TicketSource.HOTLINE, "热线")


@step(CONFIRM)
def take_answer(context: Context) -> Answer:
    """Takes 提交, 急件, 不急 or a category; any other words say the matter anew."""
    data, said = context.question.data, fold(context.message.text)
    if _YES.fullmatch(said):
        context.question.end()
        enterprise = context.session.get_one(Enterprise, data["enterprise_id"])
        return submit(context, enterprise, data["words"], TicketSource(data["source"]), data)
    if said in (URGENT, "急", NOT_URGENT):
        return _propose(context, {**data, "is_urgent": said != NOT_URGENT})
    if context.message.text in _NAMES:
        return _propose(context, {**data, "category": context.message.text})
    return _read(context, data["enterprise_id"], TicketSource(data["source"]), context.message.text)


def submit(
    context: Context, enterprise: Enterprise, words: str, source: TicketSource, understood: dict[str, Any]
) -> list[Reply | Notice]:
    """Files it in the sender's name; whoever is to do it is told."""
    draft = Draft(
        understood["summary"],
        words=words,
        category=understood["category"],
        is_urgent=understood["is_urgent"],
        source=source,
        enterprise_id=enterprise.id,
    )
    person = context.sender.person
    outcome = file(context.session, draft, by=Doer(person=person), now=context.now)
    ticket = outcome.ticket
    facts = facts_of(context.session, ticket, Doer(person=person), now=context.now)
    text = filed_on_behalf(facts, spoken(ticket.accept_due_at, context.now))
    buttons = buttons_of(context.session, ticket, person, now=context.now)
    return [Reply(text, buttons), *notices_of(context.session, outcome.tellings)]


def understood_as(found: Triage) -> dict[str, Any]:
    """What a proposal keeps of a sentence."""
    return {"summary": found.summary, "category": found.category.name, "is_urgent": found.is_urgent}


def _begin(context: Context, source: TicketSource, word: str) -> Answer:
    if not context.argument:
        if context.question.step == DOUBT:
            raise NotUnderstood
        return f"哪家企业、什么事？一句话，比如“{EXAMPLE.replace('代报', word)}”。"
    meant = enterprise_at_head(context.session, context.argument)
    if meant.enterprise is None:
        if not context.message.text.removesuffix(context.argument)[-1:].isspace():
            raise NotUnderstood
        with suppress(NotUnderstood):
            return take_report(context, context.message.text)
        return ask_which_enterprise(context.session, meant, word)
    if not meant.rest:
        return f"{meant.enterprise.name}有什么事？连企业名一起说，比如“{word} {meant.said} 厂门口路灯不亮”。"
    return _read(context, meant.enterprise.id or 0, source, meant.rest)


def _read(context: Context, enterprise_id: int, source: TicketSource, words: str) -> Answer:
    found = triage(words)
    if found.nature not in (Nature.REQUEST, Nature.EMERGENCY):
        return "没看出要办什么事。写一句话说清楚，比如“厂门口路灯不亮”。"
    data = {"enterprise_id": enterprise_id, "words": words, "source": source.value, **understood_as(found)}
    return _propose(context, data, found.call)


def _propose(context: Context, data: dict[str, Any], call: tuple[str, ...] = ()) -> Reply:
    context.question.ask(CONFIRM, data)
    name = context.session.get_one(Enterprise, data["enterprise_id"]).name
    urgency = URGENT if data["is_urgent"] else NOT_URGENT
    lines = [f"{name}｜{data['category']}｜{data['summary']}｜{urgency}", f"来自{data['source']}。对吗？"]
    if call:
        lines.append(f"看着有危险，请先让对方拨打 {'/'.join(call)}。")
    lines.append("类别不对就回类别名，比如“融资”；说错了重说一句。")
    other = NOT_URGENT if data["is_urgent"] else URGENT
    return Reply("\n".join(lines), (Button("提交", "提交"), Button(other, other), Button("不提了", "取消")))
