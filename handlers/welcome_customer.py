"""Coming in through a link of a 微信客服 account: one warm sentence, and the enterprise that the link names."""

from bot.context import Context
from bot.message import Answer, Audience, Button, Notice, Purpose, Reply
from bot.registry import message
from handlers.ticket_notice import notices_in_duty_hours
from models.binding import BindingHow
from models.enterprise import Enterprise
from services.binding import bind, binding_of, contact_of, enterprises_of, origin_of
from services.wording_resident import CONSENT

SAY_IT = "有什么事要政府帮忙，直接跟我说一句就行。"


@message("event.enter_session", audience=Audience.ENTERPRISE)
def welcome_enterprise(context: Context) -> Answer:
    """Greets an enterprise's people; an enterprise's own link binds, and its contact may undo that with a tap."""
    session, guest = context.session, context.sender.guest
    origin = origin_of(session, guest)
    if origin.enterprise is not None and origin.is_proven:
        return _bound_by_link(context, origin.enterprise)
    bound = enterprises_of(session, guest)
    if origin.enterprise is not None and origin.enterprise not in bound:
        name = origin.enterprise.name
        ask = Button("是，请联系人确认", f"绑定 {name}")
        return Reply(f"您好，我是邻格。您是{name}的人吗？{SAY_IT}", (ask,))
    if len(bound) == 1:
        return f"您好，我是邻格。{bound[0].name}{SAY_IT}"
    return "您好，我是邻格，企业有什么事要政府帮忙，直接跟我说就行。"


@message("event.enter_session", audience=Audience.RESIDENT)
def welcome_resident(context: Context) -> Answer:
    """Greets a resident; whoever has not written yet also reads what their words are used for."""
    greeting = "您好，我是邻格，身边有什么事要反映，直接跟我说就行。"
    return greeting if context.sender.guest.turn else f"{greeting}{CONSENT}"


def _bound_by_link(context: Context, enterprise: Enterprise) -> list[Reply | Notice]:
    session, guest = context.session, context.sender.guest
    greeting = f"您好，我是邻格，已经为您绑定{enterprise.name}。{SAY_IT}"
    outcomes = bind(session, guest, enterprise, BindingHow.SCENE, now=context.now)
    if outcomes is None:
        return [Reply(f"您好，我是邻格。{enterprise.name}{SAY_IT}")]
    contact, binding = contact_of(session, enterprise, now=context.now), binding_of(session, guest, enterprise)
    undo = Button("不是本企业", f"不是本企业 {binding}")
    words = Reply(f"有人从{enterprise.name}的专属链接进来，已经绑定。不是企业的人就点一下。", (undo,))
    handed_over = [notice for one in outcomes for notice in notices_in_duty_hours(context, one)]
    return [Reply(greeting), Notice(contact, f"binding:{binding}:{contact.id}", words, Purpose.DIGEST), *handed_over]
