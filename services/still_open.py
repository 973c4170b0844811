"""Who still has something to report in a week: people, and units through their leaders."""

from collections.abc import Collection
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Select, and_, or_
from sqlmodel import Session, col, exists

from models.okr import CheckIn, KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from services.week import ReportWeek


class OpenKeyResult(NamedTuple):
    """A key result that somebody has still to report this week; `owner_id` is a person's, or a unit's where `is_units`."""

    owner_id: int
    number: int
    title: str
    start: Decimal
    target: Decimal
    unit: str
    is_units: bool = False

    @property
    def code(self) -> str:
        """KR4, or 单位KR4."""
        return f"单位KR{self.number}" if self.is_units else f"KR{self.number}"

    @property
    def is_milestone(self) -> bool:
        """Whether it is either done or not."""
        return self.start == 0 and self.target == 1 and not self.unit


def open_key_results(session: Session, person: Person, week: ReportWeek) -> list[OpenKeyResult]:
    """What the person has still to report this week: approved, of the running period, not reported, not complete."""
    query = _of_people(week).where(col(Objective.person_id) == person.id)
    return [OpenKeyResult(*row) for row in session.connection().execute(query)]


def open_key_results_in(
    session: Session, unit_ids: Collection[int], week: ReportWeek
) -> dict[int, list[OpenKeyResult]]:
    """The same for everybody in some units, by person id, in one query; whoever owes nothing is not in it."""
    query = _of_people(week).where(col(Person.unit_id).in_(unit_ids))
    found = [OpenKeyResult(*row) for row in session.connection().execute(query)]
    return {person_id: list(rows) for person_id, rows in groupby(found, key=lambda one: one.owner_id)}


def open_key_results_of_units(session: Session, week: ReportWeek) -> dict[int, list[OpenKeyResult]]:
    """The same for the units themselves, by unit id: what their leaders report as 单位KR1."""
    query = _still_open(week, col(Objective.unit_id)).where(col(Objective.unit_id).is_not(None))
    found = [OpenKeyResult(*row)._replace(is_units=True) for row in session.connection().execute(query)]
    return {unit_id: list(rows) for unit_id, rows in groupby(found, key=lambda one: one.owner_id)}


def _of_people(week: ReportWeek) -> Select[Any]:
    query = _still_open(week, col(Objective.person_id)).join(Person, col(Person.id) == col(Objective.person_id))
    return query.where(col(Person.left_at).is_(None))


def _still_open(week: ReportWeek, owner: Any) -> Select[Any]:
    reported = exists().where(
        col(CheckIn.key_result_id) == col(KeyResult.id),
        col(CheckIn.week) == week.label,
        col(CheckIn.undone_at).is_(None),
    )
    # The same as a progress below 1, said so that the database can tell.
    short_of_target = or_(
        and_(col(KeyResult.target) > col(KeyResult.start), col(KeyResult.current) < col(KeyResult.target)),
        and_(col(KeyResult.target) < col(KeyResult.start), col(KeyResult.current) > col(KeyResult.target)),
    )
    return (
        sqlalchemy.select(
            owner,
            col(KeyResult.number),
            col(KeyResult.title),
            col(KeyResult.start),
            col(KeyResult.target),
            col(KeyResult.unit),
        )
        .select_from(Objective)
        .join(Period, col(Period.id) == col(Objective.period_id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(col(Objective.state) == ObjectiveState.APPROVED, short_of_target, ~reported)
        .where(col(Period.starts_on) <= week.day, col(Period.ends_on) >= week.day)
        .order_by(owner, col(KeyResult.number))
    )
