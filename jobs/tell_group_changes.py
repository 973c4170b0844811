"""Tells the holders of grids once a working day how many came into their groups and how many went: counts, no persons."""

from datetime import time, timedelta

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_working_day
from domain.calendar import at, local_date
from services.group import changes_of_groups
from services.period import workdays
from services.wording_resident import group_changes


@job(
    "tell_group_changes",
    schedule=every_working_day("9:13"),
    catch_up=CatchUp.NEWEST,
    help="把居民群里新进、退出的人数告诉网格员，一天一条",
)
def tell_group_changes(context: JobContext) -> list[Notice]:
    """One line per holder and grid where anything changed since the working day before, with the grid's coverage."""
    today = local_date(context.due_at)
    since = at(workdays(context.session).previous_working_day(today), time(9, 13))
    found = changes_of_groups(context.session, since, context.due_at)
    expires_at = context.due_at + timedelta(days=1)
    return [
        Notice(
            one.holder,
            f"group-changes:{one.grid.id}:{today}",
            Reply(group_changes(one.grid.name, (one.joined, one.left), one.coverage.members, one.coverage.households)),
            Purpose.DIGEST,
            expires_at=expires_at,
        )
        for one in found
    ]
