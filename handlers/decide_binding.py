"""同意绑定, 不是本企业, 解绑: the contact says with one tap whether somebody speaks for an enterprise, and they hear at once."""

import re
from itertools import islice

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Purpose, Reply
from bot.registry import command
from handlers.name_enterprise import ask_which_enterprise
from handlers.ticket_notice import notices_of
from services.binding import decide
from services.enterprise import enterprise_at_head
from services.unbinding import people_bound

MOST_SHOWN = 5
NO = Button("先不动", "取消")


@command("同意绑定", help="确认这位是企业的人", takes="卡片上的号", example="同意绑定 12", topic="工单")
def agree(context: Context) -> Answer:
    """They speak for the enterprise from now on."""
    decided = decide(context.session, _number(context), is_so=True, by=context.sender.person, now=context.now)
    name = decided.enterprise.name
    words = Reply(f"{context.sender.person.name}确认了，您已经绑定{name}。有什么事，直接说一句就行。")
    notice = Notice(decided.customer, f"binding:{_number(context)}:agreed", words, Purpose.CARRIED)
    handed_over = [told for one in decided.outcomes for told in notices_of(context.session, one.tellings)]
    return [Reply(f"好，已经绑定{name}，也告诉对方了。"), notice, *handed_over]


@command("不是本企业", help="不是企业的人，或者已经离开", takes="卡片上的号", example="不是本企业 12", topic="工单")
def refuse(context: Context) -> Answer:
    """They do not, or no longer, speak for the enterprise; what they asked for goes on, marked."""
    return _end(context, _number(context), "")


@command("解绑", help="结束一个人和企业的绑定", takes="企业名 人", example="解绑 固电电子 固小姐", topic="工单")
def end_binding(context: Context) -> Answer:
    """Ends the binding of whoever is named; otherwise shows who is bound."""
    if not context.argument:
        return "结束谁和哪家的绑定？比如“解绑 固电电子 固小姐”；不写人，就列出绑定的人。"
    session, me = context.session, context.sender.person
    meant = enterprise_at_head(session, context.argument)
    if meant.enterprise is None:
        return ask_which_enterprise(session, meant, "解绑")
    name = meant.enterprise.name
    people = people_bound(session, meant.enterprise, by=me, now=context.now)
    named = [one for one in people if meant.rest and meant.rest == one.name]
    if len(named) == 1:
        return _end(context, named[0].binding_id, named[0].name)
    if not people:
        return f"{name}现在没有人绑定。"
    unknown = f"没找到“{meant.rest[:20]}”。" if meant.rest and not named else ""
    buttons = (
        Button((one.name or f"没留姓名 {one.binding_id}")[:10], f"不是本企业 {one.binding_id}") for one in people
    )
    return Reply(f"{unknown}{name}绑定的有 {len(people)} 人。结束哪一位的？", (*islice(buttons, MOST_SHOWN), NO))


def _end(context: Context, binding_id: int, who: str) -> Answer:
    decided = decide(context.session, binding_id, is_so=False, by=context.sender.person, now=context.now)
    name = decided.enterprise.name
    said = f"您和{name}的绑定结束了。" if decided.was_bound else f"网格联系人没有确认您是{name}的人。"
    words = Reply(f"{said}弄错了的话，回“绑定 {name} 绑定码”，或者直接联系网格联系人。有事照样可以提。")
    notice = Notice(decided.customer, f"binding:{binding_id}:refused", words, Purpose.CARRIED)
    done = f"结束了{who}和{name}的绑定" if who else "记下了"
    return [Reply(f"{done}，也告诉对方了。他在办的事标了“未绑定”，照常办。"), notice]


def _number(context: Context) -> int:
    if re.fullmatch(r"\d{1,9}", context.argument, re.ASCII) is None:
        raise NotUnderstood
    return int(context.argument)
