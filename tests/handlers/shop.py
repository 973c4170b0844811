"""The customers of the tests as the database knows them, and what they have raised."""

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.wecom.kf import PREFIX
from models.binding import BindingHow
from models.customer import Customer
from models.engine import reading
from models.enterprise import Enterprise
from models.ticket import Ticket
from services.binding import bind
from tests.factories import DOORS
from tests.times import FRIDAY


def let_speak(session: Session, external_userid: str, enterprise: Enterprise) -> None:
    """Binds somebody's phone to an enterprise."""
    bind(session, customer_of(session, external_userid), enterprise, BindingHow.CODE, now=FRIDAY)


def customer_of(session: Session, external_userid: str) -> Customer:
    """The customer behind a phone, known from the first word on."""
    address = f"{PREFIX}{DOORS[external_userid]}:{external_userid}"
    found = session.exec(select(Customer).where(Customer.address == address)).first()
    if found is None:
        door = DOORS[external_userid]
        found = Customer(address=address, open_kfid=door, external_userid=external_userid, first_seen_at=FRIDAY)
        session.add(found)
        session.flush()
    return found


def tickets(engine: Engine) -> list[Ticket]:
    """All tickets, the oldest first."""
    with reading(engine) as session:
        found = list(session.exec(select(Ticket).order_by(col(Ticket.id))))
        session.expunge_all()
        return found
