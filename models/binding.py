"""Which customers speak for which enterprises, how that was proved, and the codes that were wrong."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime, state_type


class BindingHow(StrEnum):
    """How it is known that a customer speaks for an enterprise; the values are the words people read."""

    CODE = "绑定码"
    SCENE = "专属链接"
    CONTACT = "联系人确认"


class Binding(SQLModel, table=True):
    """A customer and an enterprise. It waits for the enterprise's contact until `at`, and holds until `ended_at`.

    `by_id` is the contact who agreed, or who said that it is not so; None where the code or the link proved it, and where
    the customer ended it themselves.
    """

    __tablename__ = "binding"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigId, index=True)
    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    how: BindingHow = Field(sa_type=state_type(BindingHow))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BindingFailure(SQLModel, table=True):
    """A wrong binding code; after several, no code of this customer is looked at for a while."""

    __tablename__ = "binding_failure"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigId, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
