"""撤销: the last report is taken back as a whole."""

from bot.context import Context
from bot.message import Answer
from bot.registry import command
from services.okr import reporter, whole_plan
from services.period import workdays
from services.report import TakenBack, take_back
from services.week import as_seen


@command("撤销", help="收回刚才那次进展", aliases=("撤回", "撤消"))
def undo(context: Context) -> Answer:
    """Drops an unanswered doubt of a report of which nothing was kept, else takes back the last report."""
    data = context.question.data
    is_report = context.question.step == "report.doubt"
    if is_report:
        context.question.end()
        if data["report_id"] is None:
            return "刚才那句还没记，也不会记了。"
    taken = take_back(context.session, by=context.sender.person, now=context.now, days=workdays(context.session))
    return "\n".join(
        [f"第{int(taken.week[-2:])}周刚才那次收回了，现在是：", *_values(context, taken), "要重报，直接说就行。"]
    )


def _values(context: Context, taken: TakenBack) -> list[str]:
    """The figures that count again."""
    whose = reporter(context.sender.person, context.sender.roles)
    plan = whole_plan(context.session, whose, as_seen(taken.week, context.now, workdays(context.session)))
    return [one.summary() for one in plan.key_results if one.id in taken.key_result_ids] if plan else []
