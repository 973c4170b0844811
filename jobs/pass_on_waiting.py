"""What an enterprise does not get before it writes again: whoever has its request passes it on by phone."""

from datetime import timedelta

from bot.kf.window import waiting_since
from bot.message import Button, Notice, Purpose, Reply
from bot.pass_on import key_of
from bot.registry import CatchUp, JobContext, job
from bot.schedule import every_minutes
from services.ticket.pass_on import whose_word
from services.wording_ticket import to_pass_on

WAITED = timedelta(hours=4)


@job(
    "pass_on_waiting",
    schedule=every_minutes(10),
    catch_up=CatchUp.SKIP,
    help="企业 4 小时没开口、发不过去的话，请承办人打电话转告",
)
def pass_on_waiting(context: JobContext) -> list[Notice]:
    """A card for each message, once; it still leaves by itself if the customer writes first."""
    notices = []
    for one in waiting_since(context.session, context.now - WAITED):
        found = whose_word(context.session, one.customer, one.text, now=context.now)
        if found is not None:
            owner, title = found
            card = Reply(to_pass_on(title, one.text), (Button("已转告", f"已转告 {one.id}"),))
            notices.append(Notice(owner, key_of(one.id, owner.id or 0), card, Purpose.DIGEST))
    return notices
