"""Whom to remind of what: open key results of the week, objectives not set, reviews not written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlmodel import Session, col, exists, select

from domain.calendar import Workdays, at, local_date, week_closes_at
from domain.period import reminder_days
from models.okr import KeyResult, Objective, ObjectiveState, Review
from models.person import Person, Role
from models.unit import Unit
from services.burden import may_be_reminded
from services.period import PeriodOnDay, last_period, period_on, workdays
from services.person import absent_on, people_with_role
from services.still_open import OpenKeyResult, open_key_results_in, open_key_results_of_units
from services.week import ReportWeek, week_of_report
from services.wording import checkin_closing, checkin_missing, objectives_missing, review_missing


@dataclass(frozen=True, slots=True)
class Reminder:
    """What to tell whom; past `expires_at` it is not worth saying. `key` is unique for ever."""

    to: Person
    key: str
    text: str
    expires_at: datetime


def checkin_reminders(session: Session, due_at: datetime, *, last_call: bool) -> list[Reminder]:
    """A reminder for everybody who still has something to report for the week open at `due_at`.

    Whoever was away when the week ended is not asked about it afterwards.
    """
    days = workdays(session)
    week = week_of_report(due_at, days)
    closes_at = week_closes_at(week.label, days)
    units = [id_ for id_ in session.exec(select(Unit.id)) if id_ is not None]
    still_open = open_key_results_in(session, units, week)
    _add_units(session, still_open, week, days)
    away = away_at_end(session, still_open, week, days)
    people = _people(session, [id_ for id_ in still_open if id_ not in away])
    say, number = (checkin_closing, 2) if last_call else (checkin_missing, 1)
    # The first one speaks of 本周: after the weekend the last call says it better.
    expires_at = closes_at if last_call else min(closes_at, at(week.starts_on + timedelta(days=7), "00:00"))
    return [
        Reminder(
            person,
            f"checkin:{week.label}:{person.id}:{number}",
            say(still_open[person.id or 0], closes_at),
            expires_at,
        )
        for person in may_be_reminded(session, people, due_at)
    ]


def _add_units(session: Session, still_open: dict[int, list[OpenKeyResult]], week: ReportWeek, days: Workdays) -> None:
    """Adds what units have still to report, each unit's once: to the first of its leaders who is not away."""
    of_units = open_key_results_of_units(session, week)
    if not of_units:
        return
    leaders = people_with_role(session, Role.UNIT_LEADER)
    away = away_at_end(session, [one.id for one in leaders if one.id is not None], week, days)
    for unit_id, rows in of_units.items():
        asked = next((one.id for one in leaders if one.unit_id == unit_id and one.id not in away), None)
        if asked is not None:
            still_open[asked] = [*still_open.get(asked, ()), *rows]


def away_at_end(session: Session, people: Iterable[int], week: ReportWeek, days: Workdays) -> frozenset[int]:
    """Who is on leave on the week's last working day, or today when that is still to come: they owe no report."""
    last = days.last_working_day_of_week(week.starts_on)
    return absent_on(session, people, min(last, week.day)) if last is not None else frozenset()


def setting_reminders(session: Session, due_at: datetime) -> list[Reminder]:
    """On the reminding days before the setting due date: everybody without an objective in the period."""
    days, today = workdays(session), local_date(due_at)
    period = period_on(session, today, days)
    if period is None or today not in reminder_days(period.plan.setting_due_on, days):
        return []
    due_on = period.plan.setting_due_on
    has_set = exists().where(
        col(Objective.period_id) == period.id,
        col(Objective.person_id) == col(Person.id),
        col(Objective.state) != ObjectiveState.RETURNED,
    )
    people = session.exec(select(Person).where(col(Person.left_at).is_(None), ~has_set).order_by(col(Person.id))).all()
    text = objectives_missing(period.name, due_on, days.working_days_between(today, due_on))
    return [
        Reminder(person, f"setting:{period.id}:{person.id}:{today}", text, _end_of(due_on))
        for person in may_be_reminded(session, people, due_at)
    ]


def review_reminders(session: Session, due_at: datetime) -> list[Reminder]:
    """On the reminding days before the review due date: everybody with a key result of the past period not reviewed."""
    days, today = workdays(session), local_date(due_at)
    period = last_period(session, today, days)
    if period is None or today not in reminder_days(period.plan.review_due_on, days):
        return []
    due_on = period.plan.review_due_on
    left = days.working_days_between(today, due_on)
    missing = _not_reviewed(session, period)
    return [
        Reminder(
            person,
            f"review:{period.id}:{person.id}:{today}",
            review_missing(period.name, missing[person.id or 0], due_on, left),
            _end_of(due_on),
        )
        for person in may_be_reminded(session, _people(session, missing), due_at)
    ]


def _not_reviewed(session: Session, period: PeriodOnDay) -> dict[int, list[int]]:
    """The numbers of key results without a review, by person id."""
    query = (
        select(col(Objective.person_id), col(KeyResult.number))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .join(Review, col(Review.key_result_id) == col(KeyResult.id), isouter=True)
        .where(Objective.period_id == period.id, Objective.state == ObjectiveState.APPROVED)
        .where(col(Objective.person_id).is_not(None), col(Review.key_result_id).is_(None))
        .order_by(col(Objective.person_id), col(KeyResult.number))
    )
    rows = groupby(session.exec(query), key=lambda row: row[0])
    return {person_id: [number for _, number in group] for person_id, group in rows if person_id is not None}


def _people(session: Session, ids: Collection[int]) -> list[Person]:
    """The active ones among them."""
    query = select(Person).where(col(Person.id).in_(ids), col(Person.left_at).is_(None)).order_by(col(Person.id))
    return list(session.exec(query))


def _end_of(day: date) -> datetime:
    return at(day + timedelta(days=1), "00:00")
