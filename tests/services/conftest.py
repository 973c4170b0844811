"""The county of the tickets, in one open transaction."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.engine import writing
from models.ticket import Ticket
from tests.factories import make_county
from tests.factories_ticket import TicketCast, make_ticket_cast
from tests.times import FRIDAY


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


@pytest.fixture
def cast(session: Session) -> TicketCast:
    return make_ticket_cast(session, make_county(session))


@pytest.fixture
def ticket(session: Session, cast: TicketCast) -> Ticket:
    """固电电子's request of Friday 15:07, owned by 联三 and not yet accepted."""
    return cast.filed(session, FRIDAY)
