"""Drafts a period's result: computed, kept with its rules and facts, and hashed; the same data make no new version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from domain.assessed import PEOPLE, UNITS
from domain.errors import DomainError
from domain.result import Rules, compute
from domain.scored import Facts
from domain.snapshot import Digest, Record, facts_of, facts_record, row_record, rules_of, rules_record, spelled
from models.period import Period
from models.plan import PlanSubject
from models.result import Result, ResultRow, ResultState
from services import audit
from services.assessment.gather import facts_now, figures_of, rules_now
from services.assessment.notes import Notes, jumps
from services.assessment.stored import last_drafted, newest_result, period_before

ROWS = 200
NO_PLAN = "这个周期还没有考核方案，请在考核方案表里写上再起草。"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A version of a result; `is_new` is false where nothing had changed since it was drafted."""

    result: Result
    is_new: bool


def period_named(session: Session, code: str) -> Period:
    """The period of a code; refuses an unknown one."""
    period = session.exec(select(Period).where(Period.code == code)).first()
    if period is None:
        raise DomainError(f"没有“{code}”这个周期。写周期的编号，例如 2026Q3。")
    return period


def result_named(session: Session, code: str) -> Result:
    """The newest version of a period's result, without a code the one drafted last; refuses where there is none."""
    if not code:
        found = last_drafted(session)
        if found is None:
            raise DomainError("还没有起草过结果。先运行 flask close 周期编号，例如 flask close 2026Q3。")
        return found
    period = period_named(session, code)
    newest = newest_result(session, period.id or 0)
    if newest is None:
        raise DomainError(f"{period.name}还没有起草结果。先运行 flask close {period.code}")
    return newest


def draft(session: Session, period: Period, *, by: str, now: datetime) -> Drafted:
    """Computes a period's result from what is known now and keeps it as a draft.

    The same rules and facts as those of the newest version give that version back; anything else makes a new one
    beside it. What is missing, odd or tied is in its `notes`.
    """
    assert period.id is not None
    rules = rules_now(session, period.id)
    facts, ids = facts_now(session, period, rules)
    newest = newest_result(session, period.id)
    kept_rules, kept_facts = rules_record(rules), facts_record(facts)
    if newest and spelled([newest.rules, newest.facts]) == spelled([kept_rules, kept_facts]):
        return Drafted(newest, is_new=False)
    result = Result(
        period_id=period.id,
        version=newest.version + 1 if newest else 1,
        # What the office holds stays held, whatever is corrected in the meantime.
        state=ResultState.HELD if newest and newest.state is ResultState.HELD else ResultState.DRAFT,
        rules=kept_rules,
        facts=kept_facts,
        notes=[],
        drafted_at=now,
    )
    session.add(result)
    session.flush()
    assert result.id is not None
    notes, digest = Notes(), Digest(kept_rules, kept_facts)
    _keep(session, _rows(result.id, rules, facts, ids, notes, digest))
    result.hash = digest.hex()
    result.notes = [*_about(rules, notes), *jumps(facts, _figures_before(session, period, ids))]
    session.flush()
    audit.record(
        session,
        "result.draft",
        f"result:{result.id}",
        by=by,
        now=now,
        period=period.code,
        version=result.version,
        hash=result.hash,
    )
    return Drafted(result, is_new=True)


def recomputed_hash(result: Result) -> str:
    """The hash that a kept result comes to when it is computed again from its own rules and facts."""
    digest = Digest(result.rules, result.facts)
    for ranking in compute(rules_of(result.rules), facts_of(result.facts)):
        for scored in ranking.scored:
            digest.add(row_record(ranking, scored))
    return digest.hex()


def _rows(
    result_id: int,
    rules: Rules,
    facts: Mapping[str, Facts],
    ids: Mapping[str, Mapping[str, int]],
    notes: Notes,
    digest: Digest,
) -> Iterator[dict[str, Any]]:
    for ranking in compute(rules, facts):
        notes.add(ranking)
        for scored in ranking.scored:
            record = row_record(ranking, scored)
            digest.add(record)
            yield _row(result_id, record, ids[ranking.plan.subject][scored.subject.code])


def _row(result_id: int, record: Record, subject_id: int) -> dict[str, Any]:
    return {
        "result_id": result_id,
        "subject": PlanSubject(record["kind"]),
        "person_id": subject_id if record["kind"] == PEOPLE else None,
        "unit_id": subject_id if record["kind"] == UNITS else None,
        "code": record["code"],
        "name": record["name"],
        "plan_code": record["plan"],
        "group_name": record["group"],
        "place": record["place"],
        "previous_place": record["previous"],
        "score": None if record["score"] is None else Decimal(record["score"]),
        "grade": record["grade"],
        "detail": {name: record[name] for name in ("parts", "lines", "said")},
    }


def _keep(session: Session, rows: Iterator[dict[str, Any]]) -> None:
    table = SQLModel.metadata.tables[str(ResultRow.__tablename__)]
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS:
            session.execute(insert(table), batch)
            batch.clear()
    if batch:
        session.execute(insert(table), batch)


def _about(rules: Rules, notes: Notes) -> list[str]:
    return notes.all(rules.plans) if rules.plans else [NO_PLAN]


def _figures_before(
    session: Session, period: Period, ids: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, dict[str, str]]]:
    before = period_before(session, period)
    if before is None:
        return {UNITS: {}, PEOPLE: {}}
    codes = {kind: {id_: code for code, id_ in one.items()} for kind, one in ids.items()}
    return figures_of(session, before.id or 0, codes)
