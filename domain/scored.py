"""One subject's score: parts combined, the bonus on top, and what breaks a tie with others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from domain.assessed import BONUS, INDICATORS, Indicator, Plan, Subject
from domain.assessment import Line, Outcome, bonus, combine, published, share_of_full
from domain.formula import FORMULAS, exact_sum, written
from domain.ties import Tie

CORE_KIND, SATISFACTION, OVERDUE = "关键", "满意", "逾期"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the subjects of one kind, by code; numbers are texts.

    `figures` by indicator; `parts` the scores (0 to 100) of the parts that no indicator gives; `okr` the progress of the
    period, 0 to 1; `previous` the group and the place in the result before.
    """

    subjects: tuple[Subject, ...]
    figures: Mapping[str, Mapping[str, str]]
    okr: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    previous: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Scored:
    """A subject with its score and place, as texts of two decimals; None without data.

    `parts` are the scores of the parts that have data and the bonus; `ties` what each step of a chain looks at, the
    higher the better; `said` what was special, in words.
    """

    subject: Subject
    lines: tuple[Line, ...]
    parts: dict[str, str]
    ties: dict[Tie, Fraction]
    said: list[str]
    score: str | None = None
    place: int | None = None
    previous: int | None = None
    grade: str = ""

    @property
    def is_vetoed(self) -> bool:
        """Whether something caps the grade."""
        return self.ties[Tie.VETO] < 0


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator that applies to a subject, its full marks as a number, and what came of it."""

    indicator: Indicator
    full: Fraction
    outcome: Outcome


def score(plan: Plan, subject: Subject, own: Sequence[Measured], facts: Facts) -> Scored:
    """A subject's score by a plan: missing parts give their weight to the others, and that is said."""
    exact = {part: Fraction(given[subject.code]) for part, given in facts.parts.items() if subject.code in given}
    within = share_of_full(_counted(own))
    if within is not None:
        exact[INDICATORS] = within
    weights = plan.weights
    exact = {part: value for part, value in exact.items() if part in weights}
    total = combine(weights, exact)
    parts = {part: f"{published(value):f}" for part, value in exact.items()}
    scored = Scored(subject, tuple(one.outcome.line for one in own), parts, _tie_figures(own, plan.chain), [])
    if total is None:
        scored.said.append("没有数据，不参加排名")
        return scored
    scored.said += [f"{part}没有数据，权重由其他部分分担" for part in weights if part not in exact]
    limit = Fraction(plan.parts.get(BONUS, "0"))
    if limit:
        total += _add_bonus(scored, limit, facts.okr.get(subject.code))
    scored.score = f"{published(total):f}"
    return scored


def _add_bonus(scored: Scored, limit: Fraction, okr: str | None) -> Fraction:
    if okr is None:
        scored.said.append("没有 OKR 进度，不加分")
        return Fraction(0)
    added = bonus(limit, Fraction(okr))
    scored.parts[BONUS] = f"{published(added):f}"
    scored.said.append(f"OKR 进度 {written(Fraction(okr) * 100)}%，最多加 {written(limit)} 分，加 {written(added)} 分")
    return added


def _counted(own: Sequence[Measured]) -> list[tuple[Fraction, Fraction]]:
    return [(one.outcome.marks, one.full) for one in own if one.outcome.marks is not None]


def _tie_figures(own: Sequence[Measured], chain: Sequence[Tie]) -> dict[Tie, Fraction]:
    """What vetoes and the steps of a chain look at, as far as there are figures; of the overdue, fewer is more."""
    vetoes = [one for one in own if not FORMULAS[one.indicator.formula].scores]
    figures = {Tie.VETO: Fraction(-sum(figure > 0 for figure in _figures(vetoes)))}
    for tie in chain:
        if tie is Tie.OVERDUE:
            overdue = _figures([one for one in own if OVERDUE in one.indicator.name])
            share = -exact_sum(overdue) if overdue else None
        elif tie is Tie.CORE:
            share = share_of_full(_counted([one for one in own if one.indicator.kind == CORE_KIND]))
        elif tie is Tie.SATISFACTION:
            share = share_of_full(_counted([one for one in own if SATISFACTION in one.indicator.name]))
        else:
            continue
        if share is not None:
            figures[tie] = share
    return figures


def _figures(measured: Sequence[Measured]) -> list[Fraction]:
    return [Fraction(one.outcome.line.value) for one in measured if one.outcome.line.value is not None]
