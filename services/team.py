"""Who decides about whom, and which of several people a name means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from domain.text import fold, fold_in_place
from models.person import Person, Role
from models.unit import Unit
from services.person import leaders_for, people_with_role
from services.sight import units_in_sight

NEAR_ENOUGH = 50
_AFTER_NAME = " \n:：,，、"
# What an account may be made of: WeCom takes letters, digits and these.
_GOES_ON = re.compile(r"[a-z0-9._@-]")


@dataclass(frozen=True, slots=True)
class Named:
    """The people a text begins with (several share a name), and the words after it."""

    people: tuple[Person, ...]
    rest: str


def deciders(session: Session, person: Person) -> list[Person]:
    """Who decides about a person's objectives: their leaders, or the performance office for whoever has none above."""
    return leaders_for(session, person) or [
        clerk for clerk in people_with_role(session, Role.OFFICE) if clerk.id != person.id
    ]


def decides(session: Session, leader: Person, person: Person) -> bool:
    """Whether one decides about the other at this moment."""
    return any(candidate.id == leader.id for candidate in deciders(session, person))


def those_decided_by(session: Session, leader: Person, people: Iterable[Person]) -> list[Person]:
    """Those of the people about whom the leader decides; one look-up per unit, and one per leader among them."""
    leader_ids = {one.id for one in people_with_role(session, Role.UNIT_LEADER)}
    known: dict[tuple[int, int | None], bool] = {}
    found = []
    for person in people:
        key = (person.unit_id, person.id if person.id in leader_ids or person.id == leader.id else None)
        if key not in known:
            known[key] = decides(session, leader, person)
        if known[key]:
            found.append(person)
    return found


def people_led(session: Session, leader: Person, roles: frozenset[Role]) -> list[Person]:
    """Active people of the units the leader leads and of all below, without the leader; by account."""
    units = [unit.id for unit in units_in_sight(session, leader, roles - {Role.OFFICE})]
    query = (
        select(Person)
        .where(col(Person.unit_id).in_(units), col(Person.left_at).is_(None), Person.id != leader.id)
        .order_by(col(Person.account_key))
    )
    return list(session.exec(query))


def people_decided(session: Session, leader: Person, roles: frozenset[Role]) -> list[Person]:
    """Active people about whom the leader decides, by account."""
    if Role.OFFICE not in roles:
        return those_decided_by(session, leader, people_led(session, leader, roles))
    everybody = select(Person).where(col(Person.left_at).is_(None)).order_by(col(Person.account_key))
    return those_decided_by(session, leader, session.exec(everybody).all())


def find_named(people: Sequence[Person], words: str) -> Named:
    """The people whose account is the first word of a text, else those whose name it begins with, the longest name."""
    folded = fold_in_place(words)
    for person in people:
        rest = folded.removeprefix(person.account_key)
        if rest != folded and not _GOES_ON.match(rest):
            return Named((person,), words[len(person.account_key) :].strip(_AFTER_NAME))
    names = sorted({person.name for person in people if folded.startswith(fold_in_place(person.name))}, key=len)
    if not names:
        return Named((), words)
    found = tuple(person for person in people if person.name == names[-1])
    return Named(found, words[len(names[-1]) :].strip(_AFTER_NAME))


def nearest(people: Sequence[Person], word: str) -> list[Person]:
    """The people whose name is most like a word, at most two; empty when none is."""
    names = sorted({person.name for person in people})
    found = process.extract(fold(word), names, scorer=fuzz.ratio, limit=2, score_cutoff=NEAR_ENOUGH)
    return [person for name, _, _ in found for person in people if person.name == name][:2]


def unit_name(session: Session, person: Person) -> str:
    """The name of a person's unit."""
    return session.get_one(Unit, person.unit_id).name
