"""Compares the county's people with WeCom's contacts every morning before work."""

from bot.message import Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_day
from bot.wecom.client import WeComClient
from domain.calendar import local_date
from jobs.tell import notices_of
from models.person import Role
from services import contact
from services.person import people_with_role
from services.wording import members_lost


def gather_names(client: WeComClient) -> dict[str, str]:
    """The names of everybody in the contacts the app may see, by account."""
    return {member["userid"]: member.get("name", "") for member in client.members()}


@job(
    "sync_contacts",
    schedule=every_day("6:43"),
    catch_up=CatchUp.NEWEST,
    help="对照企业微信通讯录：离开的人停用，回来的人恢复",
    gather=gather_names,
    at_first_start=True,
)
def sync_contacts(context: JobContext) -> list[Notice]:
    """Carries the changes over and tells who takes over tickets; tells the operators when the contacts look wrong."""
    result = contact.sync_contacts(context.session, context.gathered, now=context.now)
    context.outcome.append(str(result))
    if not result.is_suspicious:
        return notices_of(context.session, result.tellings)
    text = members_lost(result.left, result.active)
    return [
        Notice(operator, f"contacts:{local_date(context.now)}:{operator.id}", Reply(text), Purpose.OPERATION)
        for operator in people_with_role(context.session, Role.SYSTEM_ADMIN)
    ]
