"""How requests are routed, by when and who is told: from the workbook to the rules, and back."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.escalation import ACCEPT_LADDER, Rung
from domain.process import Actor
from domain.sla import Limit
from models.engine import reading
from models.grid import Grid
from models.ticket import Clock
from services.ticket.clock import ladders, resolve_limit
from services.ticket.responsible import duty_leader, responsible_for
from services.workbook import Count, export_county
from tests.workbooks import COUNTY, NOW, Sheets, contents, load, write_workbook

GRIDS: list[list[Any]] = [
    ["编号", "名称", "上级编号", "类型", "联系人账号"],
    ["QY1", "电子网格", None, "企业网格", "wangsuo"],
    ["WG1", "电子1号微网格", "QY1", "微网格", "lihua"],
]
CATEGORIES: list[list[Any]] = [["名称", "办结工作日"], ["用工", 7], ["停电", 1]]
ROUTES: list[list[Any]] = [
    ["网格编号", "类别", "主办单位编号", "协办单位编号", "承办人账号"],
    ["QY1", "停电", "1001", "JU、1001", "WangSuo"],
    [None, "用工", "JU", None, None],
]
RUNGS: list[list[Any]] = [
    ["时限", "对象", "工作日", "分钟"],
    ["接单", "值班领导", 1, None],
    ["接单", "承办人", None, -30],
    ["接单", "网格长", None, None],
]
DUTY: list[list[Any]] = [["账号", "开始", "结束"], ["wangsuo", date(2026, 11, 16), date(2026, 11, 22)]]
ROUTING: Sheets = {
    **COUNTY, "网格": GRIDS, "诉求类别": CATEGORIES, "派单规则": ROUTES, "催办阶梯": RUNGS, "值班领导": DUTY
}  # fmt: skip
OWN = ("诉求类别", "派单规则", "催办阶梯", "值班领导")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "县.xlsx"


def test_a_route_of_the_workbook_decides_who_gets_a_request(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, ROUTING))

    with reading(engine) as session:
        grid = session.exec(select(Grid.id).where(Grid.code == "WG1")).one()
        power = responsible_for(session, grid, "停电", now=NOW)
        staff = responsible_for(session, grid, "用工", now=NOW)
        assert (power.owner.account, len(power.assisting_unit_ids)) == ("wangsuo", 2)
        assert (staff.owner.account, len(staff.assisting_unit_ids)) == ("lihua", 0)


def test_days_ladder_and_the_leader_on_duty_are_those_of_the_workbook(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, ROUTING))

    with reading(engine) as session:
        assert resolve_limit(session, "用工") == Limit(days=7)
        assert ladders(session)[Clock.ACCEPT] == (
            Rung(Actor.OWNER, minutes=-30), Rung(Actor.GRID_LEADER), Rung(Actor.DUTY_LEADER, days=1)
        )  # fmt: skip
        assert len(ladders(session)[Clock.RESOLVE]) == len(ACCEPT_LADDER)
        leader = duty_leader(session, now=NOW)
        assert leader is not None
        assert leader.account == "wangsuo"


def test_loading_it_again_changes_nothing_and_so_does_what_was_exported(
    engine: Engine, path: Path, tmp_path: Path
) -> None:
    load(engine, write_workbook(path, ROUTING))
    before = contents(engine)

    again = load(engine, path)
    with reading(engine) as session:
        export_county(session, tmp_path / "out.xlsx")
    exported = load(engine, tmp_path / "out.xlsx")

    for result in (again, exported):
        assert [result.counts[name] for name in OWN] == [Count(0, 0, 2), Count(0, 0, 2), Count(0, 0, 3), Count(0, 0, 1)]
    assert contents(engine) == before


def test_a_clock_that_is_listed_gets_its_ladder_anew_and_the_others_keep_theirs(engine: Engine, path: Path) -> None:
    resolve = ["办结", "承办人", -1, None]
    load(engine, write_workbook(path, {**ROUTING, "催办阶梯": [*RUNGS, resolve]}))

    shorter = load(engine, write_workbook(path, {"催办阶梯": [RUNGS[0], ["接单", "网格长", None, 10]]}))

    assert shorter.counts["催办阶梯"] == Count(1, 0, 0)
    with reading(engine) as session:
        assert ladders(session)[Clock.ACCEPT] == (Rung(Actor.GRID_LEADER, minutes=10),)
        assert ladders(session)[Clock.RESOLVE] == (Rung(Actor.OWNER, days=-1),)


def test_the_assisting_units_of_a_listed_route_are_those_of_its_row(engine: Engine, path: Path) -> None:
    load(engine, write_workbook(path, ROUTING))

    changed = load(engine, write_workbook(path, {"派单规则": [ROUTES[0], ["QY1", "停电", "1001", "JU", "wangsuo"]]}))

    assert changed.counts["派单规则"] == Count(0, 1, 0)
    with reading(engine) as session:
        grid = session.exec(select(Grid.id).where(Grid.code == "WG1")).one()
        assert len(responsible_for(session, grid, "停电", now=NOW).assisting_unit_ids) == 1
        assert responsible_for(session, grid, "用工", now=NOW).lead_unit_id is not None


def test_what_is_exported_reads_as_it_was_written(engine: Engine, path: Path, tmp_path: Path) -> None:
    load(engine, write_workbook(path, ROUTING))
    with reading(engine) as session:
        export_county(session, tmp_path / "out.xlsx")

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    rows = {name: [[cell.value for cell in row] for row in book[name].iter_rows(min_row=2)] for name in OWN[:3]}
    assert rows == {
        "诉求类别": [["用工", 7], ["停电", 1]],
        "派单规则": [["QY1", "停电", "1001", "1001、JU", "wangsuo"], [None, "用工", "JU", None, None]],
        "催办阶梯": [["接单", "承办人", 0, -30], ["接单", "网格长", 0, 0], ["接单", "值班领导", 1, 0]],
    }
