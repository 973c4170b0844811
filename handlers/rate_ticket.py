"""满意, 基本满意, 不满意: whoever asked rates a case that ended, with a reason where it is not satisfied."""

import re

from bot.context import Context, NotUnderstood
from bot.message import Answer, Button, Reply
from bot.registry import step
from domain.process import Given
from domain.text import fold
from domain.ticket import Rating, TicketAction
from handlers.own_ticket import ask_which, customer_command, said_to
from handlers.ticket_notice import notices_in_duty_hours
from models.ticket import Ticket
from services.binding import doer_of
from services.ticket.act import act
from services.ticket.deed import Deed
from services.ticket.find import find_ticket

DISSATISFIED = "rate_ticket.dissatisfied"
RATINGS = tuple(Rating)
_RATING = re.compile(
    r"(?:评价)?[\s:,]*(?:很|非常|比较)?(不满意|基本满意|满意)(?=$|[\s,.。:、!]|(?<=不满意))[\s,.。:、!]*"
)
_A = TicketAction


@customer_command(
    "评价",
    help="满意、基本满意或不满意",
    aliases=("满意", "基本满意", "不满意", "很满意", "非常满意"),
    takes="满意",
    example="评价 满意",
)
def rate(context: Context) -> Answer:
    """Rates the ticket that ended; a poor rating needs a reason."""
    said = fold(context.message.text)
    found = _RATING.match(said)
    if found is None:
        if said != "评价":
            raise NotUnderstood
        return Reply("这次办得怎么样？", tuple(Button(one.value, f"评价 {one.value}") for one in RATINGS))
    ticket, rest = said_to(context, said[found.end() :], _A.RATE)
    if ticket is None:
        return ask_which(context, found[1], rest, _A.RATE)
    return rate_it(context, ticket, found[1], rest)


@step(DISSATISFIED)
def take_dissatisfaction(context: Context) -> Answer:
    """The reason of a poor rating; without one nothing is kept."""
    number = str(context.question.data["number"])
    context.question.end()
    by = doer_of(context.session, context.sender.guest)
    ticket = find_ticket(context.session, number, by=by, now=context.now)
    return rate_it(context, ticket, Rating.DISSATISFIED, context.message.text)


def rate_it(context: Context, ticket: Ticket, rating: str, reason: str) -> Answer:
    """Keeps a rating, or asks for the reason that a poor one needs."""
    assert ticket.id is not None
    if rating == Rating.DISSATISFIED and not reason.strip():
        context.question.ask(DISSATISFIED, {"number": ticket.number})
        return "抱歉没让您满意。哪里没办好？说一句，我转给负责人。"
    kept = reason if rating == Rating.DISSATISFIED else ""
    by = doer_of(context.session, context.sender.guest)
    deed = Deed(_A.RATE, Given(rating=rating, reason=kept))
    outcome = act(context.session, ticket.id, deed, by=by, now=context.now)
    return [Reply(outcome.reply), *notices_in_duty_hours(context, outcome)]
