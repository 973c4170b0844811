"""我的工单, 看 7: what is in one's hands, due first, and one ticket with its log."""

from contextlib import suppress

from bot.context import Context, NotUnderstood
from bot.message import Answer, Link, Reply
from bot.registry import command
from domain.errors import DomainError
from domain.process import Actor, help_lines
from domain.ticket import TICKET
from domain.ticket_number import take_number
from handlers.report import take_report
from handlers.ticket_notice import buttons_of
from services.ticket.deed import Doer
from services.ticket.find import deals_with_tickets, find_ticket, own_tickets
from services.ticket.show import MOST_LINES, by_due_time, detail

NOT_YOURS = "你手里没有工单，也没有分管的网格。派到你这里的诉求会直接发给你。"


@command("我的工单", help="手里的诉求，快到时限的在前", aliases=("工单", "待办工单"), takes="号", topic="工单")
def show_mine(context: Context) -> Answer:
    """The open tickets of the sender on one screen, with the buttons of the first; with a number, that one."""
    if context.argument:
        return show_one(context)
    me = context.sender.person
    tickets = own_tickets(context.session, me)
    if not tickets:
        if deals_with_tickets(context.session, me, now=context.now):
            return "手里没有没办完的工单。查企业归谁管，说“查网格 企业名”。"
        return NOT_YOURS
    listed = by_due_time(context.session, tickets, now=context.now)
    late = sum(one.is_late for one in listed)
    head = f"手里 {len(listed)} 件{f'，{late} 件已超时' if late else ''}，最急的在前。"
    lines = [one.line(context.now) for one in listed[:MOST_LINES]]
    more = f"还有 {len(listed) - MOST_LINES} 件，办完上面的就看得到。" if len(listed) > MOST_LINES else ""
    buttons = buttons_of(context.session, listed[0].ticket, me, now=context.now)
    closing = f"按钮办的是最上面这件 {listed[0].ticket.number}。"
    return Reply("\n".join(filter(None, [head, *lines, more, closing])), buttons)


@command("看", help="看一件工单的详情和经过", aliases=("工单详情",), takes="号", example="看 7", topic="工单")
def show_one(context: Context) -> Answer:
    """One ticket in full, with what the sender can do to it now."""
    number, rest = take_number(context.argument)
    if not number or rest:
        raise NotUnderstood
    me = context.sender.person
    try:
        ticket = find_ticket(context.session, number, by=Doer(person=me), now=context.now)
    except DomainError:
        with suppress(NotUnderstood):
            return take_report(context, context.message.text)
        raise
    buttons = buttons_of(context.session, ticket, me, now=context.now)
    link = Link("在管理台看", f"/tickets/{ticket.number}")
    return Reply(detail(context.session, ticket, by=me, now=context.now), buttons, link)


@command("工单帮助", help="接单、转办、办结这些怎么说", aliases=("帮助工单", "帮助 工单"), topic="工单")
def show_help(context: Context) -> Answer:
    """What can be said about tickets, by what the sender may ever do."""
    if not deals_with_tickets(context.session, context.sender.person, now=context.now):
        return NOT_YOURS
    return "\n".join(
        [
            "号用尾号就行，比如 Q261120-0007 说 7；直接点卡片上的按钮也一样。",
            "我的工单：手里的诉求，快到时限的在前",
            "看 7：一件的详情和经过",
            "网格：负责的网格有几件、谁超时",
            "查网格 固电电子：企业归谁管",
            "代报 固电电子 路灯不亮；热线来的说“热线 固电电子 …”；走访说“走访 固电电子 …”",
            *help_lines(TICKET, {Actor.OWNER, Actor.ASSISTANT, Actor.GRID_LEADER, Actor.DUTY_LEADER}),
            "回复 7 师傅下午到：说给企业听的一句话（补充 只有自己人看得到）",
        ]
    )
