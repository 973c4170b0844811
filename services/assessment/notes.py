"""What the office should look at before a result is announced: what is missing, odd, or tied."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from domain.assessed import PEOPLE, Plan
from domain.result import Ranking
from domain.scored import Facts

FEW, SMALL_GROUP, JUMP = 6, 3, 10

Figures = Mapping[str, Mapping[str, Mapping[str, str]]]


class Notes:
    """Gathers what is said about the rankings as they come, one after the other."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._with_part: dict[str, set[str]] = {}
        self._plans_of: dict[tuple[str, str], list[str]] = {}
        self._seen: set[str] = set()

    def add(self, ranking: Ranking) -> None:
        """Takes in one ranking."""
        plan, group = ranking.plan, ranking.group
        self._seen.add(plan.code)
        have = self._with_part.setdefault(plan.code, set())
        for one in ranking.scored:
            have.update(one.parts)
            self._plans_of.setdefault((plan.subject, one.subject.code), []).append(plan.name)
        self._said += [f"{plan.name}·{group}：{said}" for said in _about(ranking)]

    def all(self, plans: Iterable[Plan]) -> list[str]:
        """Everything, the plans first."""
        said: list[str] = []
        for plan in plans:
            if plan.code not in self._seen:
                said.append(f"{plan.name}：没有选中任何{plan.subject}，请看适用写得对不对。")
                continue
            missing = [part for part in plan.weights if part not in self._with_part[plan.code]]
            said += [f"{plan.name}：{part}还没有数据，权重先由其他部分分担。" for part in missing]
        twice = {code: names for (_, code), names in self._plans_of.items() if len(names) > 1}
        said += [f"{code} 同时在{'、'.join(names)}里，每个方案各算一次。" for code, names in twice.items()]
        return said + self._said


def _about(ranking: Ranking) -> list[str]:
    said = []
    if len(ranking.scored) < SMALL_GROUP:
        said.append(f"只有 {len(ranking.scored)} 个，名次仅供参考。")
    without = [one.subject.name for one in ranking.scored if one.place is None]
    if without:
        said.append(f"没有数据、不参加排名：{named(without)}。")
    for place, tied in groupby(ranking.ranked, key=lambda one: one.place):
        names = [f"{one.subject.name}" for one in tied]
        if len(names) > 1:
            said.append(f"第 {place} 名并列：{named(names)}。")
    said += list(ranking.unusable)
    return said + _missing_figures(ranking)


def _missing_figures(ranking: Ranking) -> list[str]:
    missing: dict[str, list[str]] = {}
    for one in ranking.ranked:
        for line in one.lines:
            if line.value is None:
                missing.setdefault(line.indicator, []).append(one.subject.name)
    return [f"{indicator} 缺 {len(names)} 个数据：{named(names)}。" for indicator, names in sorted(missing.items())]


def named(names: Sequence[str]) -> str:
    """A list of names that stays short."""
    return "、".join(names) if len(names) <= FEW else f"{'、'.join(names[:FEW])}等 {len(names)} 个"


def jumps(facts: Mapping[str, Facts], before: Figures) -> list[str]:
    """Figures that are ten times those of the period before, or a tenth of them."""
    said = []
    for kind, one in facts.items():
        names = {subject.code: subject.name for subject in one.subjects}
        for indicator, figures in sorted(one.figures.items()):
            earlier = before[kind].get(indicator, {})
            for code, text in sorted(figures.items()):
                now, then = Decimal(text), Decimal(earlier.get(code, "0"))
                if now > 0 and then > 0 and (now >= then * JUMP or then >= now * JUMP):
                    who = f"{names[code]}（{code}）" if kind == PEOPLE else names[code]
                    said.append(f"{who} {indicator} 这期 {text}，上期 {then:f}，请核对是不是写错了单位或位数。")
    return said
