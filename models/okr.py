"""Objectives, key results and what was reported, changed and reviewed about them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from domain.okr import Confidence
from models.column import BigId, FixedDecimal, UtcDateTime, state_type
from models.secrecy import encrypted


class ObjectiveState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    RETURNED = "returned"


class Objective(SQLModel, table=True):
    """An objective of one person or of one unit in one period; exactly one of the two owners is set."""

    __tablename__ = "objective"
    __table_args__ = (
        UniqueConstraint("period_id", "person_id", "position"),
        UniqueConstraint("period_id", "unit_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    position: int
    title: str = Field(max_length=200)
    weight: Decimal = Field(default=Decimal(1), sa_type=FixedDecimal)
    aligned_to_id: int | None = Field(default=None, foreign_key="objective.id")
    state: ObjectiveState = Field(sa_type=state_type(ObjectiveState))
    proposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    return_reason: str = Field(default="", sa_type=encrypted("objective.return_reason"))


class CountedSource(StrEnum):
    """What is counted from people's acts on requests; the values are the workbook's words."""

    SOLVED = "办结诉求"
    CONTACTED = "首次联系"
    VISITED = "入企走访"


class KeyResult(SQLModel, table=True):
    """A key result; `number` is the KR1, KR2 … of its owner's whole period. The latest report is kept on it.

    With a `source` its value follows a count by itself.
    """

    __tablename__ = "key_result"
    __table_args__ = (UniqueConstraint("objective_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    objective_id: int = Field(foreign_key="objective.id", index=True)
    position: int
    number: int
    title: str = Field(max_length=200)
    start: Decimal = Field(default=Decimal(0), sa_type=FixedDecimal)
    target: Decimal = Field(sa_type=FixedDecimal)
    unit: str = Field(default="", max_length=32)
    weight: Decimal = Field(default=Decimal(1), sa_type=FixedDecimal)
    current: Decimal = Field(sa_type=FixedDecimal)
    confidence: Confidence | None = Field(default=None, sa_type=state_type(Confidence))
    note: str = Field(default="", sa_type=encrypted("key_result.note"))
    source: CountedSource | None = Field(default=None, sa_type=state_type(CountedSource))
    reported_week: str = Field(default="", max_length=10)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Report(SQLModel, table=True):
    """One message in which a person reported key results; taken back as a whole."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id", index=True)
    week: str = Field(max_length=10)
    text: str = Field(sa_type=encrypted("report.text"))
    is_late: bool = False
    # Not said by the person: a count moved what follows it. 撤销 leaves it alone.
    is_counted: bool = False
    sent_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CheckIn(SQLModel, table=True):
    """One dated value of a key result. A later one of the same week replaces it; both stay."""

    __tablename__ = "check_in"
    __table_args__ = (Index("ix_check_in_key_result_id_week", "key_result_id", "week"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    report_id: int = Field(foreign_key="report.id", sa_type=BigId, index=True)
    key_result_id: int = Field(foreign_key="key_result.id")
    week: str = Field(max_length=10)
    value: Decimal = Field(sa_type=FixedDecimal)
    confidence: Confidence | None = Field(default=None, sa_type=state_type(Confidence))
    note: str = Field(default="", sa_type=encrypted("check_in.note"))
    reported_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    RETURNED = "returned"


class Change(SQLModel, table=True):
    """A wish to alter an approved key result: both values and the reason are kept, whatever becomes of it."""

    __tablename__ = "change"

    id: int | None = Field(default=None, primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    field: str = Field(max_length=16)
    old_value: str = Field(max_length=200)
    new_value: str = Field(max_length=200)
    reason: str = Field(sa_type=encrypted("change.reason"))
    state: ChangeState = Field(sa_type=state_type(ChangeState))
    # None when the operator of `flask load` is nobody in the county.
    proposed_by_id: int | None = Field(default=None, foreign_key="person.id")
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    return_reason: str = Field(default="", sa_type=encrypted("change.return_reason"))


class Review(SQLModel, table=True):
    """What owner and leader think of a key result at the period's end; a score is 0.0 to 1.0."""

    __tablename__ = "review"

    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    self_score: Decimal = Field(sa_type=FixedDecimal)
    sentence: str = Field(default="", sa_type=encrypted("review.sentence"))
    goes_on: bool = False
    reviewed_at: datetime = Field(sa_type=UtcDateTime)
    leader_score: Decimal | None = Field(default=None, sa_type=FixedDecimal)
    leader_id: int | None = Field(default=None, foreign_key="person.id")
    scored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    carried_to_id: int | None = Field(default=None, foreign_key="key_result.id")
