"""Key results that name a source follow its count by themselves: one act, one entry, nobody types it twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from domain.calendar import at, local_date
from models.okr import CheckIn, KeyResult, Objective, ObjectiveState, Report
from models.period import Period
from services import audit
from services.period import workdays
from services.ticket.counts import counts_of
from services.week import week_of_report

COUNTED = "自动计数"


def follow_counts(session: Session, person_ids: Iterable[int | None], *, now: datetime) -> int:
    """Brings the people's key results that name a source up to their counts; returns how many moved.

    The value is the start plus the count since the period began; its check-in says that it was counted. Only approved
    key results of periods that last move.
    """
    session.flush()
    today = local_date(now)
    query = (
        select(KeyResult, Objective, Period)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .join(Period, col(Period.id) == col(Objective.period_id))
        .where(col(Objective.person_id).in_({id_ for id_ in person_ids if id_ is not None}))
        .where(Objective.state == ObjectiveState.APPROVED, col(KeyResult.source).is_not(None))
        .where(col(Period.starts_on) <= today, col(Period.ends_on) >= today)
        .order_by(col(KeyResult.id))
    )
    moved = 0
    for key_result, objective, period in session.exec(query).all():
        start, end = at(period.starts_on, "00:00"), at(period.ends_on + timedelta(days=1), "00:00")
        if key_result.source is None or objective.person_id is None:
            continue
        count = counts_of(session, objective.person_id, start, end)[key_result.source]
        if key_result.start + count != key_result.current:
            _keep(session, key_result, objective.person_id, count, now)
            moved += 1
    session.flush()
    return moved


def _keep(session: Session, key_result: KeyResult, person_id: int, count: int, now: datetime) -> None:
    week = week_of_report(now, workdays(session)).label
    text = f"{COUNTED}：{key_result.source} {count}"
    report = Report(person_id=person_id, week=week, text=text, sent_at=now, is_counted=True)
    session.add(report)
    session.flush()
    assert report.id is not None
    assert key_result.id is not None
    key_result.current = key_result.start + Decimal(count)
    key_result.note, key_result.reported_week, key_result.reported_at = COUNTED, week, now
    session.add(
        CheckIn(
            report_id=report.id,
            key_result_id=key_result.id,
            week=week,
            value=key_result.current,
            confidence=key_result.confidence,
            note=COUNTED,
            reported_at=now,
        )
    )
    audit.record(session, "report.count", f"key_result:{key_result.id}", by="tickets", now=now, count=count, week=week)
