"""Visits to enterprises: noted in one message, counted once, and what was heard there."""

import re
from datetime import datetime

from sqlmodel import Session

from domain.errors import DomainError
from domain.triage import Nature, Triage, triage
from domain.triage_words import OTHER
from models.enterprise import Enterprise
from models.enterprise_visit import EnterpriseVisit
from models.person import Person
from services import audit
from services.counted import follow_counts

LONGEST_WORDS = 1_000
MOST_HEARD = 5
_PARTS = re.compile(r"[\n;；。]+")


def note_visit(session: Session, enterprise: Enterprise, words: str, *, by: Person, now: datetime) -> EnterpriseVisit:
    """Keeps a visit of today; it counts by itself for whoever made it. Refuses more than 1 000 characters."""
    if len(words) > LONGEST_WORDS:
        raise DomainError(f"走访记录最多 {LONGEST_WORDS} 个字，请短一点，或者分两次说。")
    assert by.id is not None
    assert enterprise.id is not None
    visit = EnterpriseVisit(person_id=by.id, enterprise_id=enterprise.id, visited_at=now, words=words)
    session.add(visit)
    session.flush()
    audit.record(
        session, "visit.note", f"enterprise_visit:{visit.id}", by=by.account, now=now, enterprise=enterprise.id
    )
    follow_counts(session, [by.id], now=now)
    return visit


def heard(words: str) -> list[tuple[str, Triage]]:
    """The parts of a note that read as requests, each with what it was understood to be; at most five."""
    parts = [part.strip(" ,，、") for part in _PARTS.split(words)]
    found = [(part, triage(part)) for part in parts if part]
    return [(part, one) for part, one in found if _is_matter(one)][:MOST_HEARD]


def _is_matter(found: Triage) -> bool:
    is_request = found.nature is Nature.REQUEST and found.category != OTHER
    return is_request or found.nature is Nature.EMERGENCY
