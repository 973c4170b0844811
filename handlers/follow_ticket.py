"""进度: what an enterprise has going, each with its state, who has it and until when."""

from bot.context import Context
from bot.message import Answer, Audience, Reply
from bot.registry import command
from services.binding import doer_of
from services.ticket.follow import progress

NOTHING = "您现在没有在办的事。要反映什么，直接说一句就行。"


@command("进度", help="看在办的事到哪一步了", aliases=("查进度", "我的诉求"), audience=Audience.ENTERPRISE)
def show_progress(context: Context) -> Answer:
    """One message, the newest first."""
    by = doer_of(context.session, context.sender.guest)
    found = progress(context.session, by, now=context.now)
    return Reply(found or NOTHING)
