"""Closes requests that their enterprise has not answered for three working days."""

from bot.message import Notice
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from jobs.tell import notices_of
from services.ticket.closing import lapse


@job(
    "lapse_tickets",
    schedule=every_working_day("8:43"),
    catch_up=CatchUp.NEWEST,
    help="办好后 3 个工作日没有回音的诉求，按默认办结",
)
def lapse_tickets(context: JobContext) -> list[Notice]:
    """Tells the owner, and the enterprise how to go on if it is not solved."""
    return notices_of(context.session, lapse(context.session, now=context.now))
