"""Tells each unit's leaders how the past week went, on its first working morning."""

from datetime import timedelta

from bot.message import Button, Link, Notice, Purpose, Reply
from bot.registry import CatchUp, JobContext, job
from bot.schedule import first_working_day_of_week
from services.digest import board_label, leaders_on_duty, unit_digest
from services.period import workdays
from services.week import week_of_report

# Later the past week is no news any more: after long downtime the board shows it.
WORTH_TELLING = timedelta(days=2)


@job(
    "digest_unit",
    schedule=first_working_day_of_week("8:47"),
    catch_up=CatchUp.NEWEST,
    help="每周第一个工作日早上，告诉单位负责人上周的情况",
)
def digest_unit(context: JobContext) -> list[Notice]:
    """One message per leader who is not on leave; a unit where nobody reports has none."""
    week = week_of_report(context.due_at, workdays(context.session))
    notices = []
    for unit, leaders in leaders_on_duty(context.session, context.due_at):
        text = unit_digest(context.session, unit, week.label, context.due_at) if leaders else None
        if text is None:
            continue
        reply = Reply(text, (Button("问一句", "问一句"),), Link(board_label(unit), "/unit"), once=False)
        notices += [
            Notice(
                leader,
                f"digest:{week.label}:{unit.id}:{leader.id}",
                reply,
                Purpose.DIGEST,
                expires_at=context.due_at + WORTH_TELLING,
            )
            for leader in leaders
        ]
    return notices
