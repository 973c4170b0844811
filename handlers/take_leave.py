"""请假, 销假: days on which the assistant leaves a person in peace."""

from datetime import date

from bot.context import Context
from bot.message import Answer, Button, Reply
from bot.registry import command, step
from domain.absence import Absence, doubt_about, read_absence
from domain.calendar import local_date
from domain.text import fold
from services import absence

ASK = Reply(
    "请哪几天？可以说“3天”“明天”“11月24日到26日”。",
    (Button("今天", "今天"), Button("明天", "明天"), Button("这周", "本周")),
)
SURE = "take_leave.sure"
YES, NO = {"是", "是的", "对", "对的", "记", "确定"}, {"不记", "不是", "不对", "不", "否"}


@command("请假", help="请假期间不提醒你，也不算漏报", takes="几天，或从哪天到哪天", example="请假 3天")
def take_leave(context: Context) -> Answer:
    """Notes the days that were said, or asks for them."""
    if not context.argument:
        context.question.ask("take_leave.days", {})
        return ASK
    return _note(context, context.argument)


@step("take_leave.days")
def take_days(context: Context) -> Answer:
    """Takes the answer to 请哪几天."""
    return _note(context, context.message.text)


@step(SURE)
def take_assurance(context: Context) -> Answer:
    """Takes 是 or 不记 about a leave that looks like a slip; other days take its place."""
    said = fold(context.message.text)
    if said in NO:
        context.question.end()
        return "好，没记。要请假再说一声就行。"
    if said not in YES:
        return _note(context, context.message.text)
    first, last = (date.fromisoformat(context.question.data[end]) for end in ("starts_on", "ends_on"))
    return _keep(context, Absence(first, last))


@command("销假", help="提前回来了，结束请假", aliases=("取消请假", "不请假了"))
def end_leave(context: Context) -> Answer:
    """Ends the leave as of today."""
    today = local_date(context.now)
    days = absence.end_leave(context.session, today, by=context.sender.person, now=context.now)
    return f"好，{_span(days.starts_on, days.ends_on)}的假销了。今天起照常。"


def _note(context: Context, text: str) -> Answer:
    """Notes the days, or asks back where they look like a slip."""
    today = local_date(context.now)
    days = read_absence(text, today)
    doubt = doubt_about(days, today)
    if doubt:
        context.question.ask(SURE, {"starts_on": str(days.starts_on), "ends_on": str(days.ends_on)})
        return Reply(doubt, (Button("是", "是"), Button("不记", "不记")))
    return _keep(context, days)


def _keep(context: Context, days: Absence) -> str:
    absence.take_leave(context.session, days, by=context.sender.person, now=context.now)
    context.question.end()
    noted = f"好，{_span(days.starts_on, days.ends_on)}请假，共 {days.days} 天。"
    if days.ends_on < local_date(context.now):
        return f"{noted}\n补记好了，那几天不算漏报。"
    return f"{noted}\n这几天不提醒你，也不算漏报。提前回来了说“销假”。"


def _span(first: date, last: date) -> str:
    start = f"{first.month}月{first.day}日"
    return start if first == last else f"{start}到{last.month}月{last.day}日"
