"""A grid at work: its people have phones, and 固电电子's boss has asked for something through 微信客服."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.customer import Customer
from models.engine import reading, writing
from models.person import Person
from models.ticket import Ticket, TicketEvent
from services.ticket.deed import Doer
from services.ticket.filing import Draft, file
from simulator import World
from tests.chat import Chat
from tests.factories import LAOBAN, Cast
from tests.factories_ticket import TicketCast, make_ticket_cast
from tests.handlers.shop import let_speak
from tests.times import FRIDAY


@dataclass(frozen=True)
class Desk:
    """The contacts' chat with one request of Friday 15:07, Q261120-0001, which 联三 has not accepted yet."""

    engine: Engine
    chat: Chat
    cast: TicketCast

    def say(self, text: str, *, sender: str = "liansan") -> str:
        return self.chat.say(text, sender=sender)

    def press(self, label: str, *, sender: str = "liansan") -> str:
        return self.chat.press(label, sender=sender)

    def last(self, sender: str) -> str:
        return self.chat.inbox(sender)[-1].text

    def file(self, summary: str, category: str = "其他") -> None:
        """The boss asks for something more."""
        with writing(self.engine) as session:
            file_for_boss(session, self.cast, summary, category)

    def state(self, serial: int = 1) -> str:
        with reading(self.engine) as session:
            return session.exec(select(Ticket.state).where(Ticket.serial == serial)).one()

    def owner(self, serial: int = 1) -> str:
        with reading(self.engine) as session:
            owner_id = session.exec(select(Ticket.owner_id).where(Ticket.serial == serial)).one()
            return session.get_one(Person, owner_id).name

    def log(self, serial: int = 1) -> list[TicketEvent]:
        with reading(self.engine) as session:
            query = select(TicketEvent).join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
            lines = session.exec(query.where(Ticket.serial == serial).order_by(col(TicketEvent.id))).all()
            session.expunge_all()
            return list(lines)


@pytest.fixture
def cast(engine: Engine, county: Cast, world: World) -> TicketCast:
    """The people of the grids, who have phones, and their enterprises."""
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
    for person in vars(cast).values():
        if isinstance(person, Person):
            world.directory.add_member(person.account, person.name, departments=[1])
    return cast


@pytest.fixture
def shop(engine: Engine, chat: Chat, cast: TicketCast) -> Chat:
    """All phones, when the boss speaks for 固电电子."""
    with writing(engine) as session:
        let_speak(session, LAOBAN, cast.gudian)
    return chat


@pytest.fixture
def desk(chat: Chat, cast: TicketCast, engine: Engine) -> Desk:
    chat.customer_say("您好")
    with writing(engine) as session:
        file_for_boss(session, cast, "招普工 30 人", "用工")
    return Desk(engine, chat, cast)


def file_for_boss(session: Session, cast: TicketCast, summary: str, category: str) -> None:
    boss = session.exec(select(Customer).where(Customer.external_userid == LAOBAN)).one()
    by = Doer(requester_id=boss.id, requester_name="固小姐", enterprise_ids=frozenset({cast.gudian.id or 0}))
    draft = Draft(summary, category=category, enterprise_id=cast.gudian.id, requester_id=boss.id)
    file(session, draft, by=by, now=FRIDAY)
