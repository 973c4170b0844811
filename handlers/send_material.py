"""Pictures, files and places that an enterprise sends: kept with the request they belong to, before or after it is filed."""

from dataclasses import replace

from bot.context import Context
from bot.message import Answer, Audience
from bot.registry import message
from domain.errors import DomainError
from handlers.other_kinds import OF_CUSTOMERS
from handlers.proposal import CONFIRM, Proposal, add, show
from services.binding import doer_of
from services.media import note
from services.ticket.act import MOST_MEDIA
from services.ticket.asking import going_on

WORDS = "raise_ticket.words"
LONGEST_PLACE = 200
TOO_MANY = f"一件事最多收 {MOST_MEDIA} 份材料，前面的都收好了。更多的请等承办人联系您时给他。"


@message(*OF_CUSTOMERS, audience=Audience.ENTERPRISE)
def keep_material(context: Context) -> Answer:
    """With a request that is being talked about, with the ticket that goes on, or kept until words follow."""
    name, place = OF_CUSTOMERS[context.message.kind], place_of(context)
    media = [] if place else _kept(context)
    if not place and not media:
        return f"{name}收到了。要办什么事，请您打一句话说给我。"
    if context.question.step == CONFIRM:
        proposal = Proposal(**context.question.data)
        words = f"{proposal.words}。{place}" if place else proposal.words
        _refuse_too_many([*proposal.media, *media])
        return show(context, replace(proposal, words=words, media=[*proposal.media, *media]), f"{name}收到了。")
    ticket = going_on(context.session, doer_of(context.session, context.sender.guest), now=context.now)
    if ticket is not None:
        return add(context, ticket, place, media)
    kept = list(context.question.data["media"]) if context.question.step == WORDS else []
    _refuse_too_many([*kept, *media])
    told = context.question.data.get("place", "") if context.question.step == WORDS else ""
    context.question.ask(WORDS, {"media": [*kept, *media], "place": place or told})
    return f"{name}收到了。要办什么事，请您打一句话说给我。"


def _refuse_too_many(media: list[str]) -> None:
    if len(media) > MOST_MEDIA:
        raise DomainError(TOO_MANY)


def _kept(context: Context) -> list[str]:
    """What a ticket's log keeps of the file: its number among the kept ones; nothing for what is no file."""
    message = context.message
    found = note(context.session, message.kind, message.fields, by=context.sender.key, now=context.now)
    return [str(found.id)] if found is not None else []


def place_of(context: Context) -> str:
    """A place that was sent, in words: its name and address, else its coordinates; empty for what is none."""
    if context.message.kind != "location":
        return ""
    fields = context.message.fields
    named = [str(fields[key]) for key in ("name", "address") if fields.get(key)]
    spot = [str(fields[key]) for key in ("latitude", "longitude") if fields.get(key)]
    return f"位置：{'，'.join(named or spot) or '没有说明'}"[:LONGEST_PLACE]
