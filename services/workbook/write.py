"""Writes workbooks in the county's shape: headers with notes and drop-downs, a sheet that explains, and rows."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from domain import indicators  # noqa: F401 importing it registers every formula
from domain.formula import FORMULAS
from domain.workbook import read_code, read_date, read_text
from services.workbook.column import NO, YES, Column, Sheet
from services.workbook.sheets import BY_NAME, GUIDE, SHEETS

# Text stays text: a name that begins with "=" is no formula, and an address is no link.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
LAST_ROW = 1_048_575
WIDE, NARROW = 26, 13
WIDE_TITLES = ("名称", "目标", "关键结果", "适用", "参数", "依据", "别名", "角色", "客服ID", "群ID", "群聊ID")

INTRODUCTION = (
    "怎么填",
    "一张表一行表头，往下一行填一条。橙色表头必填，灰色可以不填；多出来的列、这张说明表都不会读。",
    "用不到的表可以删掉。再次导入时按编号更新，没列出来的不会删。",
    "编号按文本对待：1001 和“1001”是同一个。数字只填数字，单位写到“计量单位”。日期写 2026-10-01 或用日期格式。",
    "单元格里不要用公式，表头不要合并单元格。",
    "有一处不对就什么都不导入，会逐格说明哪里不对、怎么改。",
)


class CountyWriter:
    """A workbook with the county's sheets; fill each sheet once, then close it (or use `with`)."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path), OPTIONS)
        self._required = self._book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        self._optional = self._book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1})
        self._bold = self._book.add_format({"bold": True})
        self._text = self._book.add_format({"num_format": "@"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheets = {sheet.name: self._add(sheet) for sheet in SHEETS}
        self._add_guide()

    def __enter__(self) -> "CountyWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Writes the file."""
        self._book.close()

    def fill(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Writes the rows (by column title) under the headers of a sheet; None, "" and a missing title leave a blank."""
        worksheet, columns = self._sheets[name], BY_NAME[name].columns
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self._write(worksheet, number, place, row.get(column.title))

    def _write(self, worksheet: Any, row: int, place: int, value: Any) -> None:
        if isinstance(value, bool):
            worksheet.write_string(row, place, YES if value else NO)
        elif isinstance(value, int | Decimal):
            # A number that a floating cell would round is written as text; load reads both.
            if Decimal(repr(float(value))) == value:
                worksheet.write_number(row, place, float(value))
            else:
                worksheet.write_string(row, place, f"{value:f}")
        elif isinstance(value, date):
            worksheet.write_datetime(row, place, value, self._day)
        elif isinstance(value, tuple | list):
            worksheet.write_string(row, place, "、".join(map(str, value)), self._text)
        elif value:
            worksheet.write_string(row, place, str(value), self._text)

    def _add(self, sheet: Sheet) -> Any:
        worksheet = self._book.add_worksheet(sheet.name)
        worksheet.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            worksheet.set_column(place, place, WIDE if column.title in WIDE_TITLES else NARROW, self._format(column))
            worksheet.write_string(0, place, column.title, self._required if column.required else self._optional)
            worksheet.write_comment(0, place, _note(column), {"x_scale": 1.5})
            words = tuple(FORMULAS) if column.title == "公式" else column.choices
            if words:
                # Several words may stand in one cell, so other entries are not refused here but when loading.
                rule = {"validate": "list", "source": list(words), "error_type": "information"}
                worksheet.data_validation(1, place, LAST_ROW, place, rule)
        return worksheet

    def _format(self, column: Column) -> Any:
        if column.read is read_date:
            return self._day
        return self._text if column.read in (read_code, read_text) else None

    def _add_guide(self) -> None:
        worksheet = self._book.add_worksheet(GUIDE)
        worksheet.set_column(0, 0, 18)
        worksheet.set_column(1, 2, 60)
        lines: list[tuple[str, ...]] = [(line,) for line in INTRODUCTION]
        lines += [(), ("表", "填什么"), *((sheet.name, sheet.note) for sheet in SHEETS)]
        lines += [(), ("公式", "怎么算", "参数举例")]
        lines += [(name, formula.label, formula.example) for name, formula in FORMULAS.items()]
        lines += [
            (),
            (
                "每个公式都可以加 missing=skip（没有数就不计，默认）或 missing=group_mean（按组平均）；加 count=入企走访（或 办结诉求、首次联系），没报数的按自动计数。",
            ),
        ]
        titles = {INTRODUCTION[0], "表", "公式"}
        for row, line in enumerate(lines):
            for place, words in enumerate(line):
                worksheet.write_string(row, place, words, self._bold if line[0] in titles else None)


def write_template(path: Path) -> None:
    """Writes an empty workbook to fill in."""
    with CountyWriter(path):
        pass


def _note(column: Column) -> str:
    need = "必填" if column.required else "可不填"
    choices = f"可填：{'、'.join(column.choices)}" if column.choices else ""
    return "。".join(part for part in (need, column.note, choices) if part)
