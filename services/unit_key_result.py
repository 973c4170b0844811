"""A unit's own key results, with who reported each one last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as columns_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.okr import CheckIn, KeyResult, Objective, ObjectiveState, Report
from models.period import Period
from models.person import Person
from models.unit import Unit
from services.board import KeyResultOnBoard, on_board, periods_of
from services.week import ReportWeek


@dataclass(frozen=True, slots=True)
class UnitKeyResult:
    """A key result of the unit, the title of its objective, and who reported it last and when (None: nobody yet)."""

    objective: str
    key_result: KeyResultOnBoard
    reporter: str | None
    reported_at: datetime | None


def unit_key_results(
    session: Session, unit: Unit, week: ReportWeek, period: Period | None = None
) -> list[UnitKeyResult]:
    """The unit's approved key results of the period that a week lies in, or of `period`, KR1 first."""
    counting = aliased(CheckIn)
    newest = (
        select(counting.id)
        .where(counting.key_result_id == KeyResult.id, col(counting.undone_at).is_(None))
        .order_by(col(counting.week).desc(), col(counting.id).desc())
        .limit(1)
    )
    query = (
        columns_of(
            *(col(getattr(KeyResult, name)) for name in _COLUMNS),
            col(Objective.title).label("objective"),
            col(Person.name).label("reporter"),
            col(CheckIn.reported_at).label("last_at"),
        )
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .outerjoin(CheckIn, col(CheckIn.id) == newest.scalar_subquery())
        .outerjoin(Report, col(Report.id) == col(CheckIn.report_id))
        .outerjoin(Person, col(Person.id) == col(Report.person_id))
        .where(col(Objective.unit_id) == unit.id, col(Objective.state) == ObjectiveState.APPROVED)
        .where(col(Objective.period_id).in_([period.id] if period else periods_of(week)))
        .order_by(col(KeyResult.number), col(KeyResult.id))
    )
    rows = session.execute(query)
    return [UnitKeyResult(row.objective, on_board(row, week), row.reporter, row.last_at) for row in rows]


_COLUMNS = ("number", "title", "start", "target", "current", "unit", "confidence", "note", "reported_week")
