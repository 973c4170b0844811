"""A period's result, computed from its rules and facts alone, so that it comes out the same whenever it is done again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain import grade
from domain.assessed import Indicator, Plan, Subject
from domain.assessment import score_indicator
from domain.scored import Facts, Measured, Scored, score
from domain.ties import places

# Counts up with every change of how scores come about: formulas and their combination are code.
RULE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a result is computed by; `excellent` is the percentage of a pool that may be 优秀."""

    indicators: tuple[Indicator, ...]
    plans: tuple[Plan, ...]
    excellent: str = str(grade.EXCELLENT_PERCENT)
    version: str = RULE_VERSION


@dataclass(frozen=True, slots=True)
class Ranking:
    """The scored of one comparable group, by place; those without data last. `unusable` tells of figures left out."""

    plan: Plan
    group: str
    scored: tuple[Scored, ...]
    unusable: tuple[str, ...]

    @property
    def ranked(self) -> tuple[Scored, ...]:
        """Those who have a place."""
        return tuple(one for one in self.scored if one.place is not None)


def compute(rules: Rules, facts: Mapping[str, Facts]) -> Iterator[Ranking]:
    """The ranking of every comparable group, plan by plan, by the kind of subject; a group's depends on no other's."""
    groups = _groups(rules.plans, facts)
    for plan in rules.plans:
        indicators = _for_kind(plan.subject, rules.indicators, facts)
        rankings = [
            _rank(plan, label, members, indicators, facts[plan.subject])
            for label, members in sorted(groups[plan.code].items())
        ]
        limits = grade.excellent_places({one.group: len(one.ranked) for one in rankings}, Fraction(rules.excellent))
        for ranking in rankings:
            _grade(ranking, limits[ranking.group])
            yield ranking


def _for_kind(kind: str, indicators: Iterable[Indicator], facts: Mapping[str, Facts]) -> list[Indicator]:
    """All but those that are reported for the other kind of subjects alone: a station's line is not its officers'."""
    elsewhere = {code for other, one in facts.items() if other != kind for code in one.figures}
    own = facts[kind].figures
    return [one for one in indicators if one.code in own or one.code not in elsewhere]


def _groups(plans: Iterable[Plan], facts: Mapping[str, Facts]) -> dict[str, dict[str, list[Subject]]]:
    """The members of each group by the name people read; where two plans have one of a name, the plan's is added."""
    members: dict[str, dict[str, list[Subject]]] = {}
    held_by: dict[tuple[str, str], int] = {}
    for plan in plans:
        groups = members.setdefault(plan.code, {})
        selector = plan.selector
        for subject in sorted(facts[plan.subject].subjects, key=lambda one: one.code):
            if subject.is_selected(selector):
                groups.setdefault(plan.group_of(subject), []).append(subject)
        for label in groups:
            held_by[plan.subject, label] = held_by.get((plan.subject, label), 0) + 1
    return {
        plan.code: {
            f"{label}·{plan.name}" if held_by[plan.subject, label] > 1 else label: group
            for label, group in members[plan.code].items()
        }
        for plan in plans
    }


def _rank(plan: Plan, label: str, members: Sequence[Subject], indicators: Iterable[Indicator], facts: Facts) -> Ranking:
    measured, unusable = _measure(members, indicators, facts.figures)
    everybody = {subject.code: score(plan, subject, measured[subject.code], facts) for subject in members}
    scores = {code: Decimal(one.score) for code, one in everybody.items() if one.score is not None}
    chain = [{code: one.ties[tie] for code, one in everybody.items() if tie in one.ties} for tie in plan.chain]
    placed = places(scores, chain)
    for code, one in everybody.items():
        one.place = placed.get(code)
        group, place = facts.previous.get(code, ("", None))
        one.previous = place if group == label else None
        if len(placed) == 1 and one.place:
            one.said.append("组内只有这一个有成绩，名次仅供参考")
    ordered = sorted(everybody.values(), key=lambda one: (one.place is None, one.place or 0, one.subject.code))
    return Ranking(plan, label, tuple(ordered), tuple(unusable))


def _measure(
    members: Sequence[Subject], indicators: Iterable[Indicator], figures: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, list[Measured]], list[str]]:
    """What each indicator gives everybody it applies to, in the order of the indicators, and the figures left out."""
    measured: dict[str, list[Measured]] = {subject.code: [] for subject in members}
    unusable = []
    for indicator in indicators:
        audience, full = indicator.audience, Fraction(indicator.full)
        concerned = [subject.code for subject in members if subject.is_in(audience)]
        for code, outcome in score_indicator(indicator, concerned, figures.get(indicator.code, {})).items():
            measured[code].append(Measured(indicator, full, outcome))
            if outcome.is_bad:
                unusable.append(
                    f"{indicator.code} {indicator.name}，{code} 的 {outcome.line.value}：{outcome.line.words}"
                )
    return measured, unusable


def _grade(ranking: Ranking, limit: int) -> None:
    placed = {one.subject.code: one.place for one in ranking.ranked if one.place is not None}
    vetoed = frozenset(one.subject.code for one in ranking.ranked if one.is_vetoed)
    grades = grade.grade(placed, limit, vetoed)
    for one in ranking.ranked:
        one.grade = grades[one.subject.code]
        if one.is_vetoed:
            one.said.append("有一票否优，等次最高称职")
