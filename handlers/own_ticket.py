"""Which of a customer's tickets they mean when they say something to it: by number, the only one, or asked with a menu."""

from collections.abc import Callable
from typing import Any

from bot.context import Context, NotUnderstood
from bot.message import Audience, Button, Reply
from bot.registry import Handler, command
from domain.calendar import local_date
from domain.ticket import TicketAction, TicketState
from domain.ticket_number import take_number
from models.ticket import Ticket
from services.binding import doer_of
from services.ticket.find import find_ticket, tickets_of_customer
from services.ticket.kind import process_of
from services.ticket.responsible import capacities

WHICH = "own_ticket.which"
MOST_SHOWN = 9
SEPARATORS = tuple(" \n\t:：,，.。、")
# What is asked about first when it fits: what waits for the customer's word.
_FIRST = {TicketAction.CONFIRM: TicketState.TO_CONFIRM, TicketAction.DENY: TicketState.TO_CONFIRM}


def customer_command(word: str, **about: Any) -> Callable[[Handler], Handler]:
    """Registers a command for enterprises and residents alike; `about` is what `command` takes."""

    def register(handler: Handler) -> Handler:
        for audience in (Audience.ENTERPRISE, Audience.RESIDENT):
            command(word, audience=audience, **about)(handler)
        return handler

    return register


def said_to(context: Context, text: str, action: TicketAction) -> tuple[Ticket | None, str]:
    """The ticket that words are said to, and what is left of them without its number; None when several could be meant.

    Raises NotUnderstood when there is nothing it could be said to.
    """
    number, rest = take_number(text)
    if number:
        by = doer_of(context.session, context.sender.guest)
        return find_ticket(context.session, number.upper(), by=by, now=context.now), rest.strip()
    fitting = fitting_for(context, action)
    if not fitting:
        raise NotUnderstood
    return (fitting[0] if len(fitting) == 1 else None), text.strip()


def fitting_for(context: Context, action: TicketAction) -> list[Ticket]:
    """The sender's tickets to which this can be done now, the newest first."""
    by = doer_of(context.session, context.sender.guest)
    tickets = tickets_of_customer(context.session, by, is_open=False)
    fitting = [one for one in tickets if _is_possible(context, one, action)]
    first = [one for one in fitting if one.state == _FIRST.get(action)]
    if action is TicketAction.RATE:
        first = [one for one in fitting if one.rating is None] or fitting[:1]
    return first or fitting


def ask_which(context: Context, word: str, rest: str, action: TicketAction) -> Reply:
    """Asks for the one of several; the answer comes as a number."""
    context.question.ask(WHICH, {"word": word, "rest": rest})
    fitting = fitting_for(context, action)[:MOST_SHOWN]
    labels = tuple(Button(f"{one.number} {one.summary}", one.number) for one in fitting)
    return Reply(f"“{word}”说的是哪一件？", labels)


def is_apart(context: Context) -> bool:
    """Whether what follows the command's word is set apart from it, or nothing does: 满意度调查 says no 满意."""
    argument = context.argument
    return not argument or context.message.text.removesuffix(argument).endswith(SEPARATORS)


def _is_possible(context: Context, ticket: Ticket, action: TicketAction) -> bool:
    rule = process_of(ticket.kind).rule(ticket.state, action)
    by = doer_of(context.session, context.sender.guest)
    if rule is None or not rule.who & capacities(context.session, ticket, by, now=context.now):
        return False
    if rule.within_days is None or ticket.closed_at is None:
        return True
    return (local_date(context.now) - local_date(ticket.closed_at)).days <= rule.within_days
