"""What a formula of an indicator is given and gives back, and the table of all formulas."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Figure:
    """One subject's figure for one indicator.

    `full` is what can be had at most, `target` the target value where there is one, `best` the best figure of the
    comparable group, the subject's own among them; `parameters` are as the workbook writes them.
    """

    value: Fraction
    full: Fraction
    target: Fraction | None = None
    best: Fraction | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str, default: str | None = None) -> Fraction:
        """A parameter as a number; refuses one that is missing and has no default, or is no number."""
        text = self.parameters.get(name, default)
        if text is None:
            raise DomainError(f"公式缺参数 {name}，请在指标表补上。")
        return read_number(text)

    def positive(self, name: str, default: str) -> Fraction:
        """A parameter that divides or scales; refuses 0 and less."""
        number = self.number(name, default)
        if number <= 0:
            raise DomainError(f"公式的 {name} 要大于 0，现在是 {written(number)}，请在指标表改一下。")
        return number

    def aim(self) -> Fraction:
        """The target; refuses an indicator without one."""
        if self.target is None:
            raise DomainError("这项指标没有目标值，请在指标表补上。")
        return self.target


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks for a figure, exact, and in words how they came about, with the subject's own numbers."""

    value: Fraction
    words: str


Computation = Callable[[Figure], Marks]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as the workbook offers it; every one also takes `missing`. Without `scores` it only decides grades."""

    name: str
    label: str
    compute: Computation
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    needs_target: bool = False
    example: str = ""
    scores: bool = True


FORMULAS: dict[str, Formula] = {}


def indicator(
    name: str,
    *,
    label: str,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    needs_target: bool = False,
    example: str = "",
    scores: bool = True,
) -> Callable[[Computation], Computation]:
    """Registers a formula under the name that the workbook uses; a second one of that name ends the start."""

    def register(compute: Computation) -> Computation:
        if name in FORMULAS:
            raise ValueError(f"{name} is registered twice")
        FORMULAS[name] = Formula(name, label, compute, required, optional, needs_target, example, scores)
        return compute

    return register


# A formula reads its few parameters once per figure.
@lru_cache(maxsize=4_096)
def read_number(text: str) -> Fraction:
    """A number as the workbook writes it; refuses anything else."""
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise DomainError(f"“{text}”不是数字，请改一下。") from None


def written(number: Fraction) -> str:
    """A number as people read it: at most four decimals, half up, no idle zeros."""
    over, under = abs(number.numerator), number.denominator
    if under == 1:
        return str(number.numerator)
    # In whole numbers: a quarter has hundreds of thousands of these, and fractions are slow to make.
    rounded = (20_000 * over + under) // (2 * under)
    text = f"{rounded // 10_000}.{rounded % 10_000:04}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and rounded else text


def exact_sum(numbers: Iterable[Fraction]) -> Fraction:
    """The sum, exact: gathered in whole numbers by denominator, of which there are few."""
    gathered: dict[int, int] = {}
    for number in numbers:
        gathered[number.denominator] = gathered.get(number.denominator, 0) + number.numerator
    return sum((Fraction(over, under) for under, over in gathered.items()), Fraction())
