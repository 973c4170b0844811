"""Where the audit chain ends: the figure that is noted outside the log, so that a rewritten log shows."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.audit import AuditEntry
from services.audit import seal


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """How many entries were just linked, and the position and hash of the last one in the chain."""

    sealed: int
    position: int
    hash: str


def extend_chain(session: Session) -> ChainEnd:
    """Links what is waiting and says where the chain ends now. One at a time may call it."""
    sealed = seal(session)
    session.flush()
    query = select(AuditEntry.position, AuditEntry.hash).where(col(AuditEntry.position).is_not(None))
    last = session.exec(query.order_by(col(AuditEntry.position).desc()).limit(1)).first()
    return ChainEnd(sealed, (last[0] or 0) if last else 0, last[1] if last else "")
