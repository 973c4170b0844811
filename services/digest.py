"""A unit's week in a few lines for its leader: who has reported, what is stuck, whose confidence fell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from sqlalchemy import or_
from sqlmodel import Session, col, select

from domain.calendar import Workdays, local_date, shift_week
from domain.okr import Confidence, whole_percent
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from models.unit import Unit
from services.key_result import shorten
from services.okr import OwnPlan, share_of, unit_plan
from services.period import workdays
from services.person import absent_on, leaders_of
from services.reminder import away_at_end
from services.still_open import open_key_results_in
from services.week import ReportWeek, as_seen

STATION = "派出所"
MOST_STUCK = 5
MOST_WORSE = 3
LONGEST_NOTE = 30
_ORDER = {Confidence.CONFIDENT: 0, Confidence.AT_RISK: 1, Confidence.UNLIKELY: 2}


@dataclass(frozen=True, slots=True)
class Concern:
    """A key result somebody worries about; `weeks` counts the reports in a row that say so."""

    name: str
    number: int
    confidence: Confidence
    note: str
    weeks: int
    is_worse: bool

    @property
    def whose(self) -> str:
        """张* KR3, or 单位KR3 where it is the unit's own."""
        return f"{self.name} KR{self.number}" if self.name else f"单位KR{self.number}"


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """How a unit's week went; whoever has nothing to report is not counted. `own` are the objectives of the unit itself."""

    people: int
    reported: int
    away: int
    concerns: tuple[Concern, ...]
    own: OwnPlan | None = None

    @property
    def missing(self) -> int:
        """How many neither reported nor were away."""
        return self.people - self.reported - self.away


def unit_digest(session: Session, unit: Unit, week: str, now: datetime) -> str | None:
    """The digest of one week (2026-W47) as seen at `now`, at most eleven lines; None when nobody there reports."""
    days = workdays(session)
    seen = as_seen(week, now, days)
    found = look_at_unit(session, unit, seen, days)
    if not found.people and not found.own:
        return None
    stuck = [one for one in found.concerns if one.confidence is Confidence.UNLIKELY or one.note]
    worse = [one for one in found.concerns if one not in stuck and one.is_worse]
    lines = [f"{unit.name}第{seen.number}周：{_turnout(found, is_over=seen.is_late)}", *_own(found.own)]
    if stuck:
        lines += [f"卡住的 {len(stuck)} 件：", *_listed([_stuck(one) for one in stuck], board_label(unit))]
    if worse:
        names = [one.whose for one in worse[:MOST_WORSE]]
        lines.append(f"信心变差 {len(worse)} 件：{'、'.join(names)}{'等' if len(worse) > MOST_WORSE else ''}。")
    lines.append("其余正常。" if stuck or worse else "没有卡住的。")
    return "\n".join(lines)


def board_label(unit: Unit) -> str:
    """What the link to the unit's board says: only a 派出所 is called 所."""
    return "看全所" if unit.category == STATION else "看全部"


def look_at_unit(session: Session, unit: Unit, week: ReportWeek, days: Workdays) -> UnitWeek:
    """Counts the people with approved key results and gathers what they worry about, the worst first."""
    owing = _people_with_key_results(session, unit, week)
    still_open = open_key_results_in(session, [unit.id or 0], week)
    checked_in = _people_who_checked_in(session, owing, week)
    reported = {id_ for id_ in owing if id_ in checked_in or id_ not in still_open}
    away = away_at_end(session, owing, week, days) - reported
    own = unit_plan(session, unit.id or 0, week)
    if own is not None and not own.key_results:
        own = None
    return UnitWeek(len(owing), len(reported), len(away), tuple(_concerns(session, unit, owing, week)), own)


def leaders_on_duty(session: Session, now: datetime) -> list[tuple[Unit, list[Person]]]:
    """Every unit, by code, with those of its leaders who are not on leave on the day of `now`."""
    units = session.exec(select(Unit).order_by(col(Unit.code))).all()
    found = [(unit, leaders_of(session, unit.id or 0)) for unit in units]
    ids = [person.id for _, leaders in found for person in leaders if person.id is not None]
    absent = absent_on(session, ids, local_date(now))
    return [(unit, [person for person in leaders if person.id not in absent]) for unit, leaders in found]


def _people_with_key_results(session: Session, unit: Unit, week: ReportWeek) -> dict[int, str]:
    """The names of the unit's active people who have something approved in the week's period, by id."""
    query = (
        select(Person.id, Person.name)
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(Period, col(Period.id) == col(Objective.period_id))
        .where(Person.unit_id == unit.id, col(Person.left_at).is_(None))
        .where(Objective.state == ObjectiveState.APPROVED)
        .where(col(Period.starts_on) <= week.day, col(Period.ends_on) >= week.day)
        .distinct()
    )
    return {id_: name for id_, name in session.exec(query) if id_ is not None}


def _people_who_checked_in(session: Session, people: Collection[int], week: ReportWeek) -> set[int | None]:
    query = (
        select(Objective.person_id)
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(CheckIn, col(CheckIn.key_result_id) == col(KeyResult.id))
        .where(col(Objective.person_id).in_(people), CheckIn.week == week.label, col(CheckIn.undone_at).is_(None))
        .distinct()
    )
    return set(session.exec(query))


def _concerns(session: Session, unit: Unit, people: dict[int, str], week: ReportWeek) -> list[Concern]:
    """Key results whose report of the week is less than confident, the worst and the longest first."""
    query = (
        select(col(Objective.person_id), col(KeyResult.id), col(KeyResult.number), CheckIn)
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(CheckIn, col(CheckIn.key_result_id) == col(KeyResult.id))
        .where(or_(col(Objective.person_id).in_(people), col(Objective.unit_id) == unit.id))
        .where(col(CheckIn.week) <= week.label)
        .where(col(CheckIn.week) >= shift_week(week.label, -13), col(CheckIn.undone_at).is_(None))
        .order_by(col(KeyResult.id), col(CheckIn.week), col(CheckIn.id))
    )
    found = []
    for _, rows in groupby(session.exec(query), key=lambda row: row[1]):
        history = list(rows)
        person_id, _, number, _ = history[-1]
        # One a week: a later report of the same week replaces the earlier one.
        by_week = {check_in.week: check_in for *_, check_in in history}
        concern = _concern(masked(people.get(person_id or 0, "")), number, by_week, week)
        if concern is not None:
            found.append(concern)
    return sorted(found, key=lambda one: (-_ORDER[one.confidence], -one.weeks, one.number))


def _concern(name: str, number: int, by_week: dict[str, CheckIn], week: ReportWeek) -> Concern | None:
    latest = by_week.get(week.label)
    if latest is None or latest.confidence in (None, Confidence.CONFIDENT):
        return None
    levels = [_ORDER[one.confidence] if one.confidence else 0 for one in by_week.values()]
    weeks = next((n for n, level in enumerate(reversed(levels)) if not level), len(levels))
    is_worse = len(levels) > 1 and levels[-1] > levels[-2]
    return Concern(name, number, latest.confidence or Confidence.AT_RISK, latest.note, weeks, is_worse)


def masked(name: str) -> str:
    """张*, and nothing for the unit itself: enough for whoever leads the person, and no more in a chat that may be forwarded."""
    return f"{name[:1]}*" if name else ""


def _own(plan: OwnPlan | None) -> list[str]:
    """单位目标 26%：KR1 47%，KR2、KR3 还没报。"""
    if plan is None:
        return []
    told = [f"KR{one.number} {whole_percent(one.share)}%" for one in plan.key_results if not one.is_due]
    missing = "、".join(f"KR{one.number}" for one in plan.key_results if one.is_due)
    share = whole_percent(share_of(plan.objectives) or Fraction(0))
    return [f"单位目标 {share}%：{'，'.join([*told, *([f'{missing} 还没报'] if missing else [])])}。"]


def _turnout(week: UnitWeek, *, is_over: bool) -> str:
    if not week.people:
        return "没有要报的人。"
    parts = [f"{week.people} 人", f"{week.reported} 人已报"]
    if week.away:
        parts.append(f"{week.away} 人请假")
    if week.missing:
        parts.append(f"{week.missing} 人{'没报' if is_over else '还没报'}")
    return "，".join(parts) + "。"


def _stuck(one: Concern) -> str:
    note = shorten(one.note, LONGEST_NOTE) or one.confidence.value
    return f"{one.whose} {note}{f'（第 {one.weeks} 周）' if one.weeks > 1 else ''}"


def _listed(items: list[str], label: str) -> list[str]:
    shown = items[:MOST_STUCK]
    if len(items) > MOST_STUCK:
        shown.append(f"另有 {len(items) - MOST_STUCK} 件，点“{label}”")
    return shown
