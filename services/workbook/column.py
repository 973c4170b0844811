"""What a column and a sheet of the county's workbook are, and the common kinds of columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from domain import workbook as cells
from domain.workbook import Reader

YES, NO = "是", "否"
CODE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read, what an empty one means, the sheet its values must be listed in."""

    title: str
    read: Reader
    required: bool = False
    empty: Any = ""
    limit: int | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    note: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a percent format would silently divide what people see by a hundred."""
        return self.read in (
            cells.read_number,
            cells.read_weight,
            cells.read_whole,
            cells.read_step,
            cells.read_numbers,
        )


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` names the columns that tell its rows apart."""

    name: str
    note: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each column stands in a row's values."""
        return {column.title: place for place, column in enumerate(self.columns)}

    @cached_property
    def references(self) -> tuple[Column, ...]:
        """The columns that name a row of another sheet."""
        return tuple(column for column in self.columns if column.refers)


def code(title: str, *, required: bool = False, refers: str = "", note: str = "", limit: int = CODE_LENGTH) -> Column:
    return Column(title, cells.read_code, required, limit=limit, refers=refers, note=note)


def text(title: str, limit: int, *, required: bool = False, refers: str = "", note: str = "") -> Column:
    return Column(title, cells.read_text, required, limit=limit, refers=refers, note=note)


def number(title: str, *, required: bool = False, empty: Any = None, note: str = "") -> Column:
    return Column(title, cells.read_number, required, empty, note=note)


def account(title: str, *, required: bool = False, refers: str = "人员", note: str = "") -> Column:
    return Column(title, cells.read_account, required, refers=refers, note=note)


def day(title: str, *, required: bool = False, note: str = "") -> Column:
    return Column(title, cells.read_date, required, None, note=note or "例如 2026-10-01")


def choice(title: str, words: Sequence[str], *, required: bool = False, empty: Any = "", note: str = "") -> Column:
    return Column(title, cells.choice_of(words), required, empty, choices=tuple(words), note=note)


def words(title: str, limit: int, note: str = "几个之间用、隔开", *, refers: str = "") -> Column:
    return Column(title, cells.read_list, False, (), limit=limit, refers=refers, note=note)


def flag(title: str) -> Column:
    return Column(title, cells.read_flag, False, False, choices=(YES, NO), note="不填就是否")


def whole(title: str, *, required: bool = False, empty: int | None = None, note: str = "") -> Column:
    return Column(title, cells.read_whole, required, empty, note=note)


def step(title: str, *, note: str = "") -> Column:
    return Column(title, cells.read_step, False, 0, note=note)
