"""Residents who reported what somebody else had reported: each of them hears how it ends."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime


class ReportFollower(SQLModel, table=True):
    """A further reporter of a case; none is ever shown to another."""

    __tablename__ = "report_follower"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True, sa_type=BigId)
    customer_id: int = Field(foreign_key="customer.id", primary_key=True, sa_type=BigId, index=True)
    joined_at: datetime = Field(sa_type=UtcDateTime)
