"""Enterprises of the county, each in one grid."""

from sqlmodel import Field, SQLModel


class Enterprise(SQLModel, table=True):
    """An enterprise; `aliases` are joined by 、; `binding_code` proves that a chat speaks for it."""

    __tablename__ = "enterprise"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128, index=True)
    aliases: str = Field(default="", max_length=500)
    grid_id: int = Field(foreign_key="grid.id", index=True)
    is_above_scale: bool = False
    is_key: bool = False
    binding_code: str = Field(default="", max_length=64)
