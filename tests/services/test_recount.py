"""The sample county's quarter, computed by the service and counted again beside it: equal to the byte."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.engine import writing
from models.person import Person
from models.plan import PlanSubject
from models.result import ResultRow
from models.unit import Unit
from services.assessment import draft, period_named
from services.sample import write_sample_county
from tests.services.recount import recount, rows_of
from tests.workbooks import NOW, load


def spelled(rows: list[list[Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, default=str).encode()


def of_row(row: ResultRow) -> list[Any]:
    lines = [
        [indicator, value, mean, place, None if marks is None else Fraction(marks)]
        for indicator, value, mean, place, marks, _, _ in row.detail["lines"]
    ]
    score = None if row.score is None else Fraction(row.score)
    return [row.plan_code, row.group_name, row.code, row.place, score, lines]


@pytest.mark.parametrize("period", ["2026Q3", "2026Q4"])
def test_the_sample_quarter_equals_its_recount(engine: Engine, tmp_path: Path, period: str) -> None:
    path = tmp_path / "sample.xlsx"
    write_sample_county(path, period_of=date(2026, 11, 20))
    load(engine, path)
    with writing(engine) as session:
        drafted = draft(session, period_named(session, period), by="test", now=NOW)
        query = select(ResultRow).where(ResultRow.result_id == drafted.result.id).order_by(col(ResultRow.id))
        computed = [of_row(row) for row in session.exec(query)]

    counted = list(recount(path, period))

    assert len(rows_of(path)["指标"]) == 47
    assert len([row for row in counted if row[0].startswith("MJ")]) > 250
    assert spelled(computed) == spelled(counted)


def test_rows_lead_back_to_those_they_are_about(engine: Engine, tmp_path: Path) -> None:
    write_sample_county(tmp_path / "sample.xlsx", period_of=date(2026, 11, 20))
    load(engine, tmp_path / "sample.xlsx")
    with writing(engine) as session:
        draft(session, period_named(session, "2026Q3"), by="test", now=NOW)
        people = session.exec(
            select(ResultRow.code, Person.account).join(Person, col(Person.id) == col(ResultRow.person_id))
        ).all()
        units = session.exec(select(ResultRow.code, Unit.code).join(Unit, col(Unit.id) == col(ResultRow.unit_id))).all()
        whole = session.exec(select(ResultRow.subject)).all()

    assert all(code == account for code, account in (*people, *units))
    assert (len(people), len(units)) == (whole.count(PlanSubject.PERSON), whole.count(PlanSubject.UNIT))
