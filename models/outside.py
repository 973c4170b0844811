"""Outside systems that file tickets, and what each of them filed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime
from models.secrecy import encrypted


class OutsideSystem(SQLModel, table=True):
    """A system of somebody else's that may file tickets, known by the hash of its key.

    Without `webhook_url` it hears of changes only when it asks.
    """

    __tablename__ = "outside_system"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=32)
    name: str = Field(max_length=64)
    key_hash: str = Field(max_length=64)
    webhook_url: str = Field(default="", sa_type=encrypted("outside_system.webhook_url"))
    webhook_secret: str = Field(default="", sa_type=encrypted("outside_system.webhook_secret"))
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutsideFiling(SQLModel, table=True):
    """A ticket that an outside system filed under its own id; `digest` is of what it sent, to know it again."""

    __tablename__ = "outside_filing"
    __table_args__ = (UniqueConstraint("system_id", "outside_id"),)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True, sa_type=BigId)
    system_id: int = Field(foreign_key="outside_system.id")
    outside_id: str = Field(max_length=100)
    digest: str = Field(max_length=64)
