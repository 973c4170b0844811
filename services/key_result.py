"""One key result as its owner sees it in one week, and the line of text that shows it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from domain.okr import Confidence, progress, whole_percent

if TYPE_CHECKING:
    from domain.report import Line

LONGEST_TITLE = 24
LONGEST_NOTE = 40


@dataclass(frozen=True, slots=True)
class KeyResultInWeek:
    """A key result in one week: `before` is the value the week began with, `value` the latest one up to its end.

    `is_newest` is false when a later week has been reported already: then this week's figure is history. `is_units` when
    it belongs to the unit that the person leads.
    """

    id: int
    number: int
    title: str
    start: Decimal
    target: Decimal
    unit: str
    weight: Decimal
    before: Decimal
    value: Decimal
    confidence: Confidence | None
    note: str
    is_reported: bool
    is_newest: bool
    is_units: bool = False

    @property
    def share(self) -> Fraction:
        """How far it is, 0 to 1."""
        return progress(start=self.start, target=self.target, current=self.value)

    @property
    def is_due(self) -> bool:
        """Whether this week still lacks a report: it has none, and the target is not reached."""
        return not self.is_reported and self.share < 1

    @property
    def is_milestone(self) -> bool:
        """Whether it is either done or not."""
        return self.start == 0 and self.target == 1 and not self.unit

    @property
    def code(self) -> str:
        """KR4, or 单位KR4."""
        return f"单位KR{self.number}" if self.is_units else f"KR{self.number}"

    @property
    def name(self) -> str:
        """KR4 案件办结率."""
        return f"{self.code} {shorten(self.title, LONGEST_TITLE)}"

    @property
    def measure(self) -> str:
        """35/50 户, 80/95%."""
        gap = "" if self.unit in ("", "%") else " "
        return f"{figure(self.value)}/{figure(self.target)}{gap}{self.unit}"

    @property
    def line_number(self) -> int:
        """The number of its line, by which reports tell the unit's from the person's own."""
        from domain.report import UNIT_NUMBERS  # noqa: PLC0415 pages show figures and read no reports: 5 MB less there

        return self.number + UNIT_NUMBERS if self.is_units else self.number

    def as_line(self) -> "Line":
        """What a report is read against."""
        from domain.report import Line  # noqa: PLC0415 pages show figures and read no reports: 5 MB less there

        return Line(self.line_number, self.title, self.start, self.target, self.unit, self.value)

    def summary(self) -> str:
        """KR1 入户走访 35/50 户 · 70%."""
        return f"{self.name} {self.measure} · {whole_percent(self.share)}%"

    def summary_with_change(self) -> str:
        """KR2 反诈宣传覆盖率 80/95% · 57%（+5）有风险：下雨影响有点慢; the change is in the unit, since last week."""
        change = self.value - self.before
        moved = f"（{figure(change, signed=True)}）" if change else "（不变）"
        remark = "：".join(filter(None, (self.confidence, shorten(self.note, LONGEST_NOTE))))
        return f"{self.summary()}{moved}{remark}"


def figure(value: Decimal, *, signed: bool = False) -> str:
    """A number without needless zeros: 35, 88.5, +12."""
    plain = f"{value.normalize():f}"
    return f"+{plain}" if signed and value > 0 else plain


def shorten(text: str, longest: int) -> str:
    """The text on one line, cut at `longest` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
