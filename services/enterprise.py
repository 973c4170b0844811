"""Enterprises as staff speak of them: found by what people call them, with who stands for their grid."""

import re
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from domain.name_match import Match
from models.enterprise import Enterprise
from models.ticket import Ticket
from services.ticket.find import IS_OPEN, find_enterprise

_SEPARATORS = r"[\s,，:：;；。、]+"


@dataclass(frozen=True, slots=True)
class Meant:
    """The enterprise that words begin with, or what their first word, `said`, may mean; `rest` follows it."""

    said: str
    rest: str
    enterprise: Enterprise | None
    match: Match


def enterprise_at_head(session: Session, words: str, *, is_all: bool = False) -> Meant:
    """Which enterprise the first word names, or with `is_all` the whole text; its code is taken as well."""
    words = words.strip()
    parts = [words] if is_all else re.split(_SEPARATORS, words, maxsplit=1)
    said, rest = parts[0], parts[1].strip() if len(parts) > 1 else ""
    by_code = session.exec(select(Enterprise).where(Enterprise.code == said)).first()
    if by_code is not None:
        return Meant(said, rest, by_code, Match())
    match = find_enterprise(session, said)
    found = session.get_one(Enterprise, int(match.found.key)) if match.found is not None else None
    return Meant(said, rest, found, match)


def code_of(session: Session, key: str) -> str:
    """The code of one of the candidates of a match."""
    return session.get_one(Enterprise, int(key)).code


def count_open(session: Session, enterprise: Enterprise) -> int:
    """How many of its tickets are open."""
    query = select(func.count(col(Ticket.id))).where(Ticket.enterprise_id == enterprise.id, IS_OPEN)
    return session.exec(query).one()
