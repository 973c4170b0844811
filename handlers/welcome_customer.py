"""Coming in through a link of a 微信客服 account: one warm sentence."""

from bot.context import Context
from bot.message import Answer, Audience
from bot.registry import message


@message("event.enter_session", audience=Audience.ENTERPRISE)
def welcome_enterprise(_context: Context) -> Answer:
    """Greets an enterprise's people."""
    return "您好，我是邻格，企业有什么事要政府帮忙，直接跟我说就行。"


@message("event.enter_session", audience=Audience.RESIDENT)
def welcome_resident(_context: Context) -> Answer:
    """Greets a resident."""
    return "您好，我是邻格，身边有什么事要反映，直接跟我说就行。"
