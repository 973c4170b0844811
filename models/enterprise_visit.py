"""Visits to enterprises (入企听诉), as those who made them noted them."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime
from models.secrecy import encrypted


class EnterpriseVisit(SQLModel, table=True):
    """One visit of one person to one enterprise, with what was heard there."""

    __tablename__ = "enterprise_visit"
    __table_args__ = (Index("ix_enterprise_visit_person_id_visited_at", "person_id", "visited_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="person.id")
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    visited_at: datetime = Field(sa_type=UtcDateTime)
    words: str = Field(sa_type=encrypted("enterprise_visit.words"))
