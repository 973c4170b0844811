"""Housing estates, found by what residents call them."""

from sqlmodel import Field, SQLModel


class Estate(SQLModel, table=True):
    """An estate; `aliases` are joined by 、."""

    __tablename__ = "estate"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=128)
    aliases: str = Field(default="", max_length=500)
    grid_id: int = Field(foreign_key="grid.id", index=True)
    households: int | None = None
