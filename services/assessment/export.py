"""A result as a workbook: the places of every group, and every line behind them."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session, col, select

from models.result import Result, ResultRow

# Text stays text: a name that begins with "=" is no formula, and an address is no link.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
BATCH = 500
PLACES = ("对象类型", "编号", "名称", "分组", "名次", "得分", "上期名次", "等次", "说明")
LINES = ("编号", "指标编号", "数值", "组平均", "组内名次", "得分", "公式", "说明")
ABOUT = ("项目", "内容")


def export_result(session: Session, path: Path, result_id: int) -> None:
    """Writes 排名, 明细 and 说明 (version, hash, what was missing) of a result; codes stay text, figures are numbers."""
    result = session.get_one(Result, result_id)
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        _fill(book.add_worksheet("排名"), PLACES, _places(session, result))
        _fill(book.add_worksheet("明细"), LINES, _lines(session, result))
        _fill(book.add_worksheet("说明"), ABOUT, _about(result))


def _fill(sheet: Any, titles: tuple[str, ...], rows: Iterator[list[Any]]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, titles)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, ["" if value is None else value for value in row])


def _rows(session: Session, result: Result) -> Iterator[ResultRow]:
    query = select(ResultRow).where(ResultRow.result_id == result.id).order_by(col(ResultRow.id))
    for row in session.exec(query.execution_options(yield_per=BATCH)):
        yield row
        session.expunge(row)


def _places(session: Session, result: Result) -> Iterator[list[Any]]:
    for row in _rows(session, result):
        about = [row.subject.value, row.code, row.name, row.group_name, row.place, row.score, row.previous_place]
        yield [*about, row.grade, "；".join(row.detail["said"])]


def _lines(session: Session, result: Result) -> Iterator[list[Any]]:
    for row in _rows(session, result):
        for indicator, value, mean, place, marks, formula, words in row.detail["lines"]:
            yield [row.code, indicator, _number(value), _number(mean), place, _number(marks), formula, words]


def _about(result: Result) -> Iterator[list[Any]]:
    yield ["版本", result.version]
    yield ["规则版本", result.rules["version"]]
    yield ["校验值", result.hash]
    for note in result.notes:
        yield ["请核对", note]


def _number(text: str | None) -> Decimal | str | None:
    """A figure as a number; as text where a cell of a workbook would round it."""
    if text is None:
        return None
    return Decimal(text) if Decimal(repr(float(text))) == Decimal(text) else text
