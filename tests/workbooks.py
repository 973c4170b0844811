"""Small workbooks for tests, written cell by cell as a person would."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from models.engine import reading, writing
from services.workbook import LoadResult, WorkbookFaults, load_workbook

NOW = datetime(2026, 11, 20, 7, 7, tzinfo=UTC)

Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]

UNITS: Rows = [
    ["编号", "名称", "上级编号", "类别"],
    ["JU", "县公安局", None, "局"],
    [1001, "城关所", "JU", "派出所"],
]
PEOPLE: Rows = [
    ["账号", "姓名", "单位编号", "职级", "跑道", "角色"],
    ["lihua", "李花", "1001", "一般民警", "社区警务", None],
    ["wangsuo", "王所", 1001.0, "中层干部", None, "单位负责人、督察"],
]
PERIODS: Rows = [["编号", "名称", "开始", "结束"], ["2026Q4", "第四季度", date(2026, 10, 1), "2026年12月31日"]]
OBJECTIVE_TITLES = [
    "周期",
    "账号",
    "单位编号",
    "目标序号",
    "目标",
    "关键结果序号",
    "关键结果",
    "起始值",
    "目标值",
    "计量单位",
]
OBJECTIVES: Rows = [
    OBJECTIVE_TITLES,
    ["2026Q4", "lihua", None, 1, "守好平安", 1, "入户走访", None, 50, "户"],
    ["2026Q4", "LiHua", None, 1, "守好平安", 2, "电诈发案数", "12", "8", "起"],
    ["2026Q4", None, "1001", 1, "少发案", 1, "辖区发案数", 40, 30, "起"],
]
COUNTY: Sheets = {"单位": UNITS, "人员": PEOPLE, "周期": PERIODS, "目标": OBJECTIVES}


def write_workbook(path: Path, sheets: Sheets) -> Path:
    """Writes the rows as they are; text beginning with "=" becomes a formula, as it would in Excel."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        worksheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            worksheet.write_row(number, 0, row)
    book.close()
    return path


def load(engine: Engine, path: Path, *, by: str = "flask load", now: datetime = NOW) -> LoadResult:
    """Loads a workbook in a transaction of its own."""
    with writing(engine) as session:
        return load_workbook(path, session, by=by, now=now)


def faults_of(engine: Engine, path: Path) -> list[str]:
    """What is wrong with a workbook, one line each; none when it was loaded."""
    try:
        load(engine, path)
    except WorkbookFaults as refused:
        return [str(fault) for fault in refused.faults]
    return []


def contents(engine: Engine, *, without: Sequence[str] = ("audit_entry",)) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but of those left out."""
    with reading(engine) as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in without
        }
