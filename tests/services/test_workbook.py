"""What becomes of the county when a workbook is loaded, loaded again and changed."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.indicator import Indicator
from models.okr import KeyResult, Objective, ObjectiveState
from models.person import Absence, Person, Role
from models.plan import Grouping, Plan, PlanPart
from models.unit import Unit
from services.person import find_person, roles_of
from services.workbook import Count
from tests.workbooks import COUNTY, NOW, PEOPLE, UNITS, Sheets, contents, load, write_workbook


def people_with(*rows: list[object]) -> list[list[object]]:
    return [list(PEOPLE[0]), *rows]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def test_a_workbook_brings_in_units_people_periods_and_objectives(engine: Engine, path: Path) -> None:
    result = load(engine, write_workbook(path, COUNTY))

    assert result.counts == {
        "单位": Count(2, 0, 0),
        "人员": Count(2, 0, 0),
        "周期": Count(1, 0, 0),
        "目标": Count(3, 0, 0),
    }
    with reading(engine) as session:
        station = session.exec(select(Unit).where(Unit.code == "1001")).one()
        bureau = session.exec(select(Unit).where(Unit.code == "JU")).one()
        assert station.parent_id == bureau.id
        lihua = session.exec(select(Person).where(Person.account == "lihua")).one()
        assert (lihua.unit_id, lihua.name, lihua.track) == (station.id, "李花", "社区警务")
        rows = session.exec(
            select(KeyResult).join(Objective).where(Objective.person_id == lihua.id).order_by(col(KeyResult.number))
        ).all()
        assert [
            (row.number, row.title, *map(int, (row.start, row.target, row.current, row.weight))) for row in rows
        ] == [
            (1, "入户走访", 0, 50, 0, 1),
            (2, "电诈发案数", 12, 8, 12, 1),
        ]
        assert {objective.state for objective in session.exec(select(Objective))} == {ObjectiveState.APPROVED}


def test_loading_the_same_workbook_again_changes_no_row(engine: Engine, path: Path) -> None:
    write_workbook(path, COUNTY)
    load(engine, path)
    before = contents(engine)

    result = load(engine, path, now=NOW + timedelta(days=1))

    assert contents(engine) == before
    assert all(count.new == count.changed == 0 for count in result.counts.values())


def test_a_row_that_is_no_longer_listed_stays(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    load(engine, write_workbook(path, {"单位": UNITS[:2]}))

    with reading(engine) as session:
        assert set(session.exec(select(Unit.code))) == {"JU", "1001"}
        assert len(session.exec(select(Person)).all()) == 2


def test_a_unit_may_be_listed_before_the_one_above_it_and_move_later(engine: Engine, path: Path) -> None:
    titles = list(UNITS[0])
    load(
        engine,
        write_workbook(
            path, {"单位": [titles, ["C", "丙", "B", "股室"], ["B", "乙", "A", "股室"], ["A", "甲", "", "局"]]}
        ),
    )

    result = load(engine, write_workbook(path, {"单位": [titles, ["C", "丙", "D", "股室"], ["D", "丁", "A", "股室"]]}))

    assert result.counts["单位"] == Count(1, 1, 0)
    with reading(engine) as session:
        units = {unit.code: unit for unit in session.exec(select(Unit))}
        assert units["C"].parent_id == units["D"].id
        assert units["B"].parent_id == units["A"].id


def test_accounts_are_the_same_in_any_case(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    result = load(
        engine, write_workbook(path, {"人员": people_with(["LIHUA", "李花", "1001", "一般民警", "社区警务", None])})
    )

    assert result.counts["人员"] == Count(0, 1, 0)
    with reading(engine) as session:
        person = find_person(session, "lihua")
        assert person is not None
        assert person.account == "LIHUA"


def test_the_roles_of_the_workbook_replace_those_before(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, COUNTY))

    rows = people_with(
        ["wangsuo", "王所", "1001", "中层干部", None, None],
        ["lihua", "李花", "1001", "一般民警", "社区警务", "督察， 审计员"],
    )
    result = load(engine, write_workbook(path, {"人员": rows}), by="yunwei")

    assert result.counts["人员"] == Count(0, 2, 0)
    with reading(engine) as session:
        roles = {person.account: roles_of(session, person) for person in session.exec(select(Person))}
        assert roles == {"wangsuo": {Role.MEMBER}, "lihua": {Role.MEMBER, Role.INSPECTOR, Role.AUDITOR}}
        entries = session.exec(
            select(AuditEntry).where(AuditEntry.action == "workbook.roles", AuditEntry.actor == "yunwei")
        )
        assert {entry.subject: entry.details for entry in entries} == {
            "person:wangsuo": {"before": ["单位负责人", "督察"], "after": []},
            "person:lihua": {"before": [], "after": ["审计员", "督察"]},
        }


def test_an_absence_is_added_once_and_one_called_off_stays_so(engine: Engine, path: Path) -> None:
    absences = [["账号", "开始", "结束"], ["lihua", "2026-11-23", "2026/11/27"], ["wangsuo", "20261201", "20261201"]]
    load(engine, write_workbook(path, {**COUNTY, "假勤": absences}))
    with writing(engine) as session:
        session.exec(select(Absence).where(Absence.starts_on == date(2026, 11, 23))).one().cancelled_at = NOW

    result = load(engine, path)

    assert result.counts["假勤"] == Count(0, 0, 2)
    with reading(engine) as session:
        assert len(session.exec(select(Absence)).all()) == 2


PLAN_TITLES = ["编号", "名称", "周期", "对象", "适用", "组成", "权重"]


@pytest.mark.parametrize(
    "rows",
    [
        [["P", "方案", "2026Q4", "单位", "类别=派出所", "指标、民主测评、OKR加分", "80、20、3"]],
        [
            ["P", "方案", "2026Q4", "单位", "类别＝派出所", "指标", 80],
            ["P", "方案", "2026Q4", "单位", "类别＝派出所", "民主测评", "20"],
            ["P", "方案", "2026Q4", "单位", "类别＝派出所", "okr加分", 3],
        ],
    ],
)
def test_the_parts_of_a_plan_stand_in_one_row_or_in_several(
    engine: Engine, path: Path, rows: list[list[object]]
) -> None:
    load(engine, write_workbook(path, {**COUNTY, "考核方案": [PLAN_TITLES, *rows]}))

    with reading(engine) as session:
        plan = session.exec(select(Plan)).one()
        assert (plan.applies_to, plan.grouping) == ("类别=派出所", Grouping.CATEGORY)
        assert {part.part.value: part.weight for part in session.exec(select(PlanPart))} == {
            "指标": 80,
            "民主测评": 20,
            "OKR加分": 3,
        }


def test_a_plan_drops_the_parts_it_no_longer_names(engine: Engine, path: Path) -> None:
    row = ["P", "方案", "2026Q4", "单位", "类别=派出所"]
    load(engine, write_workbook(path, {**COUNTY, "考核方案": [PLAN_TITLES, [*row, "指标", 80], [*row, "抽查", 20]]}))

    result = load(engine, write_workbook(path, {"考核方案": [PLAN_TITLES, [*row, "指标", 100]]}))

    assert result.counts["考核方案"] == Count(0, 1, 0)
    with reading(engine) as session:
        assert [(part.part.value, part.weight) for part in session.exec(select(PlanPart))] == [("指标", Decimal(100))]


def test_headers_and_values_are_read_in_any_width(engine: Engine, path: Path) -> None:
    sheets: Sheets = {
        " 单位 ": [
            ["＊编号", "名 称", "类别", "备注"],
            ["１００１", "　城关所 ", "派出所", "不读"],
            [None, " ", None, "只有备注"],
        ],
        "人员": [["账号", "姓名", "单位编号", "角色"], ["ｌｉｈｕａ", "李花", 1001, "单位负责人,督察"]],
    }

    load(engine, write_workbook(path, sheets))

    with reading(engine) as session:
        unit = session.exec(select(Unit)).one()
        assert (unit.code, unit.name) == ("1001", "城关所")
        person = find_person(session, "lihua")
        assert person is not None
        assert roles_of(session, person) == {Role.MEMBER, Role.UNIT_LEADER, Role.INSPECTOR}


def test_an_unknown_sheet_and_a_plan_for_nobody_are_only_hints(engine: Engine, path: Path) -> None:
    plan = ["P", "方案", "2026Q4", "单位", "类别=交警中队", "指标", 100]

    result = load(
        engine, write_workbook(path, {**COUNTY, "考勤": [["x"]], "说明": [["x"]], "考核方案": [PLAN_TITLES, plan]})
    )

    assert len(result.hints) == 2
    assert '"考勤"不在认得的表名里' in result.hints[0]
    assert "交警中队" in result.hints[1]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("类别=派出所", "类别=派出所"),
        ("类别＝派出所、机关单位；跑道: 社区警务", "类别=派出所、机关单位、跑道=社区警务"),
        ("单位编号=1001；账号=LiHua", "单位=1001、账号=lihua"),
        ("派出所、1001、lihua、社区警务", "派出所、1001、lihua、社区警务"),
    ],
)
def test_an_indicator_applies_to_units_categories_people_and_tracks_named_bare_or_by_kind(
    engine: Engine, path: Path, written: str, kept: str
) -> None:
    titles = ["编号", "名称", "类型", "满分", "公式", "适用"]
    units = [*UNITS, ["JX", "绩效办", "JU", "机关单位"]]
    sheets: Sheets = {**COUNTY, "单位": units, "指标": [titles, ["Z1", "执法过错", "激励", 5, "veto", written]]}

    load(engine, write_workbook(path, sheets))

    with reading(engine) as session:
        assert session.exec(select(Indicator.applies_to)).one() == kept


def test_progress_is_told_up_to_the_end(engine: Engine, path: Path) -> None:
    from services.workbook import load_workbook

    steps: list[tuple[int, int]] = []
    with writing(engine) as session:
        load_workbook(
            write_workbook(path, COUNTY),
            session,
            by="x",
            now=NOW,
            progress=lambda done, total: steps.append((done, total)),
        )

    assert steps[-1] == (16, 16)
    assert steps == sorted(steps)


def test_the_load_is_audited_with_its_counts(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, {"单位": UNITS}), by="yunwei")

    with reading(engine) as session:
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.action, entry.actor, entry.details) == ("workbook.load", "yunwei", {"rows": {"单位": [2, 0, 0]}})
