"""The member of staff somebody means by a name or an account."""

from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.person import Person
from models.unit import Unit


def staff_named(session: Session, said: str) -> Person:
    """The active person with this account or name; refuses nobody and several, naming their units."""
    said = said.strip().lstrip("@")
    here = col(Person.left_at).is_(None)
    found = session.exec(select(Person).where(Person.account_key == said.lower(), here)).first()
    if found is not None:
        return found
    named = session.exec(
        select(Person, Unit.name)
        .join(Unit, col(Unit.id) == col(Person.unit_id))
        .where(Person.name == said, here)
        .order_by(col(Person.id))
    ).all()
    if len(named) == 1:
        return named[0][0]
    if named:
        people = "、".join(f"{person.name}（{unit}，账号 {person.account}）" for person, unit in named)
        raise DomainError(f"叫“{said}”的有几位：{people}。请写账号。")
    raise DomainError(f"没找到“{said[:20]}”这个人。请写姓名或企业微信账号。")
