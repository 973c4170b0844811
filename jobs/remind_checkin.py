"""Reminds of what has not been reported: on the last working day of the week, and before the week closes."""

from bot.message import Button, Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import first_working_day_of_week, last_working_day_of_week
from services.reminder import Reminder, checkin_reminders

BUTTONS = (Button("填周报", "周报"), Button("和上周一样", "和上周一样"))
LEAVE = Button("这周请假", "请假 本周")


@job(
    "remind_checkin",
    schedule=last_working_day_of_week("15:07"),
    catch_up=CatchUp.NEWEST,
    help="提醒本周还有进展没报的人，每人一次",
)
def remind_checkin(context: JobContext) -> list[Notice]:
    """Asks for what is open in the week that ends."""
    found = checkin_reminders(context.session, context.due_at, last_call=False)
    return [_notice(each, (*BUTTONS, LEAVE)) for each in found]


@job(
    "remind_checkin_again",
    schedule=first_working_day_of_week("8:52"),
    catch_up=CatchUp.NEWEST,
    help="上周进展截止前，再提醒一次还没报的人",
)
def remind_checkin_again(context: JobContext) -> list[Notice]:
    """Asks once more before the past week closes."""
    found = checkin_reminders(context.session, context.due_at, last_call=True)
    return [_notice(each, BUTTONS) for each in found]


def _notice(reminder: Reminder, buttons: tuple[Button, ...]) -> Notice:
    reply = Reply(reminder.text, buttons)
    return Notice(reminder.to, reminder.key, reply, Purpose.REMINDER, expires_at=reminder.expires_at)
