"""From figures to scores: the marks of an indicator within a comparable group, and parts combined by weight."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain import indicators  # noqa: F401 importing it registers every formula
from domain.assessed import Indicator
from domain.errors import DomainError
from domain.formula import FORMULAS, Figure, Marks, exact_sum, read_number, written
from domain.rates import competition_places

GROUP_MEAN = "group_mean"


class Line(NamedTuple):
    """One indicator of one subject: the figure, the group's mean figure, the place and the marks, and why, in words.

    Numbers are texts as they are published; `value` is None without a figure, `marks` when the line does not count.
    """

    indicator: str
    value: str | None
    mean: str | None
    place: int | None
    marks: str | None
    formula: str
    words: str


class Outcome(NamedTuple):
    """A line with its exact marks; None when it does not count. `is_bad` when the figure could not be used."""

    line: Line
    marks: Fraction | None
    is_bad: bool = False


def score_indicator(indicator: Indicator, subjects: Iterable[str], figures: Mapping[str, str]) -> dict[str, Outcome]:
    """What an indicator gives each of the subjects of one comparable group, from the figures of those who have one.

    Without a figure the line does not count, and its marks are shared out; with missing=group_mean it counts as the
    mean of the marks of those in the group who have one. Equal figures are computed once.
    """
    own = {subject: figures.get(subject) for subject in subjects}
    counts = Counter(text for text in own.values() if text is not None)
    outcomes = _of_figures(indicator, counts)
    if len(counts) < len(own):
        outcomes[None] = _without_figure(indicator, counts, outcomes)
    return {subject: outcomes[text] for subject, text in own.items()}


def _of_figures(indicator: Indicator, counts: Counter[str]) -> dict[str | None, Outcome]:
    numbers = {text: read_number(text) for text in counts}
    mean = written(_mean(numbers, counts)) if counts else None
    marks: dict[str, Marks] = {}
    outcomes: dict[str | None, Outcome] = {}
    formula, best, given = FORMULAS[indicator.formula], max(numbers.values(), default=None), indicator.given
    full, target = Fraction(indicator.full), Fraction(indicator.target) if indicator.target else None
    for text, number in numbers.items():
        try:
            marks[text] = formula.compute(Figure(number, full, target, best, given))
        except DomainError as refusal:
            line = Line(indicator.code, text, mean, None, None, formula.name, f"{refusal}这一项先不计")
            outcomes[text] = Outcome(line, None, is_bad=True)
    if not formula.scores:
        unscored = {
            text: Line(indicator.code, text, mean, None, None, formula.name, marks[text].words) for text in marks
        }
        return {text: Outcome(line, None) for text, line in unscored.items()}
    shown = {text: published(one.value) for text, one in marks.items()}
    everybody = Counter[Decimal]()
    for text, marked in shown.items():
        everybody[marked] += counts[text]
    place_of = competition_places(everybody)
    for text, one in marks.items():
        line = Line(indicator.code, text, mean, place_of[shown[text]], f"{shown[text]:f}", formula.name, one.words)
        outcomes[text] = Outcome(line, one.value)
    return outcomes


def _without_figure(indicator: Indicator, counts: Counter[str], outcomes: Mapping[str | None, Outcome]) -> Outcome:
    known = {text: one.marks for text, one in outcomes.items() if text is not None and one.marks is not None}
    mean = next((one.line.mean for one in outcomes.values()), None)
    if indicator.given.get("missing") == GROUP_MEAN and known:
        marks = _mean(known, counts)
        words = f"没有数据，按组内有数据的 {sum(counts[text] for text in known)} 个的平均得分计，得 {written(marks)} 分"
        line = Line(indicator.code, None, mean, None, f"{published(marks):f}", indicator.formula, words)
        return Outcome(line, marks)
    words = "没有数据，这一项不计，满分由其他指标分担" if FORMULAS[indicator.formula].scores else "没有数据，不影响等次"
    return Outcome(Line(indicator.code, None, mean, None, None, indicator.formula, words), None)


def _mean(values: Mapping[str, Fraction], counts: Mapping[str, int]) -> Fraction:
    total = exact_sum(Fraction(value.numerator * counts[text], value.denominator) for text, value in values.items())
    return total / sum(counts[text] for text in values)


def share_of_full(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Σ marks ÷ Σ full marks × 100 over the (marks, full marks) of what counts; None when nothing counts."""
    counted = list(parts)
    whole = exact_sum(full for _, full in counted)
    return exact_sum(marks for marks, _ in counted) * 100 / whole if whole > 0 else None


def combine(weights: Mapping[str, Fraction], scores: Mapping[str, Fraction]) -> Fraction | None:
    """Σ weight · score ÷ Σ weight over the parts that have data: a part without gives its weight to the others.

    None when no part has data.
    """
    counted = [(weights[part], score) for part, score in scores.items() if part in weights]
    whole = sum((weight for weight, _ in counted), Fraction())
    if not whole:
        return None
    return sum((weight * score for weight, score in counted), Fraction()) / whole


def bonus(limit: Fraction, okr: Fraction) -> Fraction:
    """min(B, B · OKR): what an OKR progress (0 to 1) adds on top of the score."""
    return min(limit, limit * okr)


def published(score: Fraction) -> Decimal:
    """A score as it is published: two decimals, half up (away from zero)."""
    over, under = abs(score.numerator), score.denominator
    rounded = Decimal((200 * over + under) // (2 * under)).scaleb(-2)
    return -rounded if score < 0 else rounded
