"""进度: what a customer has going, each with its state, who has it and until when."""

from bot.context import Context
from bot.message import Answer, Reply
from handlers.own_ticket import customer_command
from services.binding import doer_of
from services.ticket.follow import progress

NOTHING = "您现在没有在办的事。要反映什么，直接说一句就行。"


@customer_command("进度", help="看在办的事到哪一步了", aliases=("查进度", "我的诉求"))
def show_progress(context: Context) -> Answer:
    """One message, the newest first."""
    by = doer_of(context.session, context.sender.guest)
    found = progress(context.session, by, now=context.now)
    return Reply(found or NOTHING)
