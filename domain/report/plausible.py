"""Holds back values that cannot be right, with the value that was probably meant."""

from decimal import Decimal

from domain.report.choose import Amount, Unclear
from domain.report.figures import figure, plain
from domain.report.shapes import DoubtKind, Line

_TIMES = 10
_LARGEST = Decimal(10) ** 12  # what the database can hold with six decimals
_HUNDRED = Decimal(100)


def check(amount: Amount, line: Line) -> Unclear | None:
    """A question where the value is negative, over 100 %, a bare fraction or ten times the target; else None."""
    value = amount.value
    if value < 0 and min(line.start, line.target, line.current) >= 0:
        choices = ((f"是 {figure(line, -value)}", -value),)
        question = f"{line.code} 算下来是 {figure(line, value)}，不会是负数，先没记。现在是多少？"
        return Unclear(DoubtKind.NEGATIVE, question, choices)
    if line.unit == "%" and value > _HUNDRED >= line.target:
        return _over_hundred(value, line)
    if amount.is_bare and 0 < value < 1 and not line.is_milestone and _counts_in_wholes(line):
        return _bare_fraction(value, line)
    if line.is_milestone and value > 1:
        cure = ((f"是 {plain(value)}%", value / 100),) if _TIMES <= value <= _HUNDRED else ()
        question = f"{line.code} {line.title} 只有完成和没完成，{plain(value)} 先没记。完成了吗？"
        return Unclear(DoubtKind.TOO_LARGE, question, (*cure, ("完成了", line.target), ("还没完成", line.start)))
    return _too_large(value, line) if abs(value) >= _limit(line) else None


def _over_hundred(value: Decimal, line: Line) -> Unclear:
    cure = _shrunk(value, _HUNDRED)
    asked = f"是 {plain(cure)}% 吗？" if cure is not None else "是多少？"
    question = f"{line.code} 是百分比，{plain(value)}% 超过了 100%，先没记。{asked}"
    return Unclear(DoubtKind.OVER_HUNDRED, question, _cure(cure, value, line))


def _bare_fraction(value: Decimal, line: Line) -> Unclear:
    whole = value * 100 if line.unit == "%" else value * line.target
    if line.unit == "%":
        question = f"{line.code} 的 {plain(value)} 是 {plain(whole)}% 还是 {plain(value)}%？先没记。"
    else:
        question = f"{line.code} 的 {plain(value)} 是目标的 {plain(value * 100)}%（{figure(line, whole)}）吗？先没记。"
    choices = ((f"是 {figure(line, whole)}", whole), (f"就是 {figure(line, value)}", value))
    return Unclear(DoubtKind.BARE_FRACTION, question, choices)


def _too_large(value: Decimal, line: Line) -> Unclear:
    cure = _shrunk(abs(value), max(abs(line.target), abs(line.start)))
    asked = f"是 {plain(cure)} 吗？" if cure is not None else "是多少？"
    target = abs(line.target)
    if target:
        times = abs(value) / target
        whole = times == times.to_integral_value()
        ratio = f"是目标的 {int(times)} {'倍' if whole else '倍多'}"
    else:
        ratio = "差得太远"
    question = f"{line.code} 的目标是 {figure(line, line.target)}，{plain(value)} {ratio}，先没记。{asked}"
    return Unclear(DoubtKind.TOO_LARGE, question, _cure(cure, value, line))


def _cure(cure: Decimal | None, value: Decimal, line: Line) -> tuple[tuple[str, Decimal], ...]:
    sure = ((f"就是 {plain(value)}", value),) if value < _LARGEST else ()
    return (((f"是 {plain(cure)}", cure),) if cure is not None else ()) + sure


def _shrunk(value: Decimal, limit: Decimal) -> Decimal | None:
    """The value without its surplus zeros or digits, if that leaves a whole number within the limit."""
    while value > limit and value >= 1:
        value /= 10
    return value if value == value.to_integral_value() and 0 < value <= limit else None


def _limit(line: Line) -> Decimal:
    """Ten times the target, or more where start or latest value are already beyond it."""
    known = max(abs(line.start), abs(line.current))
    limit = abs(line.target) * _TIMES
    return limit if limit > known else max(known * _TIMES, Decimal(1))


def _counts_in_wholes(line: Line) -> bool:
    return (
        all(value == 0 or abs(value) >= 1 for value in (line.start, line.current, line.target))
        and abs(line.target) >= 1
    )
