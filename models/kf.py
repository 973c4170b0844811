"""微信客服 accounts: the doors through which enterprises and residents write to us, and how far each was read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.column import UtcDateTime, state_type


class Audience(StrEnum):
    """Whom an account serves; the values are the workbook's words."""

    ENTERPRISE = "企业"
    RESIDENT = "居民"


class KfAccount(SQLModel, table=True):
    __tablename__ = "kf_account"

    id: int | None = Field(default=None, primary_key=True)
    open_kfid: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=64)
    audience: Audience = Field(sa_type=state_type(Audience))


class KfCursor(SQLModel, table=True):
    """How far an account's messages were read; `pokes` counts the callbacks that said there is news.

    `token` came with the newest one, at `poked_at`; `due_at` is when to read next; `lease_until` names the one reader.
    """

    __tablename__ = "kf_cursor"

    open_kfid: str = Field(primary_key=True, max_length=64)
    cursor: str = Field(default="", max_length=128)
    token: str = Field(default="", max_length=128)
    pokes: int = 0
    poked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pulled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KfLink(SQLModel, table=True):
    """A link that opens an account's conversation; whoever comes by it brings its `scene`."""

    __tablename__ = "kf_link"
    __table_args__ = (UniqueConstraint("open_kfid", "scene"),)

    id: int | None = Field(default=None, primary_key=True)
    open_kfid: str = Field(max_length=64)
    scene: str = Field(max_length=32)
    url: str = Field(max_length=512)
    made_at: datetime = Field(sa_type=UtcDateTime)
