"""Customer groups: WeChat groups of residents or enterprises that staff run."""

from sqlmodel import Field, SQLModel


class CustomerGroup(SQLModel, table=True):
    """A group, tied to a grid or to a project by its name."""

    __tablename__ = "customer_group"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    grid_id: int | None = Field(default=None, foreign_key="grid.id", index=True)
    project: str = Field(default="", max_length=128)
