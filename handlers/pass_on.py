"""已转告: staff told a customer by phone what could not be sent; it is not sent any more."""

import re

from bot.context import Context, NotUnderstood
from bot.message import Answer
from bot.pass_on import close_waiting, was_asked
from bot.registry import command
from services.ticket.pass_on import note_passed_on


@command("已转告", help="打电话转告过了，不用再发", takes="卡片上的号", example="已转告 12", topic="工单")
def passed_on(context: Context) -> Answer:
    """Closes the message; only whoever was asked to pass it on may."""
    if re.fullmatch(r"\d{1,15}", context.argument, re.ASCII) is None:
        raise NotUnderstood
    number, me = int(context.argument), context.sender.person
    if not was_asked(context.session, number, me.id or 0):
        return "没找到这条要转告的话，请点卡片上的按钮。"
    if not close_waiting(context.session, number):
        return "对方已经开口，这句话自己发过去了，不用转告。"
    note_passed_on(context.session, number, by=me, now=context.now)
    return "好，记下了，这句话不再发。"
