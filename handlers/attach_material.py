"""Pictures and videos of a contact: with the words that are just being asked for, or put into a ticket of theirs."""

from typing import Any

from bot.context import Context
from bot.message import Answer, Button, Reply
from bot.registry import step
from domain.ticket import TicketAction
from domain.ticket_number import take_number
from handlers.work_ticket import GIVE, add_material
from models.ticket import Ticket
from services import media
from services.ticket.act import MOST_MEDIA
from services.ticket.deed import Doer
from services.ticket.find import find_ticket, own_tickets

WHICH = "attach_material.which"
MOST_SHOWN = 5
NOT_NOW = Button("不放", "取消")


def take_material(context: Context, name: str) -> Answer:
    """Keeps what came for the ticket that is spoken of, or asks for which; None for whoever has no ticket in hand.

    `name` is what people call it: 图片, 视频, 文件.
    """
    data: dict[str, Any] = context.question.data
    found = media.note(
        context.session, context.message.kind, context.message.fields, by=context.sender.key, now=context.now
    )
    if found is None or context.question.step not in ("", GIVE, WHICH):
        return None
    kept = [*data.get("media", []), str(found.id)]
    if len(kept) > MOST_MEDIA:
        return f"一次最多 {MOST_MEDIA} 份，这份没放进去。先把前面的办了，再接着发。"
    if context.question.step == GIVE and data["action"] == TicketAction.ADD and data["is_internal"]:
        ticket = find_ticket(context.session, data["number"], by=Doer(person=context.sender.person), now=context.now)
        return add_material(context, ticket, (str(found.id),))
    if context.question.step == GIVE:
        context.question.ask(GIVE, {**data, "media": kept})
        return f"{name}收到了，跟你接下来的一句话一起放进 {data['number']}。"
    tickets = own_tickets(context.session, context.sender.person)
    if not tickets:
        return None
    context.question.ask(WHICH, {"media": kept})
    return _which(tickets, f"{name}存下了。")


@step(WHICH)
def take_number_of_ticket(context: Context) -> Answer:
    """Takes the number of the ticket they belong to."""
    kept: list[str] = context.question.data["media"]
    number, _ = take_number(context.message.text)
    if not number:
        return _which(own_tickets(context.session, context.sender.person), "没看清是哪一件。")
    ticket = find_ticket(context.session, number, by=Doer(person=context.sender.person), now=context.now)
    return add_material(context, ticket, tuple(kept))


def _which(tickets: list[Ticket], before: str) -> Reply:
    lines = [f"{one.on:%m%d}-{one.serial} {one.summary}" for one in tickets[:MOST_SHOWN]]
    buttons = (Button(f"{one.on:%m%d}-{one.serial}", one.number) for one in tickets[:MOST_SHOWN])
    return Reply("\n".join([f"{before}要放进哪件工单？还有就接着发。", *lines]), (*buttons, NOT_NOW))
