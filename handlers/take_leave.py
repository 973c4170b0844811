"""请假, 销假: days on which the assistant leaves a person in peace."""

from datetime import date

from bot.context import Context
from bot.message import Answer, Button, Reply
from bot.registry import command, step
from domain.absence import read_absence
from domain.calendar import local_date
from services import absence

ASK = Reply(
    "请哪几天？可以说“3天”“明天”“11月24日到26日”。",
    (Button("今天", "今天"), Button("明天", "明天"), Button("这周", "本周")),
)


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
    answer = _note(context, context.message.text)
    context.question.end()
    return answer


@command("销假", help="提前回来了，结束请假", aliases=("取消请假", "不请假了"))
def end_leave(context: Context) -> Answer:
    """Ends the leave as of today."""
    today = local_date(context.now)
    days = absence.end_leave(context.session, today, by=context.sender.person, now=context.now)
    return f"好，{_span(days.starts_on, days.ends_on)}的假销了。今天起照常。"


def _note(context: Context, text: str) -> str:
    days = read_absence(text, local_date(context.now))
    absence.take_leave(context.session, days, by=context.sender.person, now=context.now)
    return (
        f"好，{_span(days.starts_on, days.ends_on)}请假，共 {days.days} 天。\n"
        "这几天不提醒你，也不算漏报。提前回来了说“销假”。"
    )


def _span(first: date, last: date) -> str:
    start = f"{first.month}月{first.day}日"
    return start if first == last else f"{start}到{last.month}月{last.day}日"
