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


class LoginAttempt(SQLModel, table=True):
    """A `state` sent to WeCom's sign-in page: single-use and bound to the browser that asked."""

    __tablename__ = "login_attempt"

    state: str = Field(primary_key=True, max_length=64)
    browser_hash: str = Field(max_length=64, index=True)
    next_path: str = Field(default="/", max_length=512)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
