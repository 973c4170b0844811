"""进度, 转人工: what a customer has going, each with its state, who has it and until when."""

from bot.context import Context
from bot.message import Answer, Reply
from handlers.own_ticket import customer_command
from services import wording_ask as wording
from services.binding import contact_of, doer_of, enterprises_of
from services.ticket.follow import progress, who_has_it

NOTHING = "您现在没有在办的事。要反映什么，直接说一句就行。"


@customer_command("进度", help="看在办的事到哪一步了", aliases=("查进度", "我的诉求"))
def show_progress(context: Context) -> Answer:
    """One message, the newest first."""
    by = doer_of(context.session, context.sender.guest)
    found = progress(context.session, by, now=context.now)
    return Reply(found or NOTHING)


def name_human(context: Context) -> Answer:
    """Who has the sender's matter and when they call, else who stands for their enterprise."""
    session, guest = context.session, context.sender.guest
    found = who_has_it(session, doer_of(session, guest), now=context.now)
    if found:
        return found
    bound = enterprises_of(session, guest)
    if not bound:
        return wording.HUMANS
    return wording.contact_named(bound[0].name, contact_of(session, bound[0], now=context.now).name)
