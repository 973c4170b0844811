"""Figures that count themselves: an indicator that names a count takes it where nobody reported a figure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from domain.assessed import PEOPLE, UNITS, Indicator
from models.okr import CountedSource, KeyResult, Objective, ObjectiveState
from models.person import Person

COUNT = "count"

Figures = dict[str, dict[str, dict[str, str]]]


def add_counts(
    session: Session,
    period_id: int,
    indicators: Iterable[Indicator],
    codes: Mapping[str, Mapping[int, str]],
    figures: Figures,
) -> None:
    """Adds the counts of 参数 count=入企走访 and the like to the figures; what was reported stays as it is.

    A person's count is that of their key results that follow it, so that one act feeds both; a unit's is its people's.
    """
    for indicator in indicators:
        source = indicator.given.get(COUNT)
        if source is None:
            continue
        for kind, counts in _counts(session, period_id, CountedSource(source)).items():
            counted = {codes[kind][id_]: f"{count:f}" for id_, count in counts.items() if id_ in codes[kind]}
            if counted:
                figures[kind][indicator.code] = counted | figures[kind].get(indicator.code, {})


def _counts(session: Session, period_id: int, source: CountedSource) -> dict[str, dict[int, Decimal]]:
    query = (
        columns_of(col(Person.unit_id), col(Objective.person_id), col(KeyResult.start), col(KeyResult.current))
        .join(Objective, col(Objective.person_id) == col(Person.id))
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(col(Objective.period_id) == period_id, col(Objective.state) == ObjectiveState.APPROVED)
        .where(col(KeyResult.source) == source)
    )
    counts: dict[str, dict[int, Decimal]] = {UNITS: {}, PEOPLE: {}}
    for unit_id, person_id, start, current in session.execute(query):
        for of_kind, id_ in ((counts[UNITS], unit_id), (counts[PEOPLE], person_id)):
            of_kind[id_] = of_kind.get(id_, Decimal(0)) + current - start
    return counts
