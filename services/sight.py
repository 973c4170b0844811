"""Who may look at whom: oneself, and leaders at their unit and all below it; the performance office at every board."""

from sqlmodel import Session, col, select

from models.person import Person, PersonRole, Role
from models.unit import Unit


def units_in_sight(session: Session, person: Person, roles: frozenset[Role]) -> list[Unit]:
    """The units whose boards the person may see, by category and code: all for the office, else those they lead."""
    query = select(Unit).order_by(col(Unit.category), col(Unit.code))
    if Role.OFFICE not in roles:
        if Role.UNIT_LEADER not in roles:
            return []
        below = select(Unit.id).where(Unit.id == person.unit_id).cte("below", recursive=True)
        below = below.union(select(Unit.id).where(col(Unit.parent_id) == below.c.id))
        query = query.where(col(Unit.id).in_(select(below.c.id)))
    return list(session.exec(query))


def find_in_sight(session: Session, account: str, *, by: Person, roles: frozenset[Role]) -> tuple[Person, Unit] | None:
    """An active person and their unit, if one may see their page: it is one's own, or one leads their unit or one above."""
    found = session.exec(
        select(Person, Unit)
        .join(Unit, col(Unit.id) == col(Person.unit_id))
        .where(Person.account_key == account.lower(), col(Person.left_at).is_(None))
    ).first()
    if found is None:
        return None
    person, unit = found
    may_see = person.id == by.id or (Role.UNIT_LEADER in roles and is_within(session, person.unit_id, by.unit_id))
    return (person, unit) if may_see else None


def is_within(session: Session, unit_id: int, above_id: int) -> bool:
    """Whether a unit is another one or lies somewhere below it."""
    above = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte("above", recursive=True)
    above = above.union(select(Unit.id, Unit.parent_id).where(col(Unit.id) == above.c.parent_id))
    return session.exec(select(above.c.id).where(above.c.id == above_id)).first() is not None


def holders_of_roles(session: Session) -> list[tuple[Person, str, tuple[Role, ...]]]:
    """Every active person with a role beyond membership, with their unit's name, by account."""
    rows = session.exec(
        select(Person, Unit.name, PersonRole.role)
        .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
        .join(Unit, col(Unit.id) == col(Person.unit_id))
        .where(col(Person.left_at).is_(None), PersonRole.role != Role.MEMBER)
        .order_by(col(Person.account_key), col(PersonRole.role))
    ).all()
    found: dict[str, tuple[Person, str, tuple[Role, ...]]] = {}
    for person, unit, role in rows:
        _, _, known = found.get(person.account_key, (person, unit, ()))
        found[person.account_key] = (person, unit, (*known, Role(role)))
    return list(found.values())
