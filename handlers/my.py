"""我的: one's objectives, how far they are, what is due this week, and the days left."""

from collections.abc import Container, Sequence
from datetime import date

from bot.context import Context
from bot.message import CARD_ROW_VALUE, CARD_ROWS, CARD_TEXT, Answer, Button, Link, Reply, Row
from bot.registry import command
from domain.calendar import local, local_date
from domain.okr import whole_percent
from handlers.report import refused
from models.okr import ObjectiveState
from services.key_result import KeyResultInWeek, shorten
from services.okr import OwnObjective, OwnPlan, nothing_set, reporter, share_of, whole_plan
from services.period import PeriodOnDay, period_seen, workdays
from services.week import ReportWeek, week_of_report

STATES = {ObjectiveState.PROPOSED: "等负责人确认", ObjectiveState.RETURNED: "被退回，回“目标”改"}
REPORT, AS_BEFORE, SET = Button("填周报", "周报"), Button("和上周一样", "和上周一样"), Button("看目标", "目标")
DETAILS = Link("看详情", "/")
LONGEST_PERIOD = 18
# How long titles may be, and whether the figures stand beside the percentage: the first with which all fit the card.
FORMS = ((14, True), (10, True), (8, True), (6, True), (4, True), (6, False))


@command("我的", help="目标、进度、这周还差什么", aliases=("我的目标", "进度", "我的进度"))
def show_mine(context: Context) -> Answer:
    """One card with everything the sender has set for the period."""
    days = workdays(context.session)
    week = week_of_report(context.now, days)
    plan = whole_plan(context.session, reporter(context.sender.person, context.sender.roles), week)
    if plan is None:
        return refused(nothing_set(context.session, week, days))
    today = local_date(context.now)
    period = period_seen(context.session, plan.period_id, today, days)
    heading = "，".join([shorten(period.name, LONGEST_PERIOD), _left(period, today), *_total(plan)])
    rows = _objectives(plan)
    due = [one for one in plan.key_results if one.is_due]
    if plan.key_results:
        rows.append(_due(due, week, today))
    buttons = (REPORT, AS_BEFORE) if due else (REPORT,) if plan.key_results else (SET,)
    return Reply("\n".join([heading, *_lines(plan)]), buttons, DETAILS, once=False, rows=tuple(rows))


def _left(period: PeriodOnDay, today: date) -> str:
    if today > period.plan.ends_on:
        return "已经结束"
    return "最后一天" if period.days_left == 0 else f"还剩 {period.days_left} 天"


def _total(plan: OwnPlan) -> list[str]:
    """The progress of the whole period, once anything of it is approved; the unit's where the person has set nothing."""
    share = share_of(plan.own or plan.objectives)
    return [] if share is None else [f"{'总进度' if plan.own else '单位进度'} {whole_percent(share)}%"]


def _objectives(plan: OwnPlan) -> list[Row]:
    """A row for each; the unit's share one where there is no room for each beside the row of what is due."""
    if len(plan.objectives) < CARD_ROWS:
        return [_objective(objective) for objective in plan.objectives]
    units = [one for one in plan.objectives if one.is_units]
    share = share_of(units)
    told = f"{len(units)} 个目标{f' · {whole_percent(share)}%' if share is not None else ''}"
    return [*(_objective(objective) for objective in plan.own), *([Row("单位", told)] if units else [])][:CARD_ROWS]


def _objective(objective: OwnObjective) -> Row:
    """The objective with its progress; one that is not approved yet says what it waits for."""
    says = f"（{STATES[objective.state]}）" if objective.state in STATES else f" · {whole_percent(objective.share)}%"
    return Row(f"{'单位' if objective.is_units else ''}O{objective.position}", f"{shorten(objective.title, 18)}{says}")


def _due(due: Sequence[KeyResultInWeek], week: ReportWeek, today: date) -> Row:
    called = "这周" if today <= week.day else "上周"
    if not due:
        return Row(called, "都报齐了")
    closing = f"今天 {local(week.closes_at):%H:%M}" if today == local_date(week.closes_at) else week.closing
    names = "、".join(one.code for one in due)
    says = (f"{what}，{closing} 前" for what in (names, f"{len(due)} 项"))
    return Row(f"{called}还差", next((each for each in says if len(each) <= CARD_ROW_VALUE), f"{len(due)} 项"))


def _lines(plan: OwnPlan) -> list[str]:
    """The key results, as much of each as the card holds; where it cannot hold all, what is due comes before the rest."""
    all_ = sorted((one for each in plan.objectives for one in each.key_results), key=_place)
    counted = {one.id for one in plan.key_results}
    lines = [one.summary() if one.id in counted else one.name for one in all_]
    forms = iter(FORMS)
    while not _fits(lines):
        form = next(forms, None)
        if form is None:
            return _foremost(all_, counted)
        lines = [_short(one, form) if one.id in counted else _title(one, form[0]) for one in all_]
    return lines


def _foremost(all_: Sequence[KeyResultInWeek], counted: Container[int]) -> list[str]:
    """As many as fit in the shortest form, the due ones before the others, and how many are left out."""
    shown = sorted(all_, key=lambda one: (not one.is_due, *_place(one)))
    lines: list[str] = []
    while not lines or not _fits(lines):
        shown.pop()
        kept = sorted(shown, key=_place)
        lines = [_short(one, FORMS[-1]) if one.id in counted else _title(one, FORMS[-1][0]) for one in kept]
        lines.append(f"另有 {len(all_) - len(kept)} 项，点“{DETAILS.label}”")
    return lines


def _place(one: KeyResultInWeek) -> tuple[bool, int]:
    return one.is_units, one.number


def _short(one: KeyResultInWeek, form: tuple[int, bool]) -> str:
    """KR1 入户走访 35/50 70%, or KR1 入户走访 70%."""
    longest, has_figures = form
    figures = f" {one.measure.partition(' ')[0]}" if has_figures else ""
    return f"{_title(one, longest)}{figures} {whole_percent(one.share)}%"


def _title(one: KeyResultInWeek, longest: int) -> str:
    return f"{one.code} {shorten(one.title, longest)}"


def _fits(lines: Sequence[str]) -> bool:
    return len("\n".join(lines)) <= CARD_TEXT
