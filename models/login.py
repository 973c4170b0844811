"""Sign-ins to the console; they live here so that they end with the person's rights."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.column import UtcDateTime


class Login(SQLModel, table=True):
    """A signed-in browser, known by the hash of the token in its cookie."""

    __tablename__ = "login"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class UsedState(SQLModel, table=True):
    """The `state` of a sign-in that came back from WeCom: it works once; kept until it would have ended anyway."""

    __tablename__ = "used_state"

    state: str = Field(primary_key=True, max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
