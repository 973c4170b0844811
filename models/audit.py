"""The audit log: who looked at or changed what, in a chain of hashes that shows tampering."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One act. `details` carries ids and numbers, never names, phones or message texts.

    An entry joins the chain a little later (`position` and `hash`), so that writers never queue behind one another.
    """

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str = Field(max_length=160, index=True)
    action: str = Field(max_length=64)
    subject: str = Field(max_length=160, index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    position: int | None = Field(default=None, sa_type=BigId, unique=True)
    hash: str = Field(default="", max_length=64)
