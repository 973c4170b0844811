"""Reminds whoever has no objectives yet, 5, 2 and 0 working days before they are due."""

from bot.message import Button, Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from services.reminder import setting_reminders


@job(
    "remind_setting",
    schedule=every_working_day("9:22"),
    catch_up=CatchUp.NEWEST,
    help="制定截止前 5、2、0 个工作日，提醒还没定目标的人",
)
def remind_setting(context: JobContext) -> list[Notice]:
    """Most days there is nobody to remind."""
    return [
        Notice(
            each.to,
            each.key,
            Reply(each.text, (Button("定目标", "目标"),)),
            Purpose.REMINDER,
            expires_at=each.expires_at,
        )
        for each in setting_reminders(context.session, context.due_at)
    ]
