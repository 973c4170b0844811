"""Reminds whoever has not reviewed the past period, 5, 2 and 0 working days before reviews are due."""

from bot.message import Button, Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from services.reminder import review_reminders


@job(
    "remind_review",
    schedule=every_working_day("9:37"),
    catch_up=CatchUp.NEWEST,
    help="复盘截止前 5、2、0 个工作日，提醒还没复盘的人",
)
def remind_review(context: JobContext) -> list[Notice]:
    """Most days there is nobody to remind."""
    return [
        Notice(
            each.to,
            each.key,
            Reply(each.text, (Button("去复盘", "复盘"),)),
            Purpose.REMINDER,
            expires_at=each.expires_at,
        )
        for each in review_reminders(context.session, context.due_at)
    ]
