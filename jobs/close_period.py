"""Drafts a period's result in the night after it ends, and tells the office what to look at."""

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_day
from domain.calendar import local_date
from models.person import Role
from services.assessment import draft, periods_to_close
from services.person import people_with_role
from services.wording_result import result_drafted


@job(
    "close_period",
    schedule=every_day("1:13"),
    catch_up=CatchUp.EACH,
    help="周期结束后的夜里起草结果，告诉绩效管理员要核对什么",
)
def close_period(context: JobContext) -> list[Notice]:
    """Of the periods that ended the day before it is due."""
    notices = []
    for period in periods_to_close(context.session, local_date(context.due_at)):
        result = draft(context.session, period, by="close_period", now=context.now).result
        context.outcome.append(f"{period.code} 第 {result.version} 版")
        text = result_drafted(period.name, result.version, result.notes)
        notices += [
            Notice(clerk, f"close:{period.code}:{result.version}:{clerk.id}", Reply(text), Purpose.DIGEST)
            for clerk in people_with_role(context.session, Role.OFFICE)
        ]
    return notices
