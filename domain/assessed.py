"""Who is assessed by what: indicators, plans and subjects as a result keeps them, all in texts so that nothing is rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.parameters import read_parameters, read_selector, read_subject
from domain.ties import Tie, read_ties

UNITS, PEOPLE = "单位", "人员"
INDICATORS, BONUS = "指标", "OKR加分"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A KPI line as it was when the result was drafted."""

    code: str
    name: str
    kind: str
    full: str
    target: str | None
    formula: str
    parameters: str
    applies_to: str

    @property
    def given(self) -> Mapping[str, str]:
        """Its parameters by name."""
        return read_parameters(self.parameters)

    @property
    def audience(self) -> list[tuple[str, str]]:
        """Whom it applies to as (kind, word), the kind empty for a bare word; empty for everybody."""
        return [read_subject(word) for word in self.applies_to.split("、")] if self.applies_to else []


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit or a person; `unit` is the code of the unit (a unit's own), `unit_name` its name, `category` its class."""

    code: str
    name: str
    unit: str
    unit_name: str
    category: str
    track: str = ""
    rank: str = ""
    is_person: bool = False

    def is_in(self, audience: list[tuple[str, str]]) -> bool:
        """Whether an indicator for this audience applies: it is for everybody, or any of its words fits."""
        account = self.code.lower() if self.is_person else None
        words = {"单位": self.unit, "类别": self.category, "账号": account, "跑道": self.track}
        return not audience or any(
            word == words[kind] if kind else word in words.values() or word.lower() == account
            for kind, word in audience
        )

    def is_selected(self, selector: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether a plan with this selector is for it: all keys match, any word of a key does."""
        known = {"类别": self.category, "单位": self.unit, "跑道": self.track, "职级": self.rank}
        return all(known[key] in words for key, words in selector.items())


@dataclass(frozen=True, slots=True)
class Plan:
    """An assessment plan; `parts` gives each part's weight, for OKR加分 the most it can add."""

    code: str
    name: str
    subject: str
    applies_to: str
    grouping: str
    ties: str
    parts: Mapping[str, str]

    @property
    def chain(self) -> tuple[Tie, ...]:
        """What breaks ties."""
        return read_ties(self.ties)

    @property
    def weights(self) -> dict[str, Fraction]:
        """The weight of each part but the bonus."""
        return {part: Fraction(weight) for part, weight in self.parts.items() if part != BONUS}

    @property
    def selector(self) -> dict[str, tuple[str, ...]]:
        """Whom it is for."""
        return read_selector(self.applies_to)

    def group_of(self, subject: Subject) -> str:
        """The comparable group of a subject, as people read it."""
        track = subject.track or "未分跑道"
        return {
            "类别": subject.category,
            "跑道": track,
            "单位": subject.unit_name,
            "跑道+单位": f"{track}+{subject.unit_name}",
        }[self.grouping]
