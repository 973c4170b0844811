"""The county comes out as it went in, and the template can be filled in."""

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from models.engine import open_database, reading, writing
from models.okr import KeyResult, Objective, ObjectiveState
from models.person import Absence, AbsenceSource, Person
from models.unit import Unit
from services.sample import write_sample_county
from services.workbook import export_county, write_template
from tests.workbooks import COUNTY, NOW, contents, faults_of, load, write_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def export(engine: Engine, path: Path) -> Path:
    with reading(engine) as session:
        export_county(session, path)
    return path


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


def test_the_exported_county_loads_as_unchanged(engine: Engine, path: Path, tmp_path: Path) -> None:
    write_sample_county(path, period_of=date(2026, 11, 20))
    load(engine, path)
    before = contents(engine)

    result = load(engine, export(engine, tmp_path / "out.xlsx"), now=NOW + timedelta(days=1))

    assert contents(engine) == before
    assert len(result.counts) == 17
    assert all(count.new == count.changed == 0 < count.unchanged for count in result.counts.values())


def test_the_exported_county_makes_an_empty_database_the_same(
    path: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    write_sample_county(path, period_of=date(2026, 11, 20))
    one, other = (open_copy(sqlite_template, tmp_path / name) for name in ("one.db", "other.db"))
    load(one, path)

    load(other, export(one, tmp_path / "out.xlsx"))

    assert known_by_code(other) == known_by_code(one)


def open_copy(template: Path, path: Path) -> Engine:
    shutil.copy(template, path)
    return open_database(f"sqlite:///{path}")


# What the county holds, told without row ids, which follow the order of loading.
BY_CODE = (
    "SELECT unit.code, unit.name, unit.category, above.code FROM unit LEFT JOIN unit AS above ON above.id = unit.parent_id",
    "SELECT account, person.name, code, rank, track FROM person JOIN unit ON unit.id = unit_id",
    "SELECT account, role FROM person_role JOIN person ON person.id = person_id",
    "SELECT account, code, objective.position, key_result.position, number, target FROM key_result"
    " JOIN objective ON objective.id = objective_id LEFT JOIN person ON person.id = person_id"
    " LEFT JOIN unit ON unit.id = objective.unit_id",
    "SELECT code, kind, account FROM grid JOIN person ON person.id = contact_id",
    "SELECT code, part, weight FROM plan JOIN plan_part ON plan_id = plan.id",
)


def known_by_code(engine: Engine) -> list[set[tuple[Any, ...]]]:
    with reading(engine) as session:
        return [{tuple(row) for row in session.connection().execute(text(query))} for query in BY_CODE]


def test_text_that_looks_like_a_formula_or_a_link_stays_text(engine: Engine, path: Path) -> None:
    names = {"A": "=1+1", "B": "@SUM(A1)", "C": "https://example.org/", "D": "+86", "E": "007"}
    with writing(engine) as session:
        session.add_all(Unit(code=code, name=name, category="局") for code, name in names.items())

    export(engine, path)

    sheet = openpyxl.load_workbook(path)["单位"]
    assert {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2)} == names
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert {cell.hyperlink for row in sheet.iter_rows(min_row=2) for cell in row} == {None}
    assert load(engine, path).counts["单位"].unchanged == len(names)


def test_only_what_is_approved_and_not_called_off_is_exported(engine: Engine, path: Path) -> None:
    load(
        engine,
        write_workbook(path, {**COUNTY, "假勤": [["账号", "开始", "结束"], ["lihua", "2026-11-23", "2026-11-27"]]}),
    )
    with writing(engine) as session:
        lihua = session.exec(select(Person).where(Person.account == "lihua")).one()
        assert lihua.id is not None
        session.exec(select(Objective).where(Objective.person_id == lihua.id)).one().state = ObjectiveState.PROPOSED
        session.exec(select(Absence)).one().cancelled_at = NOW
        days = (date(2026, 12, 1), date(2026, 12, 2))
        for _ in range(2):
            session.add(Absence(person_id=lihua.id, starts_on=days[0], ends_on=days[1], source=AbsenceSource.CHAT))

    export(engine, path)

    assert [row[7] for row in cells(path, "目标")[1:]] == ["辖区发案数"]
    assert [row[0] for row in cells(path, "假勤")[1:]] == ["lihua"]


@pytest.mark.parametrize("target", [Decimal("0.1"), Decimal("123456789012.123457"), Decimal("-3"), Decimal("0.000001")])
def test_numbers_come_back_to_the_last_digit(engine: Engine, path: Path, target: Decimal) -> None:
    load(engine, write_workbook(path, COUNTY))
    with writing(engine) as session:
        session.exec(select(KeyResult).where(KeyResult.title == "入户走访")).one().target = target

    assert load(engine, export(engine, path)).counts["目标"].unchanged == 3


def test_the_empty_template_has_every_sheet_and_loads_nothing(engine: Engine, path: Path) -> None:
    write_template(path)

    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "说明"
    people = book["人员"]
    assert [cell.value for cell in people[1]] == ["账号", "姓名", "单位编号", "职级", "跑道", "角色"]
    assert people["A1"].comment is not None
    assert people["A1"].comment.text.startswith("必填")
    assert people["A1"].fill.fgColor.rgb != people["D1"].fill.fgColor.rgb
    rules = {str(rule.sqref): rule.formula1 for rule in people.data_validations.dataValidation}
    assert "绩效管理员" in rules["F2:F1048576"]
    assert "功效系数" in str([cell.value for row in book["说明"].iter_rows() for cell in row])
    assert faults_of(engine, path) == []
