"""Who answers for what, as data: categories, routes, the ladder of escalation, and who leads on which day."""

from datetime import date

from sqlmodel import Field, SQLModel

from domain.process import Actor
from models.column import state_type
from models.ticket import Clock


class TicketCategory(SQLModel, table=True):
    """A category that people choose from, with the working days it may take."""

    __tablename__ = "ticket_category"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=32)
    resolve_days: int
    position: int = 0


class TicketRoute(SQLModel, table=True):
    """A line of the routing table; no grid or an empty category is any of them. `owner_id` replaces the grid's holder."""

    __tablename__ = "ticket_route"

    id: int | None = Field(default=None, primary_key=True)
    grid_id: int | None = Field(default=None, foreign_key="grid.id", index=True)
    category: str = Field(default="", max_length=32)
    lead_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    owner_id: int | None = Field(default=None, foreign_key="person.id")


class TicketRouteUnit(SQLModel, table=True):
    """A unit that assists in what a route sends."""

    __tablename__ = "ticket_route_unit"

    route_id: int = Field(foreign_key="ticket_route.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)


class EscalationRung(SQLModel, table=True):
    """A step of a clock's ladder: who hears, how much working time after the due time (before it when negative).

    A clock without rows climbs the ladder of `domain.escalation`.
    """

    __tablename__ = "escalation_rung"

    id: int | None = Field(default=None, primary_key=True)
    which: Clock = Field(sa_type=state_type(Clock), index=True)
    position: int
    addressee: Actor = Field(sa_type=state_type(Actor))
    minutes: int = 0
    days: int = 0


class DutyLeader(SQLModel, table=True):
    """Who is the leader on duty, both days included."""

    __tablename__ = "duty_leader"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_on: date
    ends_on: date
