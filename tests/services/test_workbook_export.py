"""The county comes out as it went in, and the template can be filled in."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
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
    assert len(result.counts) == 13
    assert all(count.new == count.changed == 0 < count.unchanged for count in result.counts.values())


def test_the_exported_county_makes_an_empty_database_the_same(
    engine: Engine, path: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    write_sample_county(path, period_of=date(2026, 11, 20))
    load(engine, path)
    out = export(engine, tmp_path / "out.xlsx")
    copy = tmp_path / "copy.db"
    copy.write_bytes(sqlite_template.read_bytes())
    other = open_database(f"sqlite:///{copy}")

    load(other, out)

    again = export(other, tmp_path / "again.xlsx")
    for sheet in ("单位", "人员", "周期", "网格", "企业", "考核方案"):
        assert cells(again, sheet) == cells(out, sheet)
    assert sorted(map(str, cells(again, "目标"))) == sorted(map(str, cells(out, "目标")))
    with reading(engine) as one, reading(other) as two:
        numbers = select(Person.account, Objective.position, KeyResult.position, KeyResult.number)
        numbers = numbers.join(Objective, Objective.person_id == Person.id).join(KeyResult)
        assert set(one.exec(numbers)) == set(two.exec(numbers))


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
