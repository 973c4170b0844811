"""Tells of tickets whose time runs out: the owner before it does, then a leader, then the next one."""

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_minutes
from jobs.tell import notices_of
from services.ticket.escalate import due_notices


@job(
    "escalate_tickets",
    schedule=every_minutes(5),
    catch_up=CatchUp.SKIP,
    help="诉求快到时限提醒承办人，到时告诉网格长，再过一个工作日告诉值班领导",
)
def escalate_tickets(context: JobContext) -> list[Notice]:
    """Says in duty hours what came due since the last time; a missed run is made up by the next."""
    return notices_of(context.session, due_notices(context.session, now=context.now))
