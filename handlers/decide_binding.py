"""同意绑定, 不是本企业: the contact says with one tap whether somebody speaks for an enterprise, and they hear at once."""

import re

from bot.context import Context, NotUnderstood
from bot.message import Answer, Notice, Purpose, Reply
from bot.registry import command
from handlers.ticket_notice import notices_of
from services.binding import decide


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
    decided = decide(context.session, _number(context), is_so=False, by=context.sender.person, now=context.now)
    name = decided.enterprise.name
    words = Reply(
        f"网格联系人没有确认您是{name}的人。弄错了的话，回“绑定 {name} 绑定码”，或者直接联系他。有事照样可以提。"
    )
    notice = Notice(decided.customer, f"binding:{_number(context)}:refused", words, Purpose.CARRIED)
    return [Reply("记下了，也告诉对方了。他在办的事标了“未绑定”，照常办。"), notice]


def _number(context: Context) -> int:
    if re.fullmatch(r"\d{1,9}", context.argument, re.ASCII) is None:
        raise NotUnderstood
    return int(context.argument)
