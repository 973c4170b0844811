"""Tickets: requests and reports from any source, their log, their pauses and the due times that are open."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from domain.process import Actor
from domain.ticket import Rating
from domain.ticket_number import Kind
from models.column import BigId, UtcDateTime, state_type
from models.secrecy import encrypted


class TicketSource(StrEnum):
    """Where a ticket came from; the values are the words people read."""

    CHAT = "企业微信客服"
    HOTLINE = "热线96871"
    VISIT = "入企听诉"
    STAFF = "干部代报"
    OUTSIDE = "外部系统"


class Clock(StrEnum):
    """What a due time is for."""

    ACCEPT = "accept"
    CONTACT = "contact"
    RESOLVE = "resolve"
    ARBITRATE = "arbitrate"
    CONFIRM = "confirm"

    @property
    def label(self) -> str:
        """The word people read."""
        return _CLOCK_LABELS[self]


_CLOCK_LABELS = {
    Clock.ACCEPT: "接单",
    Clock.CONTACT: "首次联系",
    Clock.RESOLVE: "办结",
    Clock.ARBITRATE: "仲裁",
    Clock.CONFIRM: "对方确认",
}


_OPEN: dict[str, Any] = {"sqlite_where": text("closed_at IS NULL"), "postgresql_where": text("closed_at IS NULL")}
_CLOSED: dict[str, Any] = {
    "sqlite_where": text("closed_at IS NOT NULL"),
    "postgresql_where": text("closed_at IS NOT NULL"),
}
_DUE_TIMES = ("resolve_due_at", "accept_due_at", "contact_due_at", "first_contacted_at")
_DIVIDED_BY = ("grid_id", "category", "lead_unit_id", "owner_id")
_OF_RATES = (
    *_DIVIDED_BY,
    "state",
    "closed_at",
    "is_excluded",
    "first_contacted_at",
    "contact_due_at",
    "reached_at",
    "rating",
)


class Ticket(SQLModel, table=True):
    """One case. `state` is a state of the process of its kind; `owner_id` is never empty.

    The due columns are the last ones counted, with pauses, extensions and the calendar; `contact_due_at` is that of the
    first contact, also after a reopening. What runs now is in `ticket_clock`.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("kind", "on", "serial"),
        Index("ix_ticket_owner_id_state", "owner_id", "state"),
        Index("ix_ticket_grid_id_state", "grid_id", "state"),
        Index("ix_ticket_enterprise_id_opened_at", "enterprise_id", "opened_at"),
        # Boards and rates read these alone, never the rows with their texts.
        Index("ix_ticket_open_by_due", "resolve_due_at", "id", "grid_id", "state", "closed_at", **_OPEN),
        Index("ix_ticket_open_by_grid", "grid_id", "state", *_DUE_TIMES, "closed_at", **_OPEN),
        Index("ix_ticket_rates", "kind", "resolve_due_at", *_OF_RATES),
        # Without the open ones, which a planner would otherwise look for here.
        Index("ix_ticket_closed_at", "closed_at", **_CLOSED),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    number: str = Field(unique=True, max_length=16)
    kind: Kind = Field(sa_type=state_type(Kind))
    on: date
    serial: int
    source: TicketSource = Field(sa_type=state_type(TicketSource))
    # `system:id` of the system that sent it, so that sending twice files once.
    outside_key: str | None = Field(default=None, unique=True, max_length=160)
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id")
    is_unverified: bool = False
    requester_id: int | None = Field(default=None, foreign_key="customer.id", sa_type=BigId, index=True)
    requester_name: str = Field(default="", max_length=64)
    filed_by_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    category: str = Field(max_length=32)
    is_urgent: bool = False
    summary: str = Field(sa_type=encrypted("ticket.summary"))
    grid_id: int | None = Field(default=None, foreign_key="grid.id")
    owner_id: int = Field(foreign_key="person.id")
    acting_as: str = Field(max_length=16)
    lead_unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    state: str = Field(max_length=32, index=True)
    opened_at: datetime = Field(sa_type=UtcDateTime, index=True)
    accept_due_at: datetime = Field(sa_type=UtcDateTime)
    contact_due_at: datetime = Field(sa_type=UtcDateTime)
    resolve_due_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_contacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rating: Rating | None = Field(default=None, sa_type=state_type(Rating))
    dissatisfaction: str = Field(default="", sa_type=encrypted("ticket.dissatisfaction"))
    rating_asks: int = 0
    rating_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returns: int = 0
    reopens: int = 0
    asked_days: int | None = None
    is_excluded: bool = False


class TicketAssist(SQLModel, table=True):
    """A unit that helps with a ticket."""

    __tablename__ = "ticket_assist"

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True, sa_type=BigId)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)


class TicketEvent(SQLModel, table=True):
    """One line of a ticket's log, never changed: who did what in which capacity, and what it changed.

    Nobody did it (neither person nor customer) where the service did.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_person_id_action_at", "person_id", "action", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    ticket_id: int = Field(foreign_key="ticket.id", index=True, sa_type=BigId)
    action: str = Field(max_length=32)
    before: str = Field(max_length=32)
    after: str = Field(max_length=32)
    capacity: Actor = Field(sa_type=state_type(Actor))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id", sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    words: str = Field(default="", sa_type=encrypted("ticket_event.words"))
    proof: str = Field(default="", max_length=16)
    days: int | None = None
    # Whose it was before, and whose it is after; the same unless the act gave it to somebody else.
    owner_before_id: int = Field(foreign_key="person.id")
    owner_after_id: int = Field(foreign_key="person.id")
    rating: Rating | None = Field(default=None, sa_type=state_type(Rating))
    is_internal: bool = False
    media: list[str] = Field(default_factory=list, sa_type=JSON)


class TicketPause(SQLModel, table=True):
    """A time in which a ticket's clocks stand still; one without an end goes on."""

    __tablename__ = "ticket_pause"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    ticket_id: int = Field(foreign_key="ticket.id", index=True, sa_type=BigId)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=encrypted("ticket_pause.reason"))


class TicketClock(SQLModel, table=True):
    """A due time that is still open, with its limit (working minutes, or days) and the next step of its ladder.

    `next_at` is None while the clock stands still and when the ladder has been climbed.
    """

    __tablename__ = "ticket_clock"
    __table_args__ = (Index("ix_ticket_clock_which_due_at", "which", "due_at"),)

    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True, sa_type=BigId)
    which: Clock = Field(primary_key=True, sa_type=state_type(Clock))
    began_at: datetime = Field(sa_type=UtcDateTime)
    minutes: int = 0
    days: int | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    rung: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class TicketCounter(SQLModel, table=True):
    """The last serial given on a day for a kind (`Q261120`); its row lock makes numbers gapless."""

    __tablename__ = "ticket_counter"

    day: str = Field(primary_key=True, max_length=8)
    last: int


class TicketExclusion(SQLModel, table=True):
    """A wish to leave a ticket out of the three rates: who asked, why, and who decided."""

    __tablename__ = "ticket_exclusion"

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True, sa_type=BigId)
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=encrypted("ticket_exclusion.reason"))
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_approved: bool = False
