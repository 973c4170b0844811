"""Reports: what a person said about their key results in a week is kept, replaced, and taken back as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from domain.calendar import Workdays, is_week_open, report_week
from domain.errors import DomainError
from domain.report import Entry
from models.okr import CheckIn, KeyResult, Report
from models.person import Person
from services import audit
from services.key_result import KeyResultInWeek
from services.week import ReportWeek


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a report and the week they are for; `report_id` is set when they go on with a report already kept."""

    text: str
    week: ReportWeek
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A report that no longer counts: its week, and the ids of the key results it spoke of."""

    week: str
    key_result_ids: frozenset[int]


_KEY_RESULT, _CHECK_IN, _REPORT = KeyResult.__table__, CheckIn.__table__, Report.__table__  # type: ignore[attr-defined]  # set by SQLModel on every table
_ADD_CHECK_IN = insert(_CHECK_IN)
_ADD_REPORT = insert(_REPORT)
_SET_LATEST = (
    update(_KEY_RESULT)
    .where(_KEY_RESULT.c.id == bindparam("key_result_id"))
    .values(
        current=bindparam("value"),
        confidence=bindparam("said_confidence"),
        note=bindparam("said_note"),
        reported_week=bindparam("week"),
        reported_at=bindparam("at"),
    )
)
_IS_STANDING = sqlalchemy.select(_REPORT.c.id).where(
    _REPORT.c.id == bindparam("id"), _REPORT.c.person_id == bindparam("person_id"), _REPORT.c.undone_at.is_(None)
)


def keep(
    session: Session, said: Said, entries: Sequence[tuple[KeyResultInWeek, Entry]], *, by: Person, now: datetime
) -> tuple[int, list[KeyResultInWeek]]:
    """Keeps check-ins under one report, makes them the latest values, and gives the report's id and the new state.

    A key result that a later week has reported keeps its latest value: this week's figure joins its history.
    """
    connection, week = session.connection(), said.week.label
    report_id = _standing(session, said, by) or _add_report(session, said, by, now)
    rows = [_check_in(report_id, week, one.id, entry, now) for one, entry in entries]
    connection.execute(_ADD_CHECK_IN, rows)
    newest = [_latest(row) for row, (one, _) in zip(rows, entries, strict=True) if one.is_newest]
    if newest:
        connection.execute(_SET_LATEST, newest)
    figures = {one.code: str(entry.value) for one, entry in entries}
    audit.record(session, "report.keep", f"report:{report_id}", by=by.account, now=now, week=week, values=figures)
    kept = [
        replace(one, value=entry.value, confidence=entry.confidence, note=entry.note, is_reported=True)
        for one, entry in entries
    ]
    return report_id, kept


def last_words(session: Session, key_result_ids: Sequence[int], week: ReportWeek) -> dict[int, str]:
    """The words in which key results were last reported in the week, by key result id; those taken back do not count."""
    query = (
        select(col(CheckIn.key_result_id), col(Report.text))
        .join(Report, col(Report.id) == col(CheckIn.report_id))
        .where(
            col(CheckIn.key_result_id).in_(key_result_ids),
            col(CheckIn.week) == week.label,
            col(CheckIn.undone_at).is_(None),
        )
        .order_by(col(CheckIn.id))
    )
    return dict(session.exec(query).all())


def reported_by_others(
    session: Session, key_result_ids: Sequence[int], week: ReportWeek, *, by: Person
) -> dict[int, tuple[str, Decimal]]:
    """Who else reported these key results of a unit in the week, and the value: of several leaders the last other one."""
    query = (
        select(col(CheckIn.key_result_id), col(Person.name), col(CheckIn.value))
        .join(Report, col(Report.id) == col(CheckIn.report_id))
        .join(Person, col(Person.id) == col(Report.person_id))
        .where(
            col(CheckIn.key_result_id).in_(key_result_ids),
            col(CheckIn.week) == week.label,
            col(CheckIn.undone_at).is_(None),
            col(Report.person_id) != by.id,
        )
        .order_by(col(CheckIn.id))
    )
    return {key_result_id: (name, value) for key_result_id, name, value in session.exec(query)}


def take_back(session: Session, *, by: Person, now: datetime, days: Workdays) -> TakenBack:
    """Takes the person's last report back; its check-ins stay as history and the values before it count again.

    Refuses when there is none, or when the week in which it was sent has closed (for a late report, the week after).
    """
    last = _last_report(session, by)
    if last is None:
        raise DomainError("没有可以撤销的进展。")
    if not is_week_open(report_week(last.sent_at, days), now, days):
        raise DomainError(f"第{last.week[-2:]}周的进展已经截止，撤不了了。数有变化，报在本周就行。")
    undone = session.exec(
        update(CheckIn)
        .where(col(CheckIn.report_id) == last.id, col(CheckIn.undone_at).is_(None))
        .values(undone_at=now)
        .returning(col(CheckIn.key_result_id))
    )
    key_result_ids = frozenset(undone.scalars())
    last.undone_at = now
    _set_back(session, key_result_ids)
    audit.record(session, "report.undo", f"report:{last.id}", by=by.account, now=now, week=last.week)
    return TakenBack(last.week, key_result_ids)


def _standing(session: Session, said: Said, by: Person) -> int | None:
    """The report these words go on with, if it still counts."""
    if said.report_id is None:
        return None
    found = session.connection().execute(_IS_STANDING, {"id": said.report_id, "person_id": by.id})
    return found.scalar_one_or_none()


def _add_report(session: Session, said: Said, by: Person, now: datetime) -> int:
    values = {
        "person_id": by.id,
        "week": said.week.label,
        "text": said.text,
        "is_late": said.week.is_late,
        "is_counted": False,
        "sent_at": now,
    }
    added = session.connection().execute(_ADD_REPORT, values).inserted_primary_key
    assert added is not None
    return int(added[0])


def _check_in(report_id: int, week: str, key_result_id: int, entry: Entry, now: datetime) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "key_result_id": key_result_id,
        "week": week,
        "value": entry.value,
        "confidence": entry.confidence,
        "note": entry.note,
        "reported_at": now,
    }


def _latest(check_in: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key_result_id": check_in["key_result_id"],
        "value": check_in["value"],
        "said_confidence": check_in["confidence"],
        "said_note": check_in["note"],
        "week": check_in["week"],
        "at": check_in["reported_at"],
    }


def _last_report(session: Session, person: Person) -> Report | None:
    query = (
        select(Report)
        .where(col(Report.person_id) == person.id, col(Report.undone_at).is_(None), col(Report.is_counted).is_(False))
        .order_by(col(Report.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def _set_back(session: Session, key_result_ids: frozenset[int]) -> None:
    """Gives key results the latest value that still counts: of the newest week, and in it of the newest report."""
    if not key_result_ids:
        return
    unreported = {"week": "", "confidence": None, "note": "", "reported_at": None}
    latest: dict[int | None, dict[str, Any]] = {
        one.id: _latest({"key_result_id": one.id, "value": one.start, **unreported})
        for one in session.exec(select(KeyResult).where(col(KeyResult.id).in_(key_result_ids)))
    }
    query = select(CheckIn).where(col(CheckIn.key_result_id).in_(key_result_ids), col(CheckIn.undone_at).is_(None))
    for check_in in session.exec(query.order_by(col(CheckIn.week), col(CheckIn.id))):
        latest[check_in.key_result_id] = _latest(check_in.model_dump())
    session.connection().execute(_SET_LATEST, list(latest.values()))
