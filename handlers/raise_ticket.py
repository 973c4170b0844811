"""An enterprise says in one sentence what it needs; what was understood is filed with a tap or a word."""

import re
from dataclasses import replace

from bot.context import Context
from bot.message import Answer, Audience, Button, Reply
from bot.registry import message, step
from domain.errors import DomainError
from domain.text import fold
from domain.triage import Nature, Triage, triage
from domain.triage_words import OTHER
from handlers.follow_ticket import name_human, show_progress
from handlers.proposal import (
    APART,
    CONFIRM,
    Proposal,
    add,
    duty_of,
    merge,
    propose,
    show,
    submit,
    to_choose,
)
from handlers.send_material import WORDS
from services import wording_ask as wording
from services.binding import doer_of
from services.ticket.act import LONGEST_WORDS
from services.ticket.asking import categories_of, filed_just_now
from services.ticket.find import find_enterprise

CHANGE, ADDED = "raise_ticket.change", "raise_ticket.added"
URGENT, NOT_URGENT = "急", "不急"
_YES = re.compile(
    r"(?!谢谢[\s,.。!~]*$)(?:(?:对|是|嗯|恩|好|行|可以|没错|没问题|提交|确认|谢谢|ok|yes)(?:的|了|啊|吧|呀|滴)?[\s,.。!~]*)+"
)
_NO = re.compile(r"(?:改一下|改|不|不是|不对|错了|不对头|不是的|不是这样|理解错了)[\s,.。!]*")
_NEW = re.compile(r"(?:不是|不|不一样|不同|另外)?的?[\s,]*(?:新提一件|另提一件|另一件|新的一件|新的)?[\s,.。!]*")
# A telephone number or a time says much to whoever has the matter already.
_FIGURES = re.compile(r"\d{2}")
_ASKED = {Nature.PROGRESS: show_progress, Nature.PERSON: name_human}
_NO_MATTER = (Nature.GREETING, Nature.EMPTY, Nature.ABUSE)


@message("text", audience=Audience.ENTERPRISE)
def raise_ticket(context: Context) -> Answer:
    """Reads any words: a matter is proposed as a request, the rest is answered politely and makes no ticket."""
    text = context.message.text
    found = triage(text)
    if (asked := _ASKED.get(found.nature)) is not None:
        return asked(context)
    by = doer_of(context.session, context.sender.guest)
    going_on = filed_just_now(context.session, by, now=context.now)
    if found.nature is Nature.EMPTY and going_on is not None:
        if _FIGURES.search(text):
            return add(context, going_on, text, [])
        return f"好的。{going_on.number} 有进展马上跟您说。"
    if found.nature in _NO_MATTER:
        return _ask_politely(context, found)
    if going_on is not None and found.nature is Nature.REQUEST and found.category == OTHER:
        context.question.ask(ADDED, {"words": text})
        return add(context, going_on, text, [], (APART,))
    return propose(context, text, [])


@step(ADDED)
def take_apart(context: Context) -> Answer:
    """What was added may be another matter; any other words are read afresh."""
    words = str(context.question.data["words"])
    context.question.end()
    if _plain(context) == APART.says:
        return propose(context, words, [], is_new=True)
    return raise_ticket(context)


@step(WORDS)
def take_words(context: Context) -> Answer:
    """The matter that belongs to the materials that came first."""
    media = list(context.question.data["media"])
    found = triage(context.message.text)
    if (asked := _ASKED.get(found.nature)) is not None:
        return asked(context)
    if found.nature in _NO_MATTER:
        return f"材料我先收着。{wording.WHAT_IS_IT}"
    place = str(context.question.data["place"])
    return propose(context, "。".join(filter(None, (context.message.text, place))), media)


@step(CONFIRM)
def confirm(context: Context) -> Answer:
    """A yes files, a name says whose it is, a no asks what to change, and further words belong to the same matter."""
    proposal, said = Proposal(**context.question.data), _plain(context)
    is_yes = _YES.fullmatch(said) is not None
    if proposal.same_as and (is_yes or proposal.same_as in context.message.text.upper()):
        return merge(context, proposal)
    if proposal.same_as and _NEW.fullmatch(said):
        return _submit_or_choose(context, replace(proposal, same_as=""))
    if (chosen := _chosen(context, proposal)) is not None:
        return submit(context, replace(proposal, enterprise_id=chosen))
    if is_yes:
        return _submit_or_choose(context, proposal)
    if _NO.fullmatch(said):
        return _ask_change(context, proposal)
    return _more_words(context, proposal)


@step(CHANGE)
def change(context: Context) -> Answer:
    """Takes another category, another urgency, or the matter in other words."""
    proposal, text = Proposal(**context.question.data), context.message.text
    category = next((one for one in categories_of(context.session) if one == text), None)
    if category is not None:
        return show(context, replace(proposal, category=category))
    if _plain(context) in (URGENT, NOT_URGENT):
        return show(context, replace(proposal, is_urgent=_plain(context) == URGENT))
    if _YES.fullmatch(_plain(context)):
        return _submit_or_choose(context, proposal)
    if (asked := _ASKED.get(triage(text).nature)) is not None:
        return asked(context)
    if triage(text).category == OTHER and proposal.category != OTHER.name:
        return _more_words(context, proposal)
    return propose(context, text, proposal.media, is_new=True)


def _ask_politely(context: Context, found: Triage) -> str:
    greeted = wording.greeted(duty_of(context), context.now)
    return wording.POLITELY if found.nature is Nature.ABUSE else greeted


def _submit_or_choose(context: Context, proposal: Proposal) -> Answer:
    return show(context, proposal) if to_choose(context, proposal) else submit(context, proposal)


def _chosen(context: Context, proposal: Proposal) -> int | None:
    """The one of the sender's enterprises that was named, while that is asked."""
    choices = {str(one.id): one for one in to_choose(context, proposal)}
    if not choices:
        return None
    match = find_enterprise(context.session, context.message.text)
    meant = [choices[one.key] for one in (match.found, *match.candidates) if one is not None and one.key in choices]
    return meant[0].id if len(meant) == 1 else None


def _ask_change(context: Context, proposal: Proposal) -> Reply:
    context.question.ask(CHANGE, {**context.question.data, "same_as": proposal.same_as})
    urgency = NOT_URGENT if proposal.is_urgent else URGENT
    others = [one for one in categories_of(context.session) if one != proposal.category]
    likely = [one for one in proposal.others if one in others]
    ordered = [*likely, *(one for one in others if one not in likely)]
    labels = [Button(f"这是{urgency}事" if urgency == URGENT else urgency, urgency)]
    return Reply(
        "哪里不对？点一个，或者把事情重新说一句。", (*labels, *(Button(f"类别：{one}", one) for one in ordered))
    )


def _more_words(context: Context, proposal: Proposal) -> Answer:
    found = triage(context.message.text)
    if (asked := _ASKED.get(found.nature)) is not None:
        return asked(context)
    if found.nature in _NO_MATTER and not _FIGURES.search(context.message.text):
        return show(context, proposal)
    words = f"{proposal.words}。{context.message.text}" if proposal.words else context.message.text
    if len(words) > LONGEST_WORDS:
        raise DomainError(f"一件事最多 {LONGEST_WORDS} 个字，前面说的已经记着。先点“对，提交”，细节可以接着补充。")
    return propose(context, words, proposal.media)


def _plain(context: Context) -> str:
    return fold(context.message.text)
