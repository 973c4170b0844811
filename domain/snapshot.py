"""A result as it is kept: rules, facts and rows as JSON in one spelling, and the hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.assessed import Indicator, Plan, Subject
from domain.result import Ranking, Rules
from domain.scored import Facts, Scored

Record = dict[str, Any]


def spelled(record: Any) -> bytes:
    """The one spelling of a record of texts, whole numbers, lists and mappings: UTF-8 JSON, keys sorted, no spaces."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def rules_record(rules: Rules) -> Record:
    """Rules as a record; `rules_of` reads it back."""
    return asdict(rules)


def rules_of(record: Record) -> Rules:
    """The rules of a kept result."""
    return Rules(
        indicators=tuple(Indicator(**one) for one in record["indicators"]),
        plans=tuple(Plan(**one) for one in record["plans"]),
        excellent=record["excellent"],
        version=record["version"],
    )


def facts_record(facts: Mapping[str, Facts]) -> Record:
    """The facts of both kinds of subjects as a record; `facts_of` reads it back."""
    return {
        kind: {
            "subjects": [asdict(subject) for subject in one.subjects],
            "figures": one.figures,
            "okr": one.okr,
            "parts": one.parts,
            "previous": {code: list(place) for code, place in one.previous.items()},
        }
        for kind, one in facts.items()
    }


def facts_of(record: Record) -> dict[str, Facts]:
    """The facts of a kept result."""
    return {
        kind: Facts(
            subjects=tuple(Subject(**subject) for subject in one["subjects"]),
            figures=one["figures"],
            okr=one["okr"],
            parts=one["parts"],
            previous={code: (group, place) for code, (group, place) in one["previous"].items()},
        )
        for kind, one in record.items()
    }


def row_record(ranking: Ranking, scored: Scored) -> Record:
    """One row of a result, with why."""
    return {
        "kind": ranking.plan.subject,
        "code": scored.subject.code,
        "name": scored.subject.name,
        "plan": ranking.plan.code,
        "group": ranking.group,
        "place": scored.place,
        "score": scored.score,
        "previous": scored.previous,
        "grade": scored.grade,
        "parts": scored.parts,
        "lines": scored.lines,
        "said": scored.said,
    }


class Digest:
    """The hash (SHA-256) over rules, facts and then every row in its order."""

    def __init__(self, rules: Record, facts: Record) -> None:
        self._sum = hashlib.sha256()
        self.add(rules)
        self.add(facts)

    def add(self, record: Record) -> None:
        """Takes in the next record."""
        self._sum.update(spelled(record))
        self._sum.update(b"\n")

    def hex(self) -> str:
        """The hash of all that was taken in."""
        return self._sum.hexdigest()
