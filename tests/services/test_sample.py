"""The sample county: what docs and demonstrations rely on."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from domain.name_match import Named, NameIndex
from domain.text import fold
from models.engine import open_database, reading
from models.enterprise import Enterprise
from models.estate import Estate
from models.grid import Grid, GridKind
from models.kf import KfAccount
from models.okr import KeyResult, Objective
from models.person import Person, Role
from models.unit import Unit
from services.person import find_person, leaders_for, roles_of
from services.sample import write_sample_county
from tests.workbooks import load


@pytest.fixture(scope="module")
def sample(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The sample loaded once; the tests below only look at it."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample_county(folder / "sample.xlsx", period_of=date(2026, 11, 20))
    shutil.copy(sqlite_template, folder / "linge.db")
    engine = open_database(f"sqlite:///{folder / 'linge.db'}")
    load(engine, folder / "sample.xlsx")
    return engine


def rows_of(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book[sheet].values)[1:]
    book.close()
    return rows


def test_it_has_32_police_units_in_three_classes_under_one_bureau(sample: Engine) -> None:
    with reading(sample) as session:
        bureau = session.exec(select(Unit).where(Unit.category == "局")).one()
        below = session.exec(select(Unit).where(Unit.parent_id == bureau.id)).all()
        assert Counter(unit.category for unit in below) == {"派出所": 8, "机关单位": 16, "交警中队": 8}


def test_everybody_has_a_name_of_their_own_and_three_to_five_key_results(sample: Engine) -> None:
    with reading(sample) as session:
        people = session.exec(select(Person)).all()
        assert 340 <= len(people) <= 370
        assert len({person.name for person in people}) == len(people)
        owners = session.exec(select(Objective.person_id).join(KeyResult).where(col(Objective.person_id).is_not(None)))
        counts = Counter(owners)
        assert set(counts) == {person.id for person in people}
        assert set(counts.values()) <= {3, 4, 5}
        titles = Counter(session.exec(select(KeyResult.title)))
        assert len(titles) > 30


def test_every_officer_has_a_leader_and_every_unit_a_head(sample: Engine) -> None:
    with reading(sample) as session:
        boss = find_person(session, "qiaoju")
        without = [
            person.name
            for person in session.exec(select(Person))
            if person.unit_id and not leaders_for(session, person)
        ]
        assert boss is not None
        assert set(without) == {boss.name, "联一", "联六"}


def test_the_cast_has_its_roles(sample: Engine) -> None:
    expected = {
        "jixiao": Role.OFFICE,
        "yunwei": Role.SYSTEM_ADMIN,
        "anquan": Role.SECURITY_ADMIN,
        "shenji": Role.AUDITOR,
        "ducha": Role.INSPECTOR,
        "xinchou": Role.PAYROLL,
        "wangsuo": Role.UNIT_LEADER,
    }
    with reading(sample) as session:
        for account, role in expected.items():
            person = find_person(session, account)
            assert person is not None
            assert role in roles_of(session, person)
        lihua = find_person(session, "lihua")
        assert lihua is not None
        assert [leader.name for leader in leaders_for(session, lihua)] == ["王所"]
        titles = session.exec(
            select(KeyResult.title)
            .join(Objective)
            .where(Objective.person_id == lihua.id)
            .order_by(col(KeyResult.number))
        )
        assert list(titles) == ["入户走访", "反诈宣传覆盖率", "台账系统上线", "案件办结率", "组织法制培训"]


def test_no_two_key_results_of_a_person_read_alike(sample: Engine) -> None:
    with reading(sample) as session:
        rows = session.exec(select(Objective.person_id, Objective.unit_id, KeyResult.title).join(KeyResult)).all()
        assert len({(person, unit, fold(title)) for person, unit, title in rows}) == len(rows)


def test_it_has_an_estate_of_209_households_and_both_customer_service_accounts(sample: Engine) -> None:
    with reading(sample) as session:
        assert session.exec(select(Estate.households).where(Estate.name == "虹桥佳苑")).one() == 209
        assert {account.audience.value for account in session.exec(select(KfAccount))} == {"企业", "居民"}


def test_sixteen_enterprise_grids_have_leaders_of_their_own_and_500_micro_grids(sample: Engine) -> None:
    with reading(sample) as session:
        grids = {grid.id: grid for grid in session.exec(select(Grid))}
        of_kind = {kind: [grid for grid in grids.values() if grid.kind == kind] for kind in GridKind}
        assert [len(of_kind[kind]) for kind in (GridKind.INDUSTRIAL, GridKind.ENTERPRISE, GridKind.MICRO)] == [
            4,
            16,
            500,
        ]
        leaders = {grid.id: grid.contact_id for grid in of_kind[GridKind.ENTERPRISE]}
        assert len(set(leaders.values())) == 16
        assert Counter(grid.parent_id for grid in of_kind[GridKind.ENTERPRISE]).most_common()[0][1] == 4
        assert {leaders.get(grid.parent_id) == grid.supervisor_id for grid in of_kind[GridKind.MICRO]} == {True}
        for grid in grids.values():
            assert None not in (grid.contact_id, grid.deputy_id, grid.supervisor_id)
            assert len({grid.contact_id, grid.deputy_id, grid.supervisor_id}) == 3, grid.name


def test_500_enterprises_each_have_a_contact_who_has_no_more_than_forty(sample: Engine) -> None:
    with reading(sample) as session:
        enterprises = session.exec(select(Enterprise)).all()
        grids = {grid.id: grid for grid in session.exec(select(Grid))}
        assert len(enterprises) == 500
        assert {grids[one.grid_id].kind for one in enterprises} == {GridKind.MICRO}
        assert max(Counter(grids[one.grid_id].contact_id for one in enterprises).values()) <= 40
        assert len({one.binding_code for one in enterprises}) == 500
        assert 50 < sum(one.is_above_scale for one in enterprises) < 150
        assert 20 < sum(one.is_key for one in enterprises) < 80


def test_an_enterprise_is_found_by_its_name_and_by_each_alias(sample: Engine) -> None:
    with reading(sample) as session:
        enterprises = session.exec(select(Enterprise)).all()
        index = NameIndex([Named(one.code, one.name, tuple(one.aliases.split("、"))) for one in enterprises])
        for one in enterprises:
            for words in (one.name, *one.aliases.split("、")):
                found = index.find(words).found
                assert found is not None, words
                assert found.key == one.code


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 11, 20), ("2026Q3", "2026Q4", "2027Q1")),
        (date(2027, 1, 1), ("2026Q4", "2027Q1", "2027Q2")),
        (date(2028, 3, 31), ("2027Q4", "2028Q1", "2028Q2")),
    ],
)
def test_its_periods_follow_the_day(tmp_path: Path, day: date, codes: tuple[str, str, str]) -> None:
    write_sample_county(tmp_path / "sample.xlsx", period_of=day)

    periods = rows_of(tmp_path / "sample.xlsx", "周期")
    assert tuple(row[0] for row in periods) == codes
    assert periods[1][2].date() <= day <= periods[1][3].date()
    assert periods[0][3].date() + timedelta(days=1) == periods[1][2].date()
    assert {row[0] for row in rows_of(tmp_path / "sample.xlsx", "目标")} == {codes[1]}


def test_the_same_day_gives_the_same_county(tmp_path: Path) -> None:
    written = []
    for name in ("a.xlsx", "b.xlsx"):
        write_sample_county(tmp_path / name, period_of=date(2026, 11, 20))
        book = openpyxl.load_workbook(tmp_path / name, read_only=True)
        written.append([list(sheet.values) for sheet in book.worksheets])
        book.close()

    assert written[0] == written[1]
