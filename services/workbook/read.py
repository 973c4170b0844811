"""Reads a workbook's file into rows of typed values, and refuses what is no workbook or meant to hurt."""

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from domain.workbook import CellError, header_key
from services.workbook.column import Column, Sheet
from services.workbook.fault import Fault, Faults, WorkbookFaults
from services.workbook.sheets import BY_NAME, GUIDE, SHEETS

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_ROWS = 1_000_000
MAX_COLUMNS = 64
PROGRESS_ROWS = 1_000
# WeCom compares accounts without regard to case.
CASELESS = ("账号", "对象")

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_EXPECTED = ("[Content_Types].xml", "xl/workbook.xml")
# openpyxl lets through whatever its parts stumble over in a damaged file.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, DefusedXmlException, SyntaxError, OSError, EOFError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError,
)  # fmt: skip

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in Excel and its values by column title; a cell that cannot be read counts as empty."""

    number: int
    values: tuple[Any, ...]
    sheet: Sheet

    def __getitem__(self, title: str) -> Any:
        return self.values[self.sheet.index[title]]

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells this row from the others of its sheet."""
        return tuple(str(self[title]).lower() if title in CASELESS else self[title] for title in self.sheet.key)


@dataclass
class Workbook:
    """The rows and column titles of every known sheet that the file has, and hints about what was left unread."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    titles: dict[str, frozenset[str]] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Row]:
        """The rows of a sheet; none when the file has no such sheet."""
        return self.rows.get(name, [])

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return sum(map(len, self.rows.values()))


def read_workbook(path: Path, faults: Faults, progress: Progress) -> Workbook:
    """All rows of the known sheets; faults of cells are added to `faults`.

    Refuses at once (WorkbookFaults) what is no .xlsx file, is encrypted, damaged, or unpacks to more than 512 MB.
    """
    _refuse_unsafe(path)
    try:
        # Opened here: of a damaged file openpyxl would leave its own open.
        with path.open("rb") as file, warnings.catch_warnings():
            # openpyxl warns of features that do not matter for reading values.
            warnings.simplefilter("ignore")
            opened = openpyxl.load_workbook(file, read_only=True)
            try:
                return _read_sheets(opened, faults, progress)
            finally:
                opened.close()
    except _DAMAGED as error:
        raise _refused("文件损坏或不完整，请用 Excel 或 WPS 打开后另存为 .xlsx 再试") from error


def _refuse_unsafe(path: Path) -> None:
    if not path.is_file():
        raise _refused(f"没有找到文件 {path.name}，请检查文件名")
    with path.open("rb") as file:
        if file.read(4) == _OLD_OR_ENCRYPTED:
            raise _refused("文件加了密码，或是旧的 .xls 格式；请去掉密码，另存为 .xlsx 再试")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _refused("这不是 Excel 工作簿，请另存为 .xlsx 再试") from error
    if any(member.flag_bits & 1 for member in members):
        raise _refused("文件加了密码，请去掉密码再试")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _refused("文件解开后超过 512 MB，没有读；请分成几个工作簿")
    if not {member.filename for member in members}.issuperset(_EXPECTED):
        raise _refused("这不是 Excel 工作簿，请另存为 .xlsx 再试")


def _refused(cure: str) -> WorkbookFaults:
    return WorkbookFaults([Fault("", 0, "", "", cure)])


def _read_sheets(opened: Any, faults: Faults, progress: Progress) -> Workbook:
    book = Workbook()
    known: list[tuple[Any, Sheet]] = []
    for worksheet in opened.worksheets:
        name = header_key(worksheet.title)
        sheet = next((sheet for sheet in SHEETS if header_key(sheet.name) == name), None)
        if sheet is not None:
            known.append((worksheet, sheet))
        elif name != GUIDE:
            book.hints.append(f'"{worksheet.title}"不在认得的表名里，没有读。认得的是：{"、".join(BY_NAME)}。')
    if not known:
        faults.add("", 0, "", "", f"一张认得的表也没有；表名要是：{'、'.join(BY_NAME)}")
    counter = _Counter(progress, sum(min(worksheet.max_row or 0, MAX_ROWS) for worksheet, _ in known))
    for worksheet, sheet in known:
        if sheet.name in book.rows:
            faults.add(sheet.name, 0, "", worksheet.title, "这张表有两份，请合成一份")
            continue
        reader = _SheetReader(sheet, faults)
        book.rows[sheet.name] = reader.read(worksheet, counter)
        book.titles[sheet.name] = reader.titles
    return book


class _Counter:
    """Tells how many of the expected rows have been read; reading is half of the work."""

    def __init__(self, progress: Progress, expected: int) -> None:
        self._progress, self._expected, self._done = progress, expected, 0

    def step(self) -> None:
        self._done += 1
        if self._done % PROGRESS_ROWS == 0:
            self._progress(self._done, max(self._expected, self._done) * 2)


class _SheetReader:
    """Reads one sheet: finds its columns by their headers, then turns cells into values."""

    def __init__(self, sheet: Sheet, faults: Faults) -> None:
        self._sheet, self._faults = sheet, faults
        self._places: list[int | None] = []

    @property
    def titles(self) -> frozenset[str]:
        """The columns of ours that the sheet has."""
        places = zip(self._sheet.columns, self._places, strict=False)
        return frozenset(column.title for column, place in places if place is not None)

    def read(self, worksheet: Any, counter: _Counter) -> list[Row]:
        # A file may claim any size; only the rows that are there count.
        worksheet.reset_dimensions()
        lines: Iterator[tuple[Any, ...]] = iter(worksheet.iter_rows(max_col=MAX_COLUMNS))
        if not self._find_columns(next(lines, ()), lines):
            return []
        width = max(place for place in self._places if place is not None) + 1
        rows: list[Row] = []
        for number, line in enumerate(worksheet.iter_rows(min_row=2, max_col=width), start=2):
            if number > MAX_ROWS:
                self._faults.add(self._sheet.name, number, "", "", "一张表最多 1000000 行，请分成几个工作簿")
                break
            counter.step()
            if any(cell.value is not None for cell in line):
                row = self._row(number, line)
                if row is not None:
                    rows.append(row)
        return rows

    def _find_columns(self, header: tuple[Any, ...], below: Iterator[tuple[Any, ...]]) -> bool:
        titles = _titles(header)
        wanted = {header_key(column.title) for column in self._sheet.columns}
        second = _titles(next(below, ()))
        if len(wanted.intersection(second)) > max(1, len(wanted.intersection(titles))):
            cure = "表头在第2行。第一行就要是表头：请删掉上面的标题行，取消合并单元格"
            self._faults.add(self._sheet.name, 1, "", "", cure)
            return False
        for column in self._sheet.columns:
            count = titles.count(header_key(column.title))
            if count > 1:
                self._faults.add(self._sheet.name, 1, column.title, "", "这一列有两份，请只留一份")
            elif not count and column.required:
                self._faults.add(
                    self._sheet.name, 1, column.title, "", "缺这一列，请在第一行加上这个表头（不能是合并单元格）"
                )
        self._places = [
            titles.index(key) if (key := header_key(column.title)) in titles else None for column in self._sheet.columns
        ]
        return any(place is not None for place in self._places)

    def _row(self, number: int, line: tuple[Any, ...]) -> Row | None:
        cells = [None if place is None or place >= len(line) else line[place] for place in self._places]
        if all(_is_blank(cell) for cell in cells):
            return None
        columns = zip(self._sheet.columns, cells, strict=True)
        return Row(number, tuple(self._value(number, column, cell) for column, cell in columns), self._sheet)

    def _value(self, number: int, column: Column, cell: Any) -> Any:
        try:
            value = "" if _is_blank(cell) else _read(column, cell)
        except CellError as error:
            self._faults.add(self._sheet.name, number, column.title, _shown(cell), str(error))
            return column.empty
        if value not in ("", ()):
            return value
        if column.required and cell is not None:
            self._faults.add(self._sheet.name, number, column.title, "", "这一格要填")
        return column.empty


def _is_blank(cell: Any) -> bool:
    return cell is None or cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def _read(column: Column, cell: Any) -> Any:
    if cell.data_type == "f":
        raise CellError("这里是公式，请复制后“选择性粘贴”为数值")
    if cell.data_type == "e":
        raise CellError("这一格是 Excel 的错误值，请改成要填的内容")
    if column.is_number and cell.data_type == "n" and "%" in cell.number_format:
        raise CellError("这一格是百分比格式，请改成常规格式，80% 就填 80")
    value = column.read(cell.value)
    if column.limit is not None and _length(value) > column.limit:
        raise CellError(f"太长了，最多{column.limit}个字，请改短")
    return value


def _length(value: Any) -> int:
    return len("、".join(value)) if isinstance(value, tuple) else len(value)


def _titles(header: tuple[Any, ...]) -> list[str]:
    return [header_key(cell.value) for cell in header]


def _shown(cell: Any) -> object:
    # A formula over several cells is an object; a day comes with a midnight that nobody typed.
    if cell.data_type == "f":
        return cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", "")
    return str(cell.value).removesuffix(" 00:00:00")
