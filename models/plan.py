"""Assessment plans: for one class of units or people, which parts count how much in a period."""

from decimal import Decimal
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.column import FixedDecimal, state_type


class PlanSubject(StrEnum):
    """Who is assessed; the values are the workbook's words."""

    UNIT = "单位"
    PERSON = "人员"


class Part(StrEnum):
    """What a score is made of; the values are the workbook's words."""

    INDICATORS = "指标"
    OKR_BONUS = "OKR加分"
    BALLOT = "民主测评"
    SURVEY = "企业评价"
    SPOT_CHECK = "抽查"


class Grouping(StrEnum):
    """Inside which groups the plan ranks; the values are the workbook's words."""

    CATEGORY = "类别"
    TRACK = "跑道"
    UNIT = "单位"
    TRACK_IN_UNIT = "跑道+单位"


class Plan(SQLModel, table=True):
    """A plan; `applies_to` selects its subjects (`跑道=社区警务、执法办案; 职级=一般民警`)."""

    __tablename__ = "plan"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    period_id: int = Field(foreign_key="period.id", index=True)
    subject: PlanSubject = Field(sa_type=state_type(PlanSubject))
    applies_to: str = Field(max_length=500)
    grouping: Grouping = Field(sa_type=state_type(Grouping))
    ties: str = Field(default="", max_length=200)


class PlanPart(SQLModel, table=True):
    """One part of a plan and its weight in percent; for 加分 the most it can add."""

    __tablename__ = "plan_part"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    part: Part = Field(primary_key=True, sa_type=state_type(Part))
    weight: Decimal = Field(sa_type=FixedDecimal)
