"""People as the county knows them: who is who, who leads whom, who is away."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from models.person import Absence, Person, PersonRole, Role
from models.unit import Unit


def find_person(session: Session, account: str) -> Person | None:
    """The active person with this account (case does not matter), or None: leavers are strangers at once."""
    query = select(Person).where(Person.account_key == account.lower(), col(Person.left_at).is_(None))
    return session.exec(query).first()


def roles_of(session: Session, person: Person) -> frozenset[Role]:
    """What the person may do now; everybody is at least a member."""
    rows = session.exec(select(PersonRole.role).where(PersonRole.person_id == person.id))
    return frozenset({Role.MEMBER, *rows})


def people_with_role(session: Session, role: Role) -> list[Person]:
    """Active people who hold a role, by account."""
    query = (
        select(Person)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .where(PersonRole.role == role, col(Person.left_at).is_(None))
        .order_by(col(Person.account_key))
    )
    return list(session.exec(query))


def members_of(session: Session, unit_id: int) -> list[Person]:
    """Active people of one unit, by account."""
    query = (
        select(Person).where(Person.unit_id == unit_id, col(Person.left_at).is_(None)).order_by(col(Person.account_key))
    )
    return list(session.exec(query))


def leaders_of(session: Session, unit_id: int) -> list[Person]:
    """The unit's own leaders, by account; empty when it has none."""
    leaders = {person.id for person in people_with_role(session, Role.UNIT_LEADER)}
    return [person for person in members_of(session, unit_id) if person.id in leaders]


def leaders_for(session: Session, person: Person) -> list[Person]:
    """Who decides about a person's objectives: the leaders of their unit other than themselves, else of the units above."""
    unit = session.get(Unit, person.unit_id)
    while unit is not None and unit.id is not None:
        leaders = [leader for leader in leaders_of(session, unit.id) if leader.id != person.id]
        if leaders:
            return leaders
        unit = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    return []


def absent_on(session: Session, people: Iterable[int], day: date) -> frozenset[int]:
    """Which of these people (ids) have the day off."""
    query = select(Absence.person_id).where(
        col(Absence.person_id).in_(list(people)),
        col(Absence.starts_on) <= day,
        col(Absence.ends_on) >= day,
        col(Absence.cancelled_at).is_(None),
    )
    return frozenset(session.exec(query))
