"""Asks enterprises how a request went: once, and once more two days later."""

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from jobs.tell import notices_of
from services.ticket import closing


@job(
    "ask_ratings", schedule=every_working_day("10:17"), catch_up=CatchUp.NEWEST, help="请企业评价办结的诉求，最多问两次"
)
def ask_ratings(context: JobContext) -> list[Notice]:
    """Asks nobody who has rated, and nobody after the seven days in which one may."""
    return notices_of(context.session, closing.ask_ratings(context.session, now=context.now))
