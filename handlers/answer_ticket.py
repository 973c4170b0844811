"""An enterprise's or a resident's word to one of their tickets: solved or not, a reminder, something to add, no longer needed."""

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Notice, Reply
from bot.registry import step
from domain.process import Given
from domain.ticket import TicketAction
from handlers.own_ticket import WHICH, ask_which, customer_command, fitting_for, is_apart, said_to
from handlers.rate_ticket import RATINGS, rate_it
from handlers.ticket_notice import notices_in_duty_hours
from models.ticket import Ticket
from services.binding import doer_of
from services.ticket.act import act
from services.ticket.deed import Deed
from services.ticket.find import find_ticket

REASON = "answer_ticket.reason"
# A draft that is still open is let go by the same words as a ticket.
_DRAFT = "raise_ticket."
_A = TicketAction


@customer_command("已解决", help="这件办好了", aliases=("解决了", "办好了", "已经解决"), takes="编号")
def confirm(context: Context) -> Answer:
    """Closes the ticket and asks for a rating."""
    return _to_own(context, "已解决", _A.CONFIRM)


@customer_command(
    "没解决",
    help="还没办好，退回去接着办",
    aliases=("未解决", "没有解决", "还没解决", "没办好"),
    takes="哪里没解决",
    example="没解决 只来了5个",
)
def deny(context: Context) -> Answer:
    """Gives the ticket back to its owner, with what is missing."""
    if context.argument.startswith(("的", "吗", "怎么")):
        raise NotUnderstood
    return _to_own(context, "没解决", _A.DENY, must_be_apart=False)


@customer_command("催办", help="提醒承办人", aliases=("催一下", "催"), takes="编号")
def urge(context: Context) -> Answer:
    """Reminds the owner."""
    return _to_own(context, "催办", _A.URGE)


@customer_command("补充", help="给在办的事加一句", takes="想说的话", example="补充 门口有照片")
def add(context: Context) -> Answer:
    """Adds words to a ticket."""
    if not context.argument:
        raise NotUnderstood
    return _to_own(context, "补充", _A.ADD)


@customer_command("撤销", help="不用办了", aliases=("不用办了", "不办了", "撤回"), takes="编号")
def withdraw(context: Context) -> Answer:
    """Ends a ticket, or lets go of what is not filed yet."""
    if not context.argument and context.question.step.startswith(_DRAFT):
        context.question.end()
        return "好，没有提交。"
    return _to_own(context, "撤销", _A.WITHDRAW)


@step(WHICH)
def take_number_meant(context: Context) -> Answer:
    """The one of several that was asked for; whatever names none is read afresh."""
    word, rest = str(context.question.data["word"]), str(context.question.data["rest"])
    by = doer_of(context.session, context.sender.guest)
    ticket = find_ticket(context.session, context.message.text, by=by, now=context.now)
    context.question.end()
    if word in RATINGS:
        return rate_it(context, ticket, word, rest)
    return _do(context, ticket, _ACTIONS[word], rest)


@step(REASON)
def take_reason(context: Context) -> Answer:
    """What is missing goes to the owner."""
    number = str(context.question.data["number"])
    context.question.end()
    return _do(context, _ticket(context, number), _A.ADD, context.message.text)


_ACTIONS = {"已解决": _A.CONFIRM, "没解决": _A.DENY, "催办": _A.URGE, "补充": _A.ADD, "撤销": _A.WITHDRAW}


def _to_own(context: Context, word: str, action: TicketAction, *, must_be_apart: bool = True) -> Answer:
    if must_be_apart and not is_apart(context):
        raise NotUnderstood
    if not context.argument and not fitting_for(context, action):
        return _nothing_yet(context, word)
    ticket, rest = said_to(context, context.argument, action)
    if ticket is None:
        return ask_which(context, word, rest, action)
    return _do(context, ticket, action, rest)


def _nothing_yet(context: Context, word: str) -> Reply:
    """Nothing waits for this word; what is going on is shown, and the newest may be taken back."""
    going_on = fitting_for(context, _A.WITHDRAW)
    if not going_on:
        return Reply(f"现在没有可以说“{word}”的事。要反映什么，直接说一句就行。")
    newest = going_on[0]
    text = f"{newest.number}（{newest.summary}）还在办，办好了会问您。已经不用办了，就点一下撤销。"
    return Reply(text, (Button("撤销", f"撤销 {newest.number}"),))


def _do(context: Context, ticket: Ticket, action: TicketAction, words: str) -> list[Reply | Notice]:
    assert ticket.id is not None
    by = doer_of(context.session, context.sender.guest)
    outcome = act(context.session, ticket.id, Deed(action, Given(text=words)), by=by, now=context.now)
    replies: list[Reply | Notice] = [Reply(outcome.reply)]
    if action is _A.CONFIRM and not ticket.is_unverified:
        buttons = tuple(Button(one.value, f"评价 {one.value} {ticket.number}") for one in RATINGS)
        replies = [Reply(outcome.reply, buttons)]
    if action is _A.DENY and not words:
        context.question.ask(REASON, {"number": ticket.number})
        replies = [Reply(f"{outcome.reply}哪里没解决，您再说一句，我一起转过去。")]
    return [*replies, *notices_in_duty_hours(context, outcome)]


def _ticket(context: Context, number: str) -> Ticket:
    by = doer_of(context.session, context.sender.guest)
    return find_ticket(context.session, number, by=by, now=context.now)
