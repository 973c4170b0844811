"""我的: one's objectives, how far they are, what is due this week, and the days left."""

from datetime import date

from bot.context import Context
from bot.message import Answer, Button, Reply
from bot.registry import command
from domain.calendar import local, local_date
from domain.okr import weighted_progress, whole_percent
from handlers.report import refused
from models.okr import ObjectiveState
from services.key_result import LONGEST_TITLE, shorten
from services.okr import OwnObjective, OwnPlan, nothing_set, own_plan
from services.period import PeriodOnDay, period_seen, workdays
from services.week import week_of_report

STATES = {ObjectiveState.PROPOSED: "等负责人确认", ObjectiveState.RETURNED: "被退回，回“目标”改"}
REPORT_NOW = (Button("填周报", "周报"), Button("和上周一样", "和上周一样"))


@command("我的", help="目标、进度、这周还差什么", aliases=("我的目标", "进度", "我的进度"))
def show_mine(context: Context) -> Answer:
    """One screen with everything the sender has set for the period."""
    days = workdays(context.session)
    week = week_of_report(context.now, days)
    person_id = context.sender.person.id
    assert person_id is not None
    plan = own_plan(context.session, person_id, week)
    if plan is None:
        return refused(nothing_set(context.session, week, days))
    today = local_date(context.now)
    period = period_seen(context.session, plan.period_id, today, days)
    heading = [period.name, _left(period, today), *_total(plan)]
    lines = ["，".join(heading), *(line for objective in plan.objectives for line in _objective(objective))]
    shown = Reply("\n".join(lines))
    due = [f"KR{one.number}" for one in plan.key_results if one.is_due]
    called = "这周" if today <= week.day else "上周"
    if due:
        closing = f"今天 {local(week.closes_at):%H:%M}" if today == local_date(week.closes_at) else week.closing
        return [shown, Reply(f"{called}还差 {'、'.join(due)}，{closing} 前报都行。", REPORT_NOW, once=False)]
    return Reply(f"{shown.text}\n{called}的都报齐了。") if plan.key_results else shown


def _left(period: PeriodOnDay, today: date) -> str:
    if today > period.plan.ends_on:
        return "已经结束"
    return "最后一天" if period.days_left == 0 else f"还剩 {period.days_left} 天"


def _total(plan: OwnPlan) -> list[str]:
    """The progress of the whole period, once anything of it is approved."""
    approved = [one for one in plan.objectives if one.state is ObjectiveState.APPROVED and one.key_results]
    if not approved:
        return []
    return [f"总进度 {whole_percent(weighted_progress((one.weight, one.share) for one in approved))}%"]


def _objective(objective: OwnObjective) -> list[str]:
    """The objective's line and those of its key results; one that is not approved yet says what it waits for."""
    heading = f"O{objective.position} {shorten(objective.title, LONGEST_TITLE)}"
    if objective.state in STATES:
        return [f"{heading}（{STATES[objective.state]}）", *(one.name for one in objective.key_results)]
    return [heading, *(one.summary() for one in objective.key_results)]
