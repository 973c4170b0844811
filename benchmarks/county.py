"""A county to measure with: officers with one key result so large that no value is asked back."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine

from models.engine import writing
from models.okr import KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from models.unit import Unit


def make_officers(engine: Engine, count: int, *, today: date) -> list[str]:
    """Adds `count` officers with a running period around `today`, and returns their accounts."""
    accounts = [f"officer{number:05d}" for number in range(count)]
    with writing(engine) as session:
        unit = Unit(code="BENCH", name="测量所", category="派出所")
        period = Period(
            code="BENCH", name="测量周期", starts_on=date(today.year, 1, 1), ends_on=date(today.year, 12, 31)
        )
        session.add_all([unit, period])
        session.flush()
        assert unit.id is not None
        assert period.id is not None
        people = [Person(account=name, account_key=name, name=name, unit_id=unit.id) for name in accounts]
        session.add_all(people)
        session.flush()
        objectives = [
            Objective(period_id=period.id, person_id=person.id, position=1, title="测量", state=ObjectiveState.APPROVED)
            for person in people
        ]
        session.add_all(objectives)
        session.flush()
        session.add_all(
            KeyResult(
                objective_id=objective.id or 0,
                position=1,
                number=1,
                title="入户走访",
                target=Decimal(1_000_000),
                unit="户",
                current=Decimal(0),
            )
            for objective in objectives
        )
    return accounts
