"""What all processes share about the platform: tokens, our own pace, and pauses."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from models.column import UtcDateTime


class AccessToken(SQLModel, table=True):
    """The one token per app; whoever refreshes it holds the lease, everyone else waits or uses the old one."""

    __tablename__ = "access_token"

    app: str = Field(primary_key=True, max_length=128)
    token: str = Field(default="", sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Pace(SQLModel, table=True):
    """Up to when the messages that left under a key have used it up (`member:lihua`, `api:message/send`), for all workers."""

    __tablename__ = "pace"

    key: str = Field(primary_key=True, max_length=160)
    free_at: datetime = Field(sa_type=UtcDateTime)


class Pause(SQLModel, table=True):
    """Why nothing is sent at all for a while (wrong secret, untrusted address) and when it is tried again."""

    __tablename__ = "pause"

    key: str = Field(primary_key=True, max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)
    failures: int = 0
    reason: str = Field(default="", sa_type=Text)


class DataKey(SQLModel, table=True):
    """A key that texts of this database are encrypted with, by a fingerprint that tells nothing of the key."""

    __tablename__ = "data_key"

    id: str = Field(primary_key=True, max_length=16)
    fingerprint: str = Field(max_length=64)


class Heartbeat(SQLModel, table=True):
    """When a kind of process (`worker`, `clock`) last said that it is at work."""

    __tablename__ = "heartbeat"

    role: str = Field(primary_key=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
