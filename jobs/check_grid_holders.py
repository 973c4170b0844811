"""Looks every night for enterprises that nobody holds, tickets whose owner has left, and due times out of date."""

from hashlib import sha256

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_day
from domain.calendar import local_date, week_of
from jobs.tell import notices_of
from models.person import Role
from services.person import people_with_role
from services.ticket.holders import check_holders, count_clocks_again
from services.wording_ticket import grids_without_holder


@job(
    "check_grid_holders",
    schedule=every_day("2:43"),
    catch_up=CatchUp.NEWEST,
    help="查没有联系人的网格，把离开的人手里的诉求交出去，按日历重算时限",
)
def check_grid_holders(context: JobContext) -> list[Notice]:
    """Tells the performance office once a week of the same grids, and at once of others."""
    found = check_holders(context.session, now=context.now)
    counted = count_clocks_again(context.session, now=context.now)
    context.outcome.append(f"没有联系人的网格 {len(found.without_holder)} 个，重算时限 {counted} 件")
    notices = notices_of(context.session, found.tellings)
    if not found.without_holder:
        return notices
    text = Reply(grids_without_holder(found.without_holder))
    digest = sha256("、".join(found.without_holder).encode()).hexdigest()[:12]
    key = f"holders:{week_of(local_date(context.now))}:{digest}"
    office = people_with_role(context.session, Role.OFFICE)
    return notices + [Notice(one, f"{key}:{one.id}", text, Purpose.DIGEST) for one in office]
