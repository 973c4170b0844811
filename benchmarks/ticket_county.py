"""A county of tickets to measure with: 16 enterprise grids, 500 micro-grids and enterprises, and as many tickets as wanted."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from domain.calendar import local_date
from domain.ticket import Rating, TicketState
from domain.ticket_number import Kind
from domain.triage_words import CATEGORIES
from models.enterprise import Enterprise
from models.grid import Grid, GridKind
from models.period import Period
from models.person import Person, PersonRole, Role
from models.ticket import Clock, Ticket, TicketClock, TicketSource
from models.unit import Unit

CLERK = "clerk"
MICRO_GRIDS = 500
GRIDS = 16
DAYS = 300
BATCH = 10_000
DUE_AT_ONCE = 1_000


def make_grids(session: Session, *, now: datetime) -> None:
    """Adds units, people, grids and enterprises, and a period of this year."""
    units = [Unit(code=f"U{n}", name=f"测量{n}所", category="派出所") for n in range(20)]
    session.add_all(
        [*units, Period(code="BENCH", name="测量", starts_on=date(now.year, 1, 1), ends_on=date(now.year, 12, 31))]
    )
    session.flush()
    clerk = _person(CLERK, units[0])
    leaders = [_person(f"leader{n}", units[n]) for n in range(GRIDS)]
    contacts = [_person(f"contact{n}", units[n % 20]) for n in range(MICRO_GRIDS)]
    session.add_all([clerk, *leaders, *contacts])
    session.flush()
    session.add(PersonRole(person_id=clerk.id or 0, role=Role.OFFICE))
    grids = [
        Grid(code=f"Q{n:02d}", name=f"测量 {n} 网格", kind=GridKind.ENTERPRISE, supervisor_id=leaders[n].id)
        for n in range(GRIDS)
    ]
    session.add_all(grids)
    session.flush()
    micro = [
        Grid(
            code=f"W{n:03d}",
            name=f"测量 {n} 微网格",
            kind=GridKind.MICRO,
            parent_id=grids[n % GRIDS].id,
            contact_id=contacts[n].id,
        )
        for n in range(MICRO_GRIDS)
    ]
    session.add_all(micro)
    session.flush()
    session.add_all(Enterprise(code=f"E{n}", name=f"测量 {n} 厂", grid_id=grid.id or 0) for n, grid in enumerate(micro))


def make_tickets(session: Session, many: int, *, now: datetime) -> None:
    """Adds open tickets spread over 300 days; half of them reached or answered, 1 000 of their due times within a minute."""
    firms = session.exec(select(Enterprise.id, Enterprise.grid_id, Grid.contact_id).join(Grid)).all()
    tables = SQLModel.metadata.tables
    rows = list(_tickets(firms, many, now))
    for at in range(0, many, BATCH):
        session.connection().execute(insert(tables[Ticket.__tablename__]), rows[at : at + BATCH])
    ids = dict(session.exec(select(Ticket.id, Ticket.serial).where(Ticket.acting_as == "测量")).all())
    clocks = [_clock(id_, n, now) for n, id_ in enumerate(ids)]
    for at in range(0, many, BATCH):
        session.connection().execute(insert(tables[TicketClock.__tablename__]), clocks[at : at + BATCH])


def _person(account: str, unit: Unit) -> Person:
    return Person(account=account, account_key=account, name=account, unit_id=unit.id or 0)


def _tickets(firms: Any, many: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Rows of open tickets: some not accepted, most in hand; every second one reached after an earlier end."""
    per_day = -(-many // DAYS)
    for n in range(many):
        opened = now - timedelta(days=DAYS - n // per_day, minutes=n % 300)
        firm, grid_id, owner_id = firms[n % len(firms)]
        is_answered, is_reached = n % 4 > 0, n % 2 > 0
        yield {
            "number": f"Q{local_date(now) - timedelta(days=DAYS - n // per_day):%y%m%d}-{n % per_day + 1:04d}",
            "kind": Kind.REQUEST,
            "on": local_date(now) - timedelta(days=DAYS - n // per_day),
            "serial": n % per_day + 1,
            "source": TicketSource.CHAT,
            "is_unverified": False,
            "requester_name": "",
            "is_urgent": False,
            "rating_asks": 0,
            "returns": 0,
            "reopens": 0,
            "is_excluded": n % 97 == 0,
            "enterprise_id": firm,
            "category": CATEGORIES[n % len(CATEGORIES)].name,
            "summary": f"测量 {n}",
            "dissatisfaction": "",
            "grid_id": grid_id,
            "owner_id": owner_id,
            "acting_as": "测量",
            "state": TicketState.IN_HAND if is_answered else TicketState.UNACCEPTED,
            "opened_at": opened,
            "accept_due_at": opened + timedelta(hours=20),
            "contact_due_at": opened + timedelta(hours=26),
            "resolve_due_at": opened + timedelta(days=7),
            "first_contacted_at": opened + timedelta(hours=20 + n % 9) if is_answered else None,
            "reached_at": opened + timedelta(days=8) if is_reached else None,
            "rating": list(Rating)[n % 3] if n % 6 == 1 else None,
        }


def _clock(ticket_id: int | None, n: int, now: datetime) -> dict[str, Any]:
    """The time to solve, begun a while ago; the first 1 000 are to be told of half a minute from now."""
    return {
        "ticket_id": ticket_id,
        "which": Clock.RESOLVE,
        "began_at": now - timedelta(days=7),
        "minutes": 0,
        "days": 5,
        "due_at": now + timedelta(seconds=30),
        "rung": 1,
        "next_at": now + (timedelta(seconds=30) if n < DUE_AT_ONCE else timedelta(days=1)),
    }
