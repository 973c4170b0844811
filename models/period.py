"""Periods of assessment: their boundaries are data, and so are single days that differ from the calendar."""

from datetime import date

from sqlmodel import Field, SQLModel


class Period(SQLModel, table=True):
    """A quarter, month, half-year or year; a missing date takes the default of `domain.period`."""

    __tablename__ = "period"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=32)
    name: str = Field(max_length=64)
    starts_on: date = Field(index=True)
    ends_on: date = Field(index=True)
    setting_due_on: date | None = None
    review_due_on: date | None = None
    publish_on: date | None = None


class CalendarDay(SQLModel, table=True):
    """A day that is worked or off against what the calendar's data says (a late notice, a local holiday)."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    is_working: bool
