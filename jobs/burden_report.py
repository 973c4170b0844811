"""Tells the performance office every month how often each unit was written to."""

from datetime import timedelta

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_month
from domain.calendar import local_date
from models.person import Role
from services.burden import burden_of_month, burden_text
from services.person import people_with_role


@job(
    "burden_report",
    schedule=every_month(day=1, at="9:17"),
    catch_up=CatchUp.EACH,
    help="每月告诉绩效管理员：上月给各单位主动发了多少消息、问了多少次",
)
def burden_report(context: JobContext) -> list[Notice]:
    """Of the month before the one it is due in."""
    first_day = (local_date(context.due_at).replace(day=1) - timedelta(days=1)).replace(day=1)
    text = burden_text(first_day, burden_of_month(context.session, first_day))
    return [
        Notice(clerk, f"burden:{first_day:%Y-%m}:{clerk.id}", Reply(text), Purpose.DIGEST)
        for clerk in people_with_role(context.session, Role.OFFICE)
    ]
