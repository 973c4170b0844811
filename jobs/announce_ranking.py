"""Announces results on their day, unless the office holds them: each person hears their own place and why."""

from sqlmodel import Session

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from domain.calendar import local_date
from models.period import Period
from models.result import Result
from services.assessment import announce, periods_to_announce, private_words
from services.period import workdays


@job(
    "announce_ranking",
    schedule=every_working_day("10:07"),
    catch_up=CatchUp.NEWEST,
    help="到公布日公布结果：每个人只收到自己的名次和原因，绩效管理员扣住的不发",
)
def announce_ranking(context: JobContext) -> list[Notice]:
    """A version that was corrected after the announcement is announced by a person, with `flask announce`."""
    notices = []
    days = workdays(context.session)
    for period in periods_to_announce(context.session, local_date(context.due_at), days):
        result = announce(context.session, period, by="announce_ranking", now=context.now)
        context.outcome.append(f"{period.code} 第 {result.version} 版")
        notices += result_notices(context.session, period, result)
    return notices


def result_notices(session: Session, period: Period, result: Result) -> list[Notice]:
    """A private message to everybody ranked, and to the leaders of every unit ranked; each once per version."""
    return [
        Notice(told.person, told.key, Reply(told.text), Purpose.DIGEST)
        for told in private_words(session, period, result)
    ]
