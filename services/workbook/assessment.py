"""Brings in indicators, plans with their parts, and figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from domain.parameters import (
    read_parameters,
    read_selector,
    read_subject,
    write_parameters,
    write_selector,
    write_subject,
)
from models.indicator import Indicator, IndicatorKind, IndicatorSource, IndicatorValue
from models.period import Period
from models.person import Person
from models.plan import Grouping, Part, Plan, PlanPart, PlanSubject
from models.unit import Unit
from services.workbook.read import Row, Workbook
from services.workbook.upsert import Outcome, TableLoad, ids_by

DEFAULT_GROUPING = {PlanSubject.UNIT: Grouping.CATEGORY, PlanSubject.PERSON: Grouping.TRACK}


def load_indicators(session: Session, book: Workbook) -> Outcome:
    """Indicators with their parameters in one spelling."""
    people = ids_by(session, Person, "account_key")
    rows = [
        {
            "code": row["编号"],
            "name": row["名称"],
            "kind": IndicatorKind(row["类型"]),
            "category": row["分类"],
            "full_marks": row["满分"],
            "target": row["目标值"],
            "formula": row["公式"],
            "parameters": write_parameters(read_parameters(row["参数"])),
            "source": IndicatorSource(row["来源"]),
            "owner_id": people.get(row["责任人账号"].lower()),
            "applies_to": "、".join(write_subject(*read_subject(word)) for word in row["适用"]),
        }
        for row in book.of("指标")
    ]
    return TableLoad(session, Indicator, ["code"]).bring_in(rows)


def load_plans(session: Session, book: Workbook) -> Outcome:
    """Plans; the rows of one plan name all its parts, and parts they no longer name are dropped with their weights."""
    periods = ids_by(session, Period, "code")
    rows: dict[str, dict[str, Any]] = {}
    parts: dict[str, dict[Part, Decimal]] = {}
    for row in book.of("考核方案"):
        rows[row["编号"]] = _plan(row, periods)
        named = parts.setdefault(row["编号"], {})
        named.update((Part(part), weight) for part, weight in zip(row["组成"], row["权重"], strict=True))
    outcome = TableLoad(session, Plan, ["code"]).bring_in(list(rows.values()))
    for code in _replace_parts(session, parts):
        if (code,) in outcome.unchanged:
            outcome.count_as_changed((code,))
    return outcome


def _plan(row: Row, periods: Mapping[str, int]) -> dict[str, Any]:
    subject = PlanSubject(row["对象"])
    return {
        "code": row["编号"],
        "name": row["名称"],
        "period_id": periods[row["周期"]],
        "subject": subject,
        "applies_to": write_selector(read_selector(row["适用"])),
        "grouping": Grouping(row["分组"]) if row["分组"] else DEFAULT_GROUPING[subject],
        "ties": row["并列规则"],
    }


def _replace_parts(session: Session, wanted: Mapping[str, Mapping[Part, Decimal]]) -> list[str]:
    ids = ids_by(session, Plan, "code")
    held: dict[int, dict[Part, Decimal]] = {}
    for part in session.exec(select(PlanPart)):
        held.setdefault(part.plan_id, {})[part.part] = part.weight
    changed = [code for code, parts in wanted.items() if held.get(ids[code], {}) != parts]
    if changed:
        session.execute(delete(PlanPart).where(col(PlanPart.plan_id).in_([ids[code] for code in changed])))
        new = [
            {"plan_id": ids[code], "part": part, "weight": weight}
            for code in changed
            for part, weight in wanted[code].items()
        ]
        session.execute(insert(PlanPart), new)
    return changed


def load_values(session: Session, book: Workbook) -> Outcome:
    """Figures of people and units; a later one for the same place replaces the earlier."""
    periods = ids_by(session, Period, "code")
    indicators = ids_by(session, Indicator, "code")
    people = ids_by(session, Person, "account_key")
    units = ids_by(session, Unit, "code")
    rows = [
        {
            "period_id": periods[row["周期"]],
            "indicator_id": indicators[row["指标编号"]],
            "person_id": people.get(row["对象"].lower()),
            "unit_id": units.get(row["对象"]),
            "value": row["数值"],
            "basis": row["依据"],
        }
        for row in book.of("指标数据")
    ]
    where = col(IndicatorValue.period_id).in_({row["period_id"] for row in rows})
    key = ["period_id", "indicator_id", "person_id", "unit_id"]
    return TableLoad(session, IndicatorValue, key, where).bring_in(rows)
