"""The audit log: writing an act down is cheap; a sealer links the entries into the chain of hashes a little later."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from domain.audit import GENESIS, canonical, link, verify
from models.audit import AuditEntry
from models.gathered import add_gathered

_ADD = insert(SQLModel.metadata.tables[AuditEntry.__tablename__])


def record(session: Session, action: str, subject: str, *, by: str, now: datetime, **details: Any) -> None:
    """Writes one act down in the open transaction: who (`by`: an account or the service), what, to which record.

    Refuses details that cannot be chained (floats, dates): the sealer would stop at them for ever.
    """
    canonical(details)
    entry = {"at": now, "actor": by, "action": action, "subject": subject, "details": details, "hash": ""}
    add_gathered(session, _ADD, entry)


def seal(session: Session, *, limit: int = 5_000) -> int:
    """Links entries that are not yet in the chain, oldest first; returns how many. One sealer at a time may call it."""
    last = session.exec(
        select(AuditEntry)
        .where(col(AuditEntry.position).is_not(None))
        .order_by(col(AuditEntry.position).desc())
        .limit(1)
    ).first()
    position, previous = (last.position or 0, last.hash) if last else (0, GENESIS)
    waiting = session.exec(
        select(AuditEntry).where(col(AuditEntry.position).is_(None)).order_by(col(AuditEntry.id)).limit(limit)
    ).all()
    for entry in waiting:
        position += 1
        previous = link(previous, _content(entry, position))
        entry.position, entry.hash = position, previous
    return len(waiting)


def first_broken(session: Session) -> int | None:
    """The position of the first entry that no longer fits the chain, or None when all of it verifies."""
    sealed = select(AuditEntry).where(col(AuditEntry.position).is_not(None)).order_by(col(AuditEntry.position))
    reached = 0
    # A log of years does not fit in memory.
    with closing(session.exec(sealed.execution_options(yield_per=1_000))) as entries:

        def links() -> Iterator[tuple[dict[str, Any], str]]:
            nonlocal reached
            for entry in entries:
                reached = entry.position or 0
                yield _content(entry, reached), entry.hash

        return None if verify(links(), GENESIS) is None else reached


def _content(entry: AuditEntry, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
    }
