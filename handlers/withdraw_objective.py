"""撤回目标: the owner drops an objective that nobody has agreed to yet."""

import re

from bot.context import Context
from bot.message import Answer
from bot.registry import command
from services.objective import withdraw


@command(
    "撤回目标",
    help="撤掉还没同意的目标",
    aliases=("撤回 目标", "撤销目标", "撤销 目标"),
    takes="目标的号",
    example="撤回目标12",
)
def withdraw_objective(context: Context) -> Answer:
    """Drops the one that is named."""
    found = re.fullmatch(r"\d{1,9}", context.argument)
    if found is None:
        return "撤哪一个？说“目标”，点要改的那个，再点“撤掉”。"
    objective = withdraw(context.session, int(found[0]), by=context.sender.person, now=context.now)
    context.question.end()
    return f"撤掉了“{objective.title}”，负责人那边不用再看。要重写说“目标”。"
