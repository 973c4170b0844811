"""What is wrong with a workbook, told cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import DomainError

SHOWN_VALUE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (row 0 and empty names where it is not in one place), what was there, what to do."""

    sheet: str
    row: int
    column: str
    value: str
    cure: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        place = " ".join(part for part in (self.sheet, row, self.column) if part)
        value = f'"{self.value}" ' if self.value else ""
        return f"{place}：{value}{self.cure}" if place else f"{value}{self.cure}"


class WorkbookFaults(DomainError):
    """The workbook was not loaded; `faults` names all that is wrong with it, sheet by sheet, row by row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [f"工作簿里有 {len(self.faults)} 处要改，什么都没有导入：", *map(str, self.faults)]
        super().__init__("\n".join(lines))


class Faults:
    """Collects faults while the whole workbook is looked through."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, sheet: str, row: int, column: str, value: object, cure: str) -> None:
        """Notes a fault; a long value is cut."""
        shown = "" if value is None else " ".join(str(value).split())
        if len(shown) > SHOWN_VALUE_LENGTH:
            shown = shown[:SHOWN_VALUE_LENGTH] + "…"
        self._faults.append(Fault(sheet, row, column, shown, cure))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def raise_any(self, order: Sequence[str]) -> None:
        """Raises all faults together, in the order of the sheets and their rows; does nothing when there is none."""
        if self._faults:
            places = {name: place for place, name in enumerate(order)}
            raise WorkbookFaults(sorted(self._faults, key=lambda fault: (places.get(fault.sheet, -1), fault.row)))
