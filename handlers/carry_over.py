"""结转: key results that go on are proposed anew for the next period, from where they stand."""

import re

from bot.context import Context, NotUnderstood
from bot.message import Answer, Notice, Reply
from bot.registry import command
from domain.errors import DomainError
from domain.text import fold
from handlers.decide_objective import ask_deciders
from models.okr import Objective
from services.carry_over import carry_over
from services.period import workdays
from services.review import period_in_review, refuse_after_due, reviewed

# Possessive (`+` after a quantifier): a long row of digits must not be divided in every possible way.
_NUMBERS = re.compile(r"(?:(?:kr)?\s*+\d{1,2}+[\s,、和]*+)++")


@command("结转", help="复盘后，没做完的下期接着做", takes="KR2，可以几条", example="结转 KR2")
def carry(context: Context) -> Answer:
    """Carries those that are named; the leader gets the new objective to agree to."""
    said = fold(context.argument)
    if not said:
        return "结转哪几条？比如“结转 KR2 KR4”。"
    if not _NUMBERS.fullmatch(said):
        raise NotUnderstood
    session, person = context.session, context.sender.person
    period = period_in_review(session, context.now, workdays(session))
    refuse_after_due(period, context.now)
    mine = {one.number: one for one in reviewed(session, person.id or 0, period.id)}
    lines: list[str] = []
    objectives: dict[int | None, Objective] = {}
    for number in dict.fromkeys(int(digits) for digits in re.findall(r"\d+", said)):
        try:
            if number not in mine:
                raise DomainError(f"没有 KR{number}。")
            objective = carry_over(session, mine[number], period, by=person, now=context.now)
            objectives[objective.id] = objective
            reached = re.sub(r"/[^%\s]*", "", mine[number].measure)  # 75/90% is 75%
            lines.append(f"KR{number} 结转到下期了，从 {reached} 接着算。")
        except DomainError as refusal:
            lines.append(str(refusal))
    notices: list[Reply | Notice] = []
    told = ""
    for objective in objectives.values():
        told, cards = ask_deciders(context, objective)
        notices += cards
    return [Reply("\n".join(filter(None, [*lines, told]))), *notices]
