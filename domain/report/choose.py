"""Chooses between the amounts said of one key result: totals before parts, corrections before what they correct."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from domain.okr import progress
from domain.report.figures import figure
from domain.report.shapes import DoubtKind, Line

_FINAL_ROLES = ("", "level", "state", "remain", "percent")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value; `is_bare` when typed as a plain number, without a percent sign or a word."""

    value: Decimal
    role: str = ""
    is_bare: bool = False
    is_state: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why there is no value yet, the question to ask, and the values it may be."""

    kind: DoubtKind
    question: str
    choices: tuple[tuple[str, Decimal], ...] = ()


def choose(amounts: Sequence[Amount], line: Line) -> Amount | Unclear | None:
    """The one value the amounts come to, a question where they differ, or None where there is none."""
    totals = _distinct([amount for amount in amounts if amount.role == "total"])
    finals = _distinct([_settled(amount, line) for amount in amounts if amount.role in _FINAL_ROLES])
    changes = _distinct([amount for amount in amounts if amount.role in ("increase", "decrease")])
    weeks = [amount for amount in amounts if amount.role in ("week", "day")]
    months = _distinct([amount for amount in amounts if amount.role == "month"])
    froms = [amount for amount in amounts if amount.role == "from"]
    lasts = [amount for amount in amounts if amount.role == "last"]
    moved = [amount for amount in amounts if amount.role == "moved"]
    if moved:  # 35改成36, 20→35
        return one_of(_distinct([moved[-1], *totals]), line)
    finals = _without_reached(finals, amounts, line)
    if len(finals) > 1 and any(final.role == "level" for final in finals):
        finals = [final for final in finals if final.role or final.value != line.current]
    if totals:
        rivals = [final for final in finals if final.role or totals[0].value == line.target]
        return one_of(_distinct([*totals, *rivals]), line)
    if finals:
        told = {final.value for final in finals}
        changed = [Amount(value) for value in map(partial(_changed, line), changes) if value not in told]
        is_told = told & {_changed(line, change, line.began) for change in changes}
        return one_of(_distinct([*finals, *changed] if not is_told else finals), line)
    if changes:
        return _again(changes[0], line) or one_of([Amount(_changed(line, change)) for change in changes], line)
    if lasts and weeks:
        return _since_last(lasts[0], weeks, line)
    if weeks:
        return _this_week(weeks, line)
    return _this_month(months, line) or (one_of(froms[-1:], line) if froms else None)


def _without_reached(finals: list[Amount], amounts: Sequence[Amount], line: Line) -> list[Amount]:
    """Without the 完成 of 完成了，55户 and of 差15户就完成: the figure says how far it is."""
    figures = [amount for amount in finals if not amount.is_state]
    is_left = any(amount.role == "remain" for amount in amounts)
    reached = (progress(start=line.start, target=line.target, current=amount.value) >= 1 for amount in figures)
    return figures if figures and (is_left or all(reached)) else finals


def _since_last(last: Amount, weeks: list[Amount], line: Line) -> Amount | Unclear:
    """上周23，本周35: levels where the first is the latest value, else two parts or two levels."""
    is_level = last.value in (line.current, line.began) and all(week.value >= last.value for week in weeks)
    added = [] if is_level or line.unit == "%" else [Amount(line.began + week.value) for week in weeks]
    return one_of(_distinct([*weeks, *added]), line)


def _this_week(weeks: list[Amount], line: Line) -> Amount | Unclear:
    """This week's part of a running count is added; of a level, such as a percentage, it is the value.

    Where the sum would pass the target and the figure would not, it may be the total after all.
    """
    if line.unit == "%" or line.is_milestone:
        return one_of(_distinct(weeks), line)
    if line.target > line.start:
        days = [week.value for week in weeks if week.role == "day"]
        if len(days) == len(weeks) == 1 and (again := _again(replace(weeks[0], role="increase"), line)):
            return again
        added = [Amount(_added(week, line)) for week in weeks]
        if len(days) > 1:  # 昨天3户，今天5户
            added.insert(0, Amount(line.current + sum(days, Decimal(0))))
        totals = [week for week in weeks if line.current <= week.value <= line.target < _added(week, line)]
        return one_of(_distinct([*totals, *added]), line)
    question = f"{line.code} 现在是 {figure(line, weeks[0].value)}吗？先没记。"
    return Unclear(DoubtKind.TWO_VALUES, question, tuple((f"是 {figure(line, w.value)}", w.value) for w in weeks))


def _added(week: Amount, line: Line) -> Decimal:
    """本周12户 counts from the week's beginning however often it is said, 今天5户 from the latest value."""
    return (line.current if week.role == "day" else line.began) + week.value


def _again(change: Amount, line: Line) -> Unclear | None:
    """The question where this week's last report was an addition too: another one, the same again, or a correction?"""
    if not line.was_added or line.current == line.began:
        return None
    more, once = _changed(line, change), _changed(line, change, line.began)
    now, then = figure(line, line.current), figure(line, line.began)
    verb = "加" if change.role == "increase" else "减"
    question = f"{line.code} 这周已经从 {then}{verb}到 {now}，先没记。是再{verb}，还是从 {then}重算？"
    choices = ((f"再{verb}，{figure(line, more)}", more), (f"重算，{figure(line, once)}", once))
    return Unclear(DoubtKind.TWO_VALUES, question, choices)


def _this_month(months: list[Amount], line: Line) -> Amount | Unclear | None:
    if not months or line.unit == "%" or line.is_milestone or line.current == line.start:
        return one_of(months, line) if months else None
    both = _distinct([Amount(value) for month in months for value in (month.value, line.current + month.value)])
    return one_of(both, line)


def one_of(amounts: Sequence[Amount], line: Line) -> Amount | Unclear:
    """The amount if there is only one, else the question which of them counts."""
    if len(amounts) == 1:
        return amounts[0]
    return either([amount.value for amount in amounts], line)


def either(values: Iterable[Decimal], line: Line) -> Unclear:
    """The question which of the values counts."""
    values = list(values)
    said = "、".join(figure(line, value) for value in values)
    choices = tuple((f"是 {figure(line, value)}", value) for value in values)
    return Unclear(DoubtKind.TWO_VALUES, f"{line.code} 对得上不止一个数：{said}，先没记。以哪个为准？", choices)


def _settled(amount: Amount, line: Line) -> Amount:
    """还差 15 户 as the 35 户 that are there."""
    if amount.role != "remain":
        return amount
    missing = amount.value if line.target > line.start else -amount.value
    return Amount(line.target - missing)


def _changed(line: Line, change: Amount, base: Decimal | None = None) -> Decimal:
    return (line.current if base is None else base) + (change.value if change.role == "increase" else -change.value)


def _distinct(amounts: Sequence[Amount]) -> list[Amount]:
    return list({amount.value: amount for amount in reversed(amounts)}.values())[::-1]
