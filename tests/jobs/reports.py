"""Reports as they stand in the database, so that these tests do not depend on how a sentence is read."""

from decimal import Decimal

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from domain.okr import Confidence
from models.engine import writing
from models.okr import CheckIn, KeyResult, Objective, Report
from models.person import Person
from tests.times import FRIDAY


def report(
    engine: Engine,
    person: Person,
    *numbers: int,
    week: str = "2026-W47",
    confidence: Confidence | None = None,
    note: str = "",
) -> None:
    """The person reports some of their key results, each with the same confidence and note."""
    with writing(engine) as session:
        sent = Report(person_id=person.id or 0, week=week, text="", sent_at=FRIDAY)
        session.add(sent)
        session.flush()
        for one in key_results(session, person):
            if one.number in numbers:
                session.add(
                    CheckIn(
                        report_id=sent.id or 0,
                        key_result_id=one.id or 0,
                        week=week,
                        value=Decimal(1),
                        confidence=confidence,
                        note=note,
                        reported_at=FRIDAY,
                    )
                )


def key_results(session: Session, person: Person) -> list[KeyResult]:
    """The person's key results, KR1 first."""
    query = select(KeyResult).join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    return list(session.exec(query.where(Objective.person_id == person.id).order_by(col(KeyResult.number))))
