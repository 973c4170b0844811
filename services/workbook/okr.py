"""Brings in objectives and key results: approved at once, numbered in sheet order, progress left alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models.okr import Change, ChangeState, CountedSource, KeyResult, Objective, ObjectiveState
from models.period import Period
from models.person import Person
from models.unit import Unit
from services.audit import record
from services.workbook.read import Row, Workbook
from services.workbook.upsert import Outcome, TableLoad, ids_by, insert_all, update_all

REASON = "工作簿导入"
ONE, ZERO = Decimal(1), Decimal(0)
OBJECTIVE_KEY = ("period_id", "person_id", "unit_id", "position")
# Period, person and unit ids (one of the last two is None) and the objective's position.
ObjectiveKey = tuple[int, int | None, int | None, int]


def load_okr(session: Session, book: Workbook, *, by: str, now: datetime) -> Outcome:
    """Loads the sheet of objectives; the outcome counts its rows by objective and key result."""
    listed = book.of("目标")
    if not listed:
        return Outcome()
    decider = session.exec(select(Person.id).where(Person.account_key == by.lower())).first()
    keyed = list(zip(_objective_keys(session, listed), listed, strict=True))
    periods = sorted({key[0] for key, _ in keyed})
    objectives = TableLoad(session, Objective, OBJECTIVE_KEY, col(Objective.period_id).in_(periods))
    stamp = {"decided_at": now, "decided_by_id": decider, "return_reason": ""}
    decided = objectives.bring_in(_objectives(keyed), only_new=["aligned_to_id", "proposed_at"], stamp=stamp)
    ids = _objective_ids(session, periods)
    stored = TableLoad(session, KeyResult, ["objective_id", "position"], col(KeyResult.objective_id).in_(
        select(Objective.id).where(col(Objective.period_id).in_(periods))
    ))  # fmt: skip
    outcome = stored.bring_in(_key_results(keyed, ids, stored.stored), only_new=["number", *_UNTOUCHED, "current"])
    _follow_start(session, outcome)
    _keep_changes(session, outcome, by=by, decider=decider, now=now)
    with_changed_objective = {ids[key] for key in decided.changed}
    for key in [key for key in outcome.unchanged if key[0] in with_changed_objective]:
        outcome.count_as_changed(key)
    return outcome


def _objective_keys(session: Session, listed: Sequence[Row]) -> list[ObjectiveKey]:
    periods = ids_by(session, Period, "code")
    people = ids_by(session, Person, "account_key")
    units = ids_by(session, Unit, "code")
    return [
        (periods[row["周期"]], people.get(row["账号"].lower()), units.get(row["单位编号"]), row["目标序号"])
        for row in listed
    ]


def _objectives(keyed: Sequence[tuple[ObjectiveKey, Row]]) -> list[dict[str, Any]]:
    found: dict[ObjectiveKey, dict[str, Any]] = {}
    for key, row in keyed:
        values = found.setdefault(key, {**dict(zip(OBJECTIVE_KEY, key, strict=True)), "weight": None})
        values["title"] = row["目标"]
        values["weight"] = values["weight"] or row["目标权重"]
    fixed = {"state": ObjectiveState.APPROVED, "aligned_to_id": None, "proposed_at": None}
    return [{**values, "weight": values["weight"] or ONE, **fixed} for values in found.values()]


def _objective_ids(session: Session, periods: Sequence[int]) -> dict[ObjectiveKey, int]:
    query = select(Objective).where(col(Objective.period_id).in_(periods))
    columns = [query.selected_columns[name] for name in (*OBJECTIVE_KEY, "id")]
    return {tuple(key): id_ for *key, id_ in session.execute(query.with_only_columns(*columns))}


_UNTOUCHED: Mapping[str, Any] = {
    "confidence": None,
    "note": "",
    "reported_week": "",
    "reported_at": None,
}


def _key_results(
    keyed: Sequence[tuple[ObjectiveKey, Row]],
    ids: Mapping[ObjectiveKey, int],
    stored: Mapping[tuple[Any, ...], Mapping[Any, Any]],
) -> list[dict[str, Any]]:
    """Rows for the table; a new key result gets the next number of its owner's period."""
    owner_of = {id_: key[:3] for key, id_ in ids.items()}
    last: dict[tuple[Any, ...], int] = {}
    for (objective_id, _), one in stored.items():
        owner = owner_of[objective_id]
        last[owner] = max(last.get(owner, 0), one["number"])
    rows = []
    for key, row in keyed:
        place = (ids[key], row["关键结果序号"])
        if place not in stored:
            last[key[:3]] = last.get(key[:3], 0) + 1
        start = row["起始值"] if row["起始值"] is not None else ZERO
        rows.append(
            {
                "objective_id": place[0],
                "position": place[1],
                "number": last[key[:3]],
                "title": row["关键结果"],
                "start": start,
                "target": row["目标值"],
                "unit": row["计量单位"],
                "weight": row["权重"] or ONE,
                "source": CountedSource(row["来源"]) if row["来源"] else None,
                "current": start,
                **_UNTOUCHED,
            }
        )
    return rows


def _follow_start(session: Session, outcome: Outcome) -> None:
    """A key result that nobody has reported yet still stands at its start, wherever that is moved."""
    moved = [
        (one.id, {"current": one.new["start"]})
        for one in outcome.changed.values()
        if "start" in one.fields and one.stored["reported_at"] is None
    ]
    update_all(session, SQLModel.metadata.tables["key_result"], moved)


def _keep_changes(session: Session, outcome: Outcome, *, by: str, decider: int | None, now: datetime) -> None:
    decided = {
        "reason": REASON,
        "state": ChangeState.APPROVED,
        "proposed_by_id": decider,
        "proposed_at": now,
        "decided_by_id": decider,
        "decided_at": now,
        "return_reason": "",
    }
    changes = []
    for one in outcome.changed.values():
        both = {name: (_words(one.stored[name]), _words(one.new[name])) for name in one.fields}
        for name, (old, new) in both.items():
            changes.append({"key_result_id": one.id, "field": name, "old_value": old, "new_value": new, **decided})
        figures = {name: list(values) for name, values in both.items() if name not in ("title", "unit")}
        fields = list(one.fields)
        record(session, "workbook.key_result", f"key_result:{one.id}", by=by, now=now, fields=fields, figures=figures)
    insert_all(session, SQLModel.metadata.tables[str(Change.__tablename__)], changes)


def _words(value: object) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
