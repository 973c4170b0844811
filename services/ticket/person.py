"""The member of staff somebody means by a name or an account."""

from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from domain.calendar import local_date
from domain.errors import DomainError
from domain.text import fold
from domain.ticket_words import looks_like_name, take_name
from models.person import Person
from models.unit import Unit
from services.person import absent_on, leaders_of, members_of

NEAR_ENOUGH = 50
MOST_NEAR = 3
# Says that what follows names nobody.
_REASON = "原因"


@dataclass(frozen=True, slots=True)
class Target:
    """To whom words give a ticket: the `people` of that name or account, or the `near` ones; `rest` is the reason.

    `said` is empty where the words name nobody and are all reason; `unit` is a unit without a leader, `near` its people.
    """

    said: str
    rest: str
    people: tuple[Person, ...] = ()
    near: tuple[Person, ...] = ()
    unit: str = ""


def read_target(session: Session, words: str, *, is_needed: bool, now: datetime) -> Target:
    """Whom the first word names; a unit, by its name or code, is its first leader, rather one who is not away today.

    Unless somebody `is_needed`, words that name nobody clearly are all reason.
    """
    if not is_needed and words.startswith(_REASON):
        return Target("", words.removeprefix(_REASON).strip(" ：:，,"))
    head = take_name(words)
    people = _called(session, head.name)
    if people:
        return Target(head.name, head.rest, tuple(people))
    unit = _unit_called(session, head.name)
    if unit is not None and unit.id is not None:
        leader = _leader_of(session, unit.id, now)
        if leader is not None:
            return Target(head.name, head.rest, (leader,))
        members = members_of(session, unit.id)
        return Target(head.name, head.rest, near=tuple(members[:MOST_NEAR]), unit=unit.name)
    if not is_needed and not head.is_said and not (head.rest and looks_like_name(head.name)):
        return Target("", words.strip())
    near = _near(session, head.name)
    if near or is_needed or head.is_said:
        return Target(head.name, head.rest, near=tuple(near))
    return Target("", words.strip())


def _called(session: Session, said: str) -> list[Person]:
    """Active people with this account, else with this name."""
    here = col(Person.left_at).is_(None)
    found = session.exec(select(Person).where(Person.account_key == said.lower(), here)).first()
    if found is not None or not said:
        return [found] if found is not None else []
    return list(session.exec(select(Person).where(Person.name == said, here).order_by(col(Person.account_key))))


def _unit_called(session: Session, said: str) -> Unit | None:
    """The unit with this code, else the only one with this name."""
    found = session.exec(select(Unit).where(Unit.code == said)).first()
    if found is not None or not said:
        return found
    named = session.exec(select(Unit).where(Unit.name == said).limit(2)).all()
    return named[0] if len(named) == 1 else None


def _leader_of(session: Session, unit_id: int, now: datetime) -> Person | None:
    leaders = leaders_of(session, unit_id)
    away = absent_on(session, [one.id or 0 for one in leaders], local_date(now))
    return next((one for one in leaders if one.id not in away), leaders[0] if leaders else None)


def _near(session: Session, said: str) -> list[Person]:
    """Active people whose names are most like what was said, at most three."""
    named = session.exec(
        select(Person.id, Person.name).where(col(Person.left_at).is_(None)).order_by(Person.account_key)
    )
    names = dict(named.all())
    found = process.extract(fold(said), names, scorer=fuzz.ratio, limit=MOST_NEAR, score_cutoff=NEAR_ENOUGH)
    return [session.get_one(Person, id_) for _, _, id_ in found]


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
