"""Turns the figures said of one key result into one value, or into a question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from domain.okr import progress, whole_percent
from domain.report.figures import as_decimal, figure, plain
from domain.report.lexer import Kind, Token, split_unit
from domain.report.parts import accepts
from domain.report.shapes import DoubtKind, Line

_FINAL_ROLES = ("", "level", "state", "remain", "percent")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value; `is_bare` when typed as a plain number, without a percent sign or a word."""

    value: Decimal
    role: str = ""
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why there is no value yet, the question to ask, and the values it may be."""

    kind: DoubtKind
    question: str
    choices: tuple[tuple[str, Decimal], ...] = ()


def amount_of(figures: Sequence[tuple[Token, str]], line: Line) -> Amount | Unclear:
    """The one value that the figures of a part mean for this key result."""
    fitting = [(token, role) for token, role in figures if accepts(line, token)]
    if not fitting and figures:
        return _unit_differs(figures[0][0], line)
    read = [_read(token, role, line) for token, role in fitting]
    amounts = _without_echoes([amount for amount in read if isinstance(amount, Amount)], line)
    chosen = _choose(amounts, line) or _nothing(fitting, line)
    for unclear in read:
        if isinstance(unclear, Unclear):
            return _with_choice(unclear, chosen, line)
    return chosen


def _with_choice(unclear: Unclear, chosen: Amount | Unclear, line: Line) -> Unclear:
    """The value beside a figure that is unclear is what to offer when nothing else is."""
    if unclear.choices or isinstance(chosen, Unclear):
        return unclear
    return replace(unclear, choices=((f"是 {figure(line, chosen.value)}", chosen.value),))


def _read(token: Token, role: str, line: Line) -> Amount | Unclear | None:
    """One figure as a value of the key result; None for what is no value of it."""
    if role in ("part", "plan") and token.kind is not Kind.UNCHANGED:
        return None
    if token.kind in _STATES:
        return _state(token.kind, role, line)
    if token.kind is Kind.PAIR:
        return _pair(token, line)
    if token.kind is Kind.VAGUE:
        return _vague(token, line)
    if token.kind in (Kind.PERCENT, Kind.HALF, Kind.FRACTION) and not (token.kind is Kind.PERCENT and line.unit == "%"):
        return _share(token, role, line)
    value = _scaled(token, line)
    if role == "target":
        return None if value == line.target else _target_differs(line, value, ())
    if token.sign == "+":
        return Amount(value, "increase")
    if token.sign and role != "decrease":
        return _minus(token, value, line)
    if role == "decrease" and min(line.start, line.target) < 0:
        return _one_of([Amount(-value), Amount(line.current - value)], line)
    return Amount(value, role, is_bare=token.kind is Kind.NUMBER)


_STATES = frozenset({Kind.DONE, Kind.NOT_DONE, Kind.NOT_STARTED, Kind.NOT_MOVED, Kind.NOT_YET, Kind.UNCHANGED})


def _state(kind: Kind, role: str, line: Line) -> Amount | Unclear | None:
    if kind is Kind.DONE:
        return None if role == "partial" else Amount(line.target, "state")
    if kind is Kind.NOT_DONE and line.is_milestone:
        return Amount(line.start if line.current == line.target else line.current, "state")
    if kind is Kind.NOT_STARTED:
        return Amount(line.start, "state")
    if kind is Kind.UNCHANGED:
        return Amount(line.current, "state")
    if kind is Kind.NOT_MOVED:
        if line.current == line.start:
            return Amount(line.start, "state")
        still, back = figure(line, line.current), figure(line, line.start)
        question = f"KR{line.number} 是还在 {still}，还是从头没做（{back}）？先没记。"
        choices = ((f"还是 {still}", line.current), (f"是 {back}", line.start))
        return Unclear(DoubtKind.TWO_VALUES, question, choices)
    return None


def _pair(token: Token, line: Line) -> Amount | Unclear:
    value = _scaled(token, line)
    target = token.second
    if line.target in (target, as_decimal(Fraction(target) / split_unit(line.unit)[0])):
        return Amount(value)
    share: tuple[tuple[str, Decimal], ...] = ()
    if line.unit == "%" and 0 <= value <= target:
        percent = as_decimal(100 * Fraction(value) / Fraction(target)) if target else value
        share = ((f"是 {figure(line, percent)}", percent),)
    choices = dict((*share, (f"是 {figure(line, value)}", value)))
    return _target_differs(line, target, tuple(choices.items()))


def _vague(token: Token, line: Line) -> Unclear:
    choices = ((f"是 {figure(line, token.value)}", token.value),) if token.value >= 0 else ()
    question = f"KR{line.number} 要一个准数，先没记。现在是多少{_of(line)}？"
    return Unclear(DoubtKind.NOT_A_NUMBER, question, choices)


def _share(token: Token, role: str, line: Line) -> Amount | Unclear:
    """80%, 一半 or 三分之二 of a target that is not itself a percentage; 一半 of any target."""
    share = _as_fraction(token)
    if line.unit == "%" and token.kind is Kind.FRACTION:
        return Amount(as_decimal(100 * share), role)
    of_target = as_decimal(share * Fraction(line.target))
    of_way = as_decimal(Fraction(line.start) + share * (Fraction(line.target) - Fraction(line.start)))
    is_clear = line.target > line.start and (line.start == 0 or (token.kind is Kind.HALF and of_target >= line.start))
    if is_clear and role not in ("increase", "decrease", "remain") and not token.sign:
        return Amount(of_target, "percent" if token.kind is Kind.PERCENT else "state")
    said = "一半" if token.kind is Kind.HALF else f"{plain(as_decimal(100 * share))}%"
    values = tuple(dict.fromkeys((of_target, of_way))) if not token.sign and role != "increase" else ()
    may_be = "也可能是 ".join(f"{figure(line, value)}，" for value in values)
    question = f"KR{line.number} 从 {figure(line, line.start)} 到 {figure(line, line.target)}，{said}"
    question += f"可能是 {may_be}先没记。是哪个数？" if values else f"是多少{_of(line)}？先没记。"
    return Unclear(DoubtKind.PERCENT_OF_WHAT, question, tuple((f"是 {figure(line, value)}", value) for value in values))


def _minus(token: Token, value: Decimal, line: Line) -> Amount | Unclear:
    if min(line.start, line.target, line.current) < 0:
        return Amount(-value)
    if line.target < line.start and token.sign.startswith("-") and line.current >= value:
        return Amount(value, "decrease")
    choices = [(f"是 {figure(line, value)}", value)]
    if value and line.current >= value:
        less = line.current - value
        choices.append((f"减到 {figure(line, less)}", less))
    question = f"KR{line.number} 没有负数，-{plain(value)} 先没记。是 {figure(line, value)}吗？"
    return Unclear(DoubtKind.NEGATIVE, question, tuple(choices))


def _without_echoes(amounts: list[Amount], line: Line) -> list[Amount]:
    """Without a percentage that only repeats the figure beside it, as in 35户 70%."""
    others = [amount.value for amount in amounts if amount.role in ("", "level", "total", "state")]
    echoed = {
        percent
        for value in others
        for percent in (
            whole_percent(Fraction(value) / Fraction(line.target or 1)),
            whole_percent(progress(start=line.start, target=line.target, current=value)),
        )
    }
    return [
        amount
        for amount in amounts
        if amount.role != "percent" or whole_percent(Fraction(amount.value) / Fraction(line.target)) not in echoed
    ]


def _choose(amounts: list[Amount], line: Line) -> Amount | Unclear | None:
    totals = _distinct([amount for amount in amounts if amount.role == "total"])
    finals = _distinct([_settled(amount, line) for amount in amounts if amount.role in _FINAL_ROLES])
    changes = _distinct([amount for amount in amounts if amount.role in ("increase", "decrease")])
    weeks = _distinct([amount for amount in amounts if amount.role == "week"])
    months = _distinct([amount for amount in amounts if amount.role == "month"])
    lasts = [amount for amount in amounts if amount.role == "last"]
    if len(finals) > 1 and any(final.role == "level" for final in finals):
        finals = [final for final in finals if final.role or final.value != line.current]
    if totals:
        rivals = [final for final in finals if final.role or totals[0].value == line.target]
        return _one_of(_distinct([*totals, *rivals]), line)
    if finals:
        moved = [Amount(_changed(change, line)) for change in changes]
        return _one_of(_distinct([*finals, *moved]), line)
    if changes:
        return _one_of([Amount(_changed(change, line)) for change in changes], line)
    if lasts and weeks:
        return _since_last(lasts[0], weeks, line)
    return _this_week(weeks, line) if weeks else _this_month(months, line)


def _since_last(last: Amount, weeks: list[Amount], line: Line) -> Amount | Unclear:
    """上周23，本周35: levels where the first is the latest value, else two parts or two levels."""
    added = [] if last.value == line.current else [Amount(line.current + week.value) for week in weeks]
    return _one_of(_distinct([*weeks, *added]), line)


def _this_week(weeks: list[Amount], line: Line) -> Amount | Unclear:
    """This week's part of a running count is added; of a level, such as a percentage, it is the value.

    Where the sum would pass the target and the figure would not, it may be the total after all.
    """
    if line.unit == "%" or line.is_milestone:
        return _one_of(weeks, line)
    if line.target > line.start:
        added = [Amount(line.current + week.value) for week in weeks]
        totals = [week for week in weeks if line.current <= week.value <= line.target < line.current + week.value]
        return _one_of(_distinct([*totals, *added]), line)
    question = f"KR{line.number} 现在是 {figure(line, weeks[0].value)}吗？先没记。"
    return Unclear(DoubtKind.TWO_VALUES, question, tuple((f"是 {figure(line, w.value)}", w.value) for w in weeks))


def _this_month(months: list[Amount], line: Line) -> Amount | Unclear | None:
    if not months or line.unit == "%" or line.is_milestone or line.current == line.start:
        return _one_of(months, line) if months else None
    both = _distinct([Amount(value) for month in months for value in (month.value, line.current + month.value)])
    return _one_of(both, line)


def _one_of(amounts: list[Amount], line: Line) -> Amount | Unclear:
    if len(amounts) == 1:
        return amounts[0]
    said = "、".join(figure(line, amount.value) for amount in amounts)
    choices = tuple((f"是 {figure(line, amount.value)}", amount.value) for amount in amounts)
    return Unclear(DoubtKind.TWO_VALUES, f"KR{line.number} 对得上不止一个数：{said}，先没记。以哪个为准？", choices)


def _nothing(figures: Sequence[tuple[Token, str]], line: Line) -> Unclear:
    still = (f"还是 {figure(line, line.current)}", line.current)
    if line.is_milestone:
        choices = (("完成了", line.target), ("还没完成", line.start))
        return Unclear(DoubtKind.NO_VALUE, f"KR{line.number} {line.title} 完成了吗？先没记。", choices)
    if any(token.kind is Kind.DONE for token, _ in figures):
        target = (f"到 {figure(line, line.target)}", line.target)
        question = f"KR{line.number} 是已经到 {figure(line, line.target)}了吗？先没记。"
        return Unclear(DoubtKind.NO_VALUE, question, (target, still))
    question = f"KR{line.number} {line.title} 现在到多少{_of(line)}了？先没记。"
    return Unclear(DoubtKind.NO_VALUE, question, (still,))


def _unit_differs(token: Token, line: Line) -> Unclear:
    theirs = f"{plain(token.value)} {token.unit}"
    question = f"KR{line.number} 按{line.unit}算，你写的是 {theirs}，先没记。是 {figure(line, token.value)}吗？"
    return Unclear(DoubtKind.UNIT_DIFFERS, question, ((f"是 {figure(line, token.value)}", token.value),))


def _target_differs(line: Line, said: Decimal, choices: tuple[tuple[str, Decimal], ...]) -> Unclear:
    ours = figure(line, line.target)
    question = f"KR{line.number} 的目标是 {ours}，你写的是 {plain(said)}，先没记。现在到多少{_of(line)}了？"
    return Unclear(DoubtKind.TARGET_DIFFERS, question, choices)


def _settled(amount: Amount, line: Line) -> Amount:
    """还差 15 户 as the 35 户 that are there."""
    if amount.role != "remain":
        return amount
    missing = amount.value if line.target > line.start else -amount.value
    return Amount(line.target - missing)


def _changed(change: Amount, line: Line) -> Decimal:
    return line.current + (change.value if change.role == "increase" else -change.value)


def _scaled(token: Token, line: Line) -> Decimal:
    """The figure in the key result's unit: 1200万 of 万元 is 1200."""
    scale, unit = split_unit(line.unit)
    if scale > 1 and (token.is_scaled or token.unit == unit):
        return as_decimal(Fraction(token.value) / scale)
    return token.value


def _as_fraction(token: Token) -> Fraction:
    if token.kind is Kind.HALF:
        return Fraction(1, 2)
    return Fraction(token.value) / (100 if token.kind is Kind.PERCENT else Fraction(token.second))


def _distinct(amounts: Sequence[Amount]) -> list[Amount]:
    return list({amount.value: amount for amount in reversed(amounts)}.values())[::-1]


def _of(line: Line) -> str:
    return "" if line.unit == "%" else line.unit
