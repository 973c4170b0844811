"""Customer groups: WeChat groups of residents or enterprises that staff run, their codes and who is in them."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.column import BigId, UtcDateTime


class CustomerGroup(SQLModel, table=True):
    """A group, tied to a grid or to a project by its name.

    `config_id` and `qr_code` (the address of a picture) are those of the code by which people join. What WeCom has of
    the group is read at `due_at`, at once where that is None; `pokes` counts the events that said something changed,
    and `lease_until` names the one reader.
    """

    __tablename__ = "customer_group"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=128)
    grid_id: int | None = Field(default=None, foreign_key="grid.id", index=True)
    project: str = Field(default="", max_length=128)
    config_id: str = Field(default="", max_length=64)
    qr_code: str = Field(default="", max_length=190)
    pokes: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupMember(SQLModel, table=True):
    """Somebody's stay in a group; `external_userid` is the platform's opaque name, `state` says by which code they came."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "external_userid"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    group_id: int = Field(foreign_key="customer_group.id")
    external_userid: str = Field(max_length=64, index=True)
    state: str = Field(default="", max_length=32)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
