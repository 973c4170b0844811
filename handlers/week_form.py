"""周报: the report's form filled with the last values, to copy, change and send back."""

from bot.context import Context, NotUnderstood
from bot.message import Answer
from bot.registry import command
from handlers.report import refused, take_report
from services.key_result import KeyResultInWeek, figure
from services.okr import NothingToReport, reportable, reporter
from services.period import workdays
from services.week import week_of_report


@command("周报", help="拿到填好上次数字的周报，改了发回来", aliases=("填周报",), takes="改好的周报", example="周报")
def week_form(context: Context) -> Answer:
    """Gives the form; a form sent back is taken as a report."""
    if context.argument:
        try:
            return take_report(context, f"周报{context.argument}")
        except NotUnderstood:
            pass
    return _form(context)


def _form(context: Context) -> Answer:
    days = workdays(context.session)
    week = week_of_report(context.now, days)
    whose = reporter(context.sender.person, context.sender.roles)
    try:
        plan = reportable(context.session, whose, week, now=context.now, days=days)
    except NothingToReport as refusal:
        return refused(refusal)
    heading = f"周报（第{week.number}周），改好数字整条发回来："
    return "\n".join([heading, *(_line(one) for one in plan.key_results)])


def _line(one: KeyResultInWeek) -> str:
    """One key result as a report would say it: KR1 入户走访 35/50 户."""
    if one.is_milestone:
        value = "完成" if one.value >= 1 else "未完成"
    elif one.unit == "%":
        value = f"{figure(one.value)}%"
    else:
        value = one.measure
    return " ".join(filter(None, (one.name, value, one.confidence)))
