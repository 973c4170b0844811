"""The cast of tickets: a grid of three levels with its people, three enterprises, and a leader on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from domain.process import Given
from models.customer import Customer
from models.enterprise import Enterprise
from models.grid import Grid, GridKind
from models.person import Absence, AbsenceSource, Person
from models.routing import DutyLeader
from models.ticket import Clock, Ticket, TicketClock
from services.ticket.act import act
from services.ticket.deed import Deed, Doer, Outcome, Telling
from services.ticket.filing import Draft, file
from tests.factories import Cast, make_person
from tests.times import FRIDAY

CUSTOMER, UNBOUND = 7001, 7002
WANTED = "招普工 30 人"


@dataclass(frozen=True)
class TicketCast:
    """Who has to do with tickets, by name; 联三 holds the micro-grid of 固电电子."""

    industrial: Grid
    enterprise_grid: Grid
    micro: Grid
    other_micro: Grid
    liansan: Person
    deputy: Person
    grid_leader: Person
    duty_leader: Person
    other_contact: Person
    gudian: Enterprise
    gudian_trade: Enterprise
    hongqiao: Enterprise

    @property
    def asker(self) -> Doer:
        """A person of 固电电子 in the enterprises' chat."""
        return Doer(requester_id=CUSTOMER, requester_name="固小姐", enterprise_ids=frozenset({self.gudian.id or 0}))

    def draft(self, summary: str = WANTED, category: str = "用工") -> Draft:
        """What that person asks for."""
        return Draft(
            summary,
            words="我们想扩产，还缺30个普工，能不能帮忙招工",
            category=category,
            enterprise_id=self.gudian.id,
            requester_id=CUSTOMER,
            requester_name="固小姐",
        )

    def filed(self, session: Session, now: datetime, category: str = "用工") -> Ticket:
        """The ticket of that draft, filed."""
        return file(session, self.draft(category=category), by=self.asker, now=now).ticket


def make_ticket_cast(session: Session, cast: Cast) -> TicketCast:
    """Adds grids, their people and enterprises to the county of the tests."""
    station = cast.station
    for id_ in (CUSTOMER, UNBOUND):
        session.add(
            Customer(
                id=id_,
                address=f"kf:wk1:wm{id_}",
                open_kfid="wk1",
                external_userid=f"wm{id_}",
                first_seen_at=FRIDAY,
            )
        )
    liansan = make_person(session, "liansan", "联三", station)
    deputy = make_person(session, "liansi", "联四", station)
    grid_leader = make_person(session, "wangzhang", "网长", station)
    duty_leader = make_person(session, "zhizhang", "值长", station)
    other_contact = make_person(session, "lianwu", "联五", station)
    industrial = make_grid(session, "GY1", "东湖工业社区", GridKind.INDUSTRIAL)
    enterprise_grid = make_grid(session, "QY1", "东湖一网格", GridKind.ENTERPRISE, industrial)
    enterprise_grid.supervisor_id = grid_leader.id
    micro = make_grid(session, "W1", "东湖一网格 1 微网格", GridKind.MICRO, enterprise_grid)
    micro.contact_id, micro.deputy_id = liansan.id, deputy.id
    other_micro = make_grid(session, "W2", "东湖一网格 2 微网格", GridKind.MICRO, enterprise_grid)
    other_micro.contact_id = other_contact.id
    assert duty_leader.id is not None
    session.add(DutyLeader(person_id=duty_leader.id, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)))
    session.flush()
    return TicketCast(
        industrial=industrial,
        enterprise_grid=enterprise_grid,
        micro=micro,
        other_micro=other_micro,
        liansan=liansan,
        deputy=deputy,
        grid_leader=grid_leader,
        duty_leader=duty_leader,
        other_contact=other_contact,
        gudian=make_enterprise(session, "E1", "固电电子有限公司", micro, "固电"),
        gudian_trade=make_enterprise(session, "E2", "固电电子贸易有限公司", other_micro),
        hongqiao=make_enterprise(session, "E3", "虹桥纺织有限公司", other_micro, "虹桥布厂"),
    )


def make_grid(session: Session, code: str, name: str, kind: GridKind, parent: Grid | None = None) -> Grid:
    grid = Grid(code=code, name=name, kind=kind, parent_id=parent.id if parent else None)
    session.add(grid)
    session.flush()
    return grid


def make_enterprise(session: Session, code: str, name: str, grid: Grid, aliases: str = "") -> Enterprise:
    assert grid.id is not None
    enterprise = Enterprise(code=code, name=name, aliases=aliases, grid_id=grid.id, binding_code=f"bind-{code}")
    session.add(enterprise)
    session.flush()
    return enterprise


def do(session: Session, ticket: Ticket, action: str, by: Doer | Person, now: datetime, **given: object) -> Outcome:
    """Takes an action, in the name of a member of staff or a customer."""
    assert ticket.id is not None
    doer = Doer(person=by) if isinstance(by, Person) else by
    return act(session, ticket.id, Deed(action, Given(**given)), by=doer, now=now)  # type: ignore[arg-type]  # by name


def told(tellings: Iterable[Telling]) -> dict[str, str]:
    """What others are told, by name; the requester is 提出人."""
    return {one.person.name if one.person else "提出人": one.text for one in tellings}


def due_times(session: Session, ticket: Ticket) -> dict[Clock, datetime]:
    """The due times that run."""
    query = select(TicketClock).where(TicketClock.ticket_id == ticket.id)
    return {clock.which: clock.due_at for clock in session.exec(query)}


def take_leave(session: Session, person: Person, first: date, last: date) -> None:
    assert person.id is not None
    absence = Absence(person_id=person.id, starts_on=first, ends_on=last, source=AbsenceSource.CHAT)
    session.add(absence)
    session.flush()
