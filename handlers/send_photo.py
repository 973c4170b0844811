"""Pictures, files and places that a resident sends: kept with the report they belong to, before or after it is filed."""

from dataclasses import asdict, replace

from bot.context import Context
from bot.message import Answer, Audience
from bot.registry import message
from domain.errors import DomainError
from handlers.other_kinds import OF_CUSTOMERS
from handlers.report_hazard import OFFER, PLACE, SAME, WORDS, add_to, said_so_far, take_spot
from handlers.send_material import place_of
from services import media
from services import wording_resident as wording
from services.resident_report import doer_for
from services.ticket.act import MOST_MEDIA
from services.ticket.asking import filed_just_now

TOO_MANY = f"一件事最多收 {MOST_MEDIA} 份照片材料，前面的都收好了。"


@message(*OF_CUSTOMERS, audience=Audience.RESIDENT)
def keep_photo(context: Context) -> Answer:
    """With the report that is being talked about, with the one just filed, or kept until words follow."""
    name, place = OF_CUSTOMERS[context.message.kind], place_of(context)
    if place:
        return take_spot(context, place)
    guest = context.sender.guest
    found = media.note(
        context.session, context.message.kind, context.message.fields, by=context.sender.key, now=context.now
    )
    if found is None:
        return wording.words_wanted(name)
    said = said_so_far(context)
    ticket = filed_just_now(context.session, doer_for(guest), now=context.now)
    if ticket is not None and context.question.step not in (WORDS, PLACE, SAME, OFFER):
        return add_to(context, ticket, "", (str(found.id),))
    if len(said.media) >= MOST_MEDIA:
        raise DomainError(TOO_MANY)
    said = replace(said, media=[*said.media, str(found.id)])
    step = context.question.step if said.words else WORDS
    context.question.ask(step, asdict(said))
    return f"{name}收到了。" if said.words else wording.words_wanted(name)
