"""Turns the figures said of one key result into one value, or into a question."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from domain.okr import progress, whole_percent
from domain.report.choose import Amount, Unclear, choose, either, one_of
from domain.report.figures import as_decimal, figure, plain
from domain.report.lexer import FIGURES, Kind, Token, split_unit
from domain.report.parts import accepts
from domain.report.shapes import DoubtKind, Line


def amount_of(figures: Sequence[tuple[Token, str]], line: Line) -> Amount | Unclear:
    """The one value that the figures of a part mean for this key result."""
    fitting = [(token, role) for token, role in figures if accepts(line, token)]
    others = [token for token, _ in figures if not accepts(line, token)]
    if others and not any(_is_of_unit(token, role, line) for token, role in fitting):
        return _unit_differs(others[0], line)
    if _says_what_is_left(fitting):
        return _nothing(fitting, line)
    read = [_read(token, role, line) for token, role in fitting]
    amounts = _without_echoes([amount for amount in read if isinstance(amount, Amount)], line)
    chosen = choose(amounts, line) or _nothing(fitting, line)
    for unclear in read:
        if isinstance(unclear, Unclear):
            return _with_choice(unclear, chosen, line)
    return chosen


def _is_of_unit(token: Token, role: str, line: Line) -> bool:
    """Whether a figure is the key result's own, although another beside it is counted in something else."""
    is_percent = token.kind is Kind.PERCENT and line.unit == "%"
    return token.kind not in FIGURES or bool(token.unit) or is_percent or role == "total"


def _says_what_is_left(figures: Sequence[tuple[Token, str]]) -> bool:
    """还有3个没开工: the state is of the three, not of the key result."""
    kinds = {token.kind for token, role in figures if role != "part"}
    return kinds == {Kind.NOT_STARTED} and any(role == "part" and token.kind in FIGURES for token, role in figures)


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
    if role in ("rate", "other"):
        return _rate(token, role, line)
    if role == "surplus":
        return _surplus(token, line)
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
        return one_of([Amount(-value), Amount(line.current - value)], line)
    return Amount(value, role, is_bare=token.kind is Kind.NUMBER)


_STATES = frozenset({Kind.DONE, Kind.NOT_DONE, Kind.NOT_STARTED, Kind.NOT_MOVED, Kind.NOT_YET, Kind.UNCHANGED})


def _state(kind: Kind, role: str, line: Line) -> Amount | Unclear | None:
    if kind is Kind.DONE:
        return None if role == "partial" else Amount(line.target, "state", is_state=True)
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
        question = f"{line.code} 是还在 {still}，还是从头没做（{back}）？先没记。"
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
    question = f"{line.code} 要一个准数，先没记。现在是多少{_of(line)}？"
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
    question = f"{line.code} 从 {figure(line, line.start)} 到 {figure(line, line.target)}，{said}"
    question += f"可能是 {may_be}先没记。是哪个数？" if values else f"是多少{_of(line)}？先没记。"
    return Unclear(DoubtKind.PERCENT_OF_WHAT, question, tuple((f"是 {figure(line, value)}", value) for value in values))


def _rate(token: Token, role: str, line: Line) -> Unclear:
    """完成率70 of a count may be 70 % of the target; of another subject than ours it is nothing we know."""
    if role == "other":
        if line.unit != "%":
            return _nothing((), line)
        question = f"{line.code} {line.title} 是 {figure(line, token.value)} 吗？先没记。"
        return Unclear(DoubtKind.NO_VALUE, question, ((f"是 {figure(line, token.value)}", token.value),))
    share = as_decimal(Fraction(token.value) / 100 * Fraction(line.target))
    return either(dict.fromkeys((share, token.value)), line)


def _surplus(token: Token, line: Line) -> Amount | Unclear:
    """超额完成55户 is a value; 超额完成5户 of 50 is more likely 55."""
    is_share = token.kind is Kind.PERCENT and line.unit != "%"
    value = as_decimal(Fraction(token.value) * Fraction(line.target) / 100) if is_share else _scaled(token, line)
    if value >= line.target > line.start:
        return Amount(value)
    beyond = line.target + (value if line.target > line.start else -value)
    return either((beyond, value), line)


def _minus(token: Token, value: Decimal, line: Line) -> Amount | Unclear:
    if min(line.start, line.target, line.current) < 0:
        return Amount(-value)
    if line.target < line.start and token.sign.startswith("-") and line.current >= value:
        return Amount(value, "decrease")
    choices = [(f"是 {figure(line, value)}", value)]
    if value and line.current >= value:
        less = line.current - value
        choices.append((f"减到 {figure(line, less)}", less))
    question = f"{line.code} 没有负数，-{plain(value)} 先没记。是 {figure(line, value)}吗？"
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


def _nothing(figures: Sequence[tuple[Token, str]], line: Line) -> Unclear:
    still = (f"还是 {figure(line, line.current)}", line.current)
    if line.is_milestone:
        choices = (("完成了", line.target), ("还没完成", line.start))
        return Unclear(DoubtKind.NO_VALUE, f"{line.code} {line.title} 完成了吗？先没记。", choices)
    if any(token.kind is Kind.DONE for token, _ in figures):
        target = (f"到 {figure(line, line.target)}", line.target)
        question = f"{line.code} 是已经到 {figure(line, line.target)}了吗？先没记。"
        return Unclear(DoubtKind.NO_VALUE, question, (target, still))
    question = f"{line.code} {line.title} 现在到多少{_of(line)}了？先没记。"
    return Unclear(DoubtKind.NO_VALUE, question, (still,))


def _unit_differs(token: Token, line: Line) -> Unclear:
    theirs = f"{plain(token.value)} {token.unit}"
    question = f"{line.code} 按{line.unit}算，你写的是 {theirs}，先没记。是 {figure(line, token.value)}吗？"
    return Unclear(DoubtKind.UNIT_DIFFERS, question, ((f"是 {figure(line, token.value)}", token.value),))


def _target_differs(line: Line, said: Decimal, choices: tuple[tuple[str, Decimal], ...]) -> Unclear:
    ours = figure(line, line.target)
    question = f"{line.code} 的目标是 {ours}，你写的是 {plain(said)}，先没记。现在到多少{_of(line)}了？"
    return Unclear(DoubtKind.TARGET_DIFFERS, question, choices)


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


def _of(line: Line) -> str:
    return "" if line.unit == "%" else line.unit
