"""Units: bureau, stations, offices, squadrons; a tree, comparable within a category."""

from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    category: str = Field(max_length=64, index=True)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    chat_id: str = Field(default="", max_length=64)
