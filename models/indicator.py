"""Indicators of the assessment and the figures reported for them."""

from decimal import Decimal
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.column import FixedDecimal, state_type
from models.secrecy import encrypted


class IndicatorKind(StrEnum):
    """The values are the workbook's words."""

    KEY = "关键"
    INDIVIDUAL = "个性"
    INCENTIVE = "激励"


class IndicatorSource(StrEnum):
    """Where the figures come from; the values are the workbook's words."""

    COUNTED = "计数"
    UNIT = "单位"
    MANUAL = "人工"


class Indicator(SQLModel, table=True):
    """A KPI line; `parameters` is `k=v; k=v`.

    `applies_to` lists units, categories, accounts or tracks joined by 、, each bare or with its kind (`类别=派出所`).
    """

    __tablename__ = "indicator"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    kind: IndicatorKind = Field(sa_type=state_type(IndicatorKind))
    category: str = Field(default="", max_length=64)
    full_marks: Decimal = Field(sa_type=FixedDecimal)
    target: Decimal | None = Field(default=None, sa_type=FixedDecimal)
    formula: str = Field(max_length=32)
    parameters: str = Field(default="", max_length=500)
    source: IndicatorSource = Field(sa_type=state_type(IndicatorSource))
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    applies_to: str = Field(default="", max_length=500)


class IndicatorValue(SQLModel, table=True):
    """One figure of one person or of one unit in one period; exactly one of the two is set."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("period_id", "indicator_id", "person_id"),
        UniqueConstraint("period_id", "indicator_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id")
    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    value: Decimal = Field(sa_type=FixedDecimal)
    basis: str = Field(default="", sa_type=encrypted("indicator_value.basis"))
