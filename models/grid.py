"""Grids: who holds which part of the county, as a tree."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.column import state_type


class GridKind(StrEnum):
    """The values are the workbook's words."""

    INDUSTRIAL = "工业社区"
    ENTERPRISE = "企业网格"
    MICRO = "微网格"
    RESIDENTIAL = "居民网格"
    POLICE = "警格"


class Grid(SQLModel, table=True):
    """A grid; its contact answers first, the deputy in the contact's absence, the supervisor leads it."""

    __tablename__ = "grid"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    kind: GridKind = Field(sa_type=state_type(GridKind))
    parent_id: int | None = Field(default=None, foreign_key="grid.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    supervisor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
