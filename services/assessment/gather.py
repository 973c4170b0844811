"""What a result is computed from, read in a few queries: plans, indicators, subjects, figures, OKR and the places before.

Figures come from here alone. No table of messages, reports or sign-ins is read: results are scored, activity never is.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as columns_of
from sqlmodel import Session, SQLModel, col, select

from domain.assessed import PEOPLE, UNITS, Subject
from domain.assessed import Indicator as IndicatorRule
from domain.assessed import Plan as PlanRule
from domain.calendar import at
from domain.errors import DomainError
from domain.okr import progress, weighted_progress
from domain.result import Rules
from domain.scored import Facts
from models.indicator import Indicator, IndicatorValue
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from models.plan import Plan, PlanPart
from models.unit import Unit
from services.assessment.counted import add_counts
from services.assessment.stored import places_of, result_before

BATCH = 5_000
# Every table that a result may read. A test holds the queries to it.
SOURCES: tuple[type[SQLModel], ...] = (Plan, PlanPart, Indicator, IndicatorValue, Unit, Person, Objective, KeyResult)

Codes = Mapping[str, Mapping[int, str]]


def rules_now(session: Session, period_id: int) -> Rules:
    """The plans of a period and all indicators as they are now."""
    parts: dict[int, dict[str, str]] = {}
    query = select(PlanPart).join(Plan, col(Plan.id) == col(PlanPart.plan_id)).where(Plan.period_id == period_id)
    for one in session.exec(query.order_by(col(PlanPart.part))):
        parts.setdefault(one.plan_id, {})[one.part.value] = f"{one.weight:f}"
    plans = session.exec(select(Plan).where(Plan.period_id == period_id).order_by(col(Plan.code)))
    indicators = session.exec(select(Indicator).order_by(col(Indicator.code)))
    return Rules(
        indicators=tuple(map(_indicator_rule, indicators)),
        plans=tuple(
            PlanRule(
                one.code,
                one.name,
                one.subject.value,
                one.applies_to,
                one.grouping.value,
                one.ties,
                parts.get(one.id or 0, {}),
            )
            for one in plans
        ),
    )


def _indicator_rule(one: Indicator) -> IndicatorRule:
    return IndicatorRule(
        code=one.code,
        name=one.name,
        kind=one.kind.value,
        full=f"{one.full_marks:f}",
        target=None if one.target is None else f"{one.target:f}",
        formula=one.formula,
        parameters=one.parameters,
        applies_to=one.applies_to,
    )


def facts_now(session: Session, period: Period, rules: Rules) -> tuple[dict[str, Facts], dict[str, dict[str, int]]]:
    """What is known of everybody whom a plan selects, by kind, and their ids by code."""
    selectors = [(plan.subject, plan.selector) for plan in rules.plans]
    found = {UNITS: _units(session), PEOPLE: _people(session, period)}
    subjects = {
        kind: {
            id_: subject
            for id_, subject in of_kind.items()
            if any(kind == wanted and subject.is_selected(selector) for wanted, selector in selectors)
        }
        for kind, of_kind in found.items()
    }
    codes = {kind: {id_: subject.code for id_, subject in one.items()} for kind, one in subjects.items()}
    figures = figures_of(session, period.id or 0, codes)
    add_counts(session, period.id or 0, rules.indicators, codes, figures)
    shares = _okr(session, period.id or 0, codes)
    before = result_before(session, period)
    previous = places_of(session, before.id or 0) if before else {UNITS: {}, PEOPLE: {}}
    facts = {
        kind: Facts(
            subjects=tuple(sorted(one.values(), key=lambda subject: subject.code)),
            figures=figures[kind],
            okr=shares[kind],
            previous={code: previous[kind][code] for code in sorted(codes[kind].values()) if code in previous[kind]},
        )
        for kind, one in subjects.items()
    }
    return facts, {kind: {code: id_ for id_, code in one.items()} for kind, one in codes.items()}


def _units(session: Session) -> dict[int, Subject]:
    query = columns_of(col(Unit.id), col(Unit.code), col(Unit.name), col(Unit.category)).order_by(col(Unit.code))
    return {id_: Subject(code, name, code, name, category) for id_, code, name, category in session.execute(query)}


def _people(session: Session, period: Period) -> dict[int, Subject]:
    """Everybody who was there at the period's end, or still is."""
    end = at(period.ends_on + timedelta(days=1), "00:00")
    query = (
        columns_of(
            col(Person.id),
            col(Person.account),
            col(Person.name),
            col(Unit.code),
            col(Unit.name),
            col(Unit.category),
            col(Person.track),
            col(Person.rank),
        )
        .join(Unit, col(Unit.id) == col(Person.unit_id))
        .where(or_(col(Person.left_at).is_(None), col(Person.left_at) >= end))
        .order_by(col(Person.account_key))
    )
    return {
        id_: Subject(code, name, unit, unit_name, category, track, rank, is_person=True)
        for id_, code, name, unit, unit_name, category, track, rank in session.execute(query)
    }


def figures_of(session: Session, period_id: int, codes: Codes) -> dict[str, dict[str, dict[str, str]]]:
    """The reported figures of a period for these subjects, by kind, indicator and code."""
    query = (
        columns_of(
            col(Indicator.code), col(IndicatorValue.person_id), col(IndicatorValue.unit_id), col(IndicatorValue.value)
        )
        .join(Indicator, col(Indicator.id) == col(IndicatorValue.indicator_id))
        .where(col(IndicatorValue.period_id) == period_id)
    )
    figures: dict[str, dict[str, dict[str, str]]] = {UNITS: {}, PEOPLE: {}}
    for indicator, person_id, unit_id, value in session.execute(query.execution_options(yield_per=BATCH)):
        kind, id_ = (UNITS, unit_id) if person_id is None else (PEOPLE, person_id)
        code = codes[kind].get(id_)
        if code is not None:
            figures[kind].setdefault(indicator, {})[code] = f"{value:f}"
    return figures


def _okr(session: Session, period_id: int, codes: Codes) -> dict[str, dict[str, str]]:
    """The weighted progress of everybody's approved objectives, exact; nobody in it who has none that can be computed."""
    query = (
        columns_of(
            col(Objective.unit_id),
            col(Objective.person_id),
            col(Objective.id),
            col(Objective.weight),
            col(KeyResult.start),
            col(KeyResult.target),
            col(KeyResult.current),
            col(KeyResult.weight),
        )
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(col(Objective.period_id) == period_id, col(Objective.state) == ObjectiveState.APPROVED)
        .order_by(col(Objective.unit_id), col(Objective.person_id), col(Objective.id), col(KeyResult.number))
    )
    shares: dict[str, dict[str, str]] = {UNITS: {}, PEOPLE: {}}
    for (unit_id, person_id), rows in groupby(session.execute(query), key=lambda row: (row[0], row[1])):
        kind, id_ = (UNITS, unit_id) if person_id is None else (PEOPLE, person_id)
        code = codes[kind].get(id_)
        share = _share(list(rows)) if code is not None else None
        if code is not None and share is not None:
            shares[kind][code] = str(share)
    return shares


def _share(rows: list[Any]) -> Fraction | None:
    try:
        objectives: list[tuple[Decimal, Fraction]] = []
        for (_, weight), group in groupby(rows, key=lambda row: (row[2], row[3])):
            parts = [(row[7], progress(start=row[4], target=row[5], current=row[6])) for row in group]
            objectives.append((weight, weighted_progress(parts)))
        return weighted_progress(objectives)
    except DomainError:
        # What cannot be computed counts as missing; setting it is refused anyway.
        return None
