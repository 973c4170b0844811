"""The memory of the clock: each job once per due time, over any number of machines."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime, state_type


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


LEASED = text("lease_until IS NOT NULL")


class JobRun(SQLModel, table=True):
    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "due_at"),
        Index("ix_job_run_lease_until", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    job: str = Field(max_length=64)
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: JobState = Field(sa_type=state_type(JobState))
    attempts: int = 0
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(default="", sa_type=Text)
