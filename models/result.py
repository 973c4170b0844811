"""Results of periods: each version with its rules, its facts, its rows and the hash over all of it."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.column import BigId, FixedDecimal, PackedJson, UtcDateTime, state_type
from models.plan import PlanSubject


class ResultState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    HELD = "held"
    ANNOUNCED = "announced"


class Result(SQLModel, table=True):
    """One version of a period's result; it never changes, a correction makes the next one. `notes` is what was missing."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("period_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id")
    version: int
    state: ResultState = Field(sa_type=state_type(ResultState))
    rules: dict[str, Any] = Field(sa_type=PackedJson)
    facts: dict[str, Any] = Field(sa_type=PackedJson)
    notes: list[str] = Field(sa_type=PackedJson)
    hash: str = Field(default="", max_length=64)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ResultRow(SQLModel, table=True):
    """A subject's place in a version; without data neither place nor score. `detail` has the parts, the lines and what was said."""

    __tablename__ = "result_row"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    result_id: int = Field(foreign_key="result.id", index=True)
    subject: PlanSubject = Field(sa_type=state_type(PlanSubject))
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    code: str = Field(max_length=64)
    name: str = Field(max_length=128)
    plan_code: str = Field(max_length=64)
    group_name: str = Field(max_length=400)
    place: int | None = None
    previous_place: int | None = None
    score: Decimal | None = Field(default=None, sa_type=FixedDecimal)
    grade: str = Field(default="", max_length=16)
    detail: dict[str, Any] = Field(sa_type=PackedJson)
