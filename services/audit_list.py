"""Pages of the audit log, newest first, and how far its chain reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.audit import AuditEntry

PAGE = 100


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Whose acts, and on which record (`person:17`); empty for all."""

    actor: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """How many entries are sealed, the head's hash, and how many wait to be sealed."""

    sealed: int
    head: str
    waiting: int


def latest_entries(session: Session, wanted: LogFilter, *, before: int) -> Sequence[AuditEntry]:
    """Up to 100 entries with an id below `before`, the newest first."""
    query = select(AuditEntry).where(col(AuditEntry.id) < before)
    if wanted.actor:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    return session.exec(query.order_by(col(AuditEntry.id).desc()).limit(PAGE)).all()


def state_of_chain(session: Session) -> Chain:
    """How far the chain reaches."""
    sealed = select(AuditEntry.position, AuditEntry.hash).where(col(AuditEntry.position).is_not(None))
    last = session.exec(sealed.order_by(col(AuditEntry.position).desc()).limit(1)).first()
    waiting = select(func.count()).select_from(AuditEntry).where(col(AuditEntry.position).is_(None))
    position, head = last or (0, "")
    return Chain(position or 0, head, session.exec(waiting).one())
