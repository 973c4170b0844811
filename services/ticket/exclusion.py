"""Leaving a ticket out of the three rates: asked for with a reason, decided by the performance office, audited."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from domain.errors import DomainError
from models.person import Person, Role
from models.ticket import Ticket, TicketExclusion
from services import audit
from services.person import roles_of

MOST_DECIDED = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to leave a ticket out, with the names beside it."""

    exclusion: TicketExclusion
    number: str
    asked_by: str
    decided_by: str


def wishes(session: Session, *, ticket_id: int | None = None) -> list[Wish]:
    """The wishes that wait, the oldest first, then the last 100 decided ones; of one ticket when it is named."""
    asker, decider = aliased(Person), aliased(Person)
    query = (
        select(TicketExclusion, Ticket.number, asker.name, decider.name)
        .join(Ticket, col(Ticket.id) == col(TicketExclusion.ticket_id))
        .join(asker, col(asker.id) == col(TicketExclusion.asked_by_id))
        .join(decider, col(decider.id) == col(TicketExclusion.decided_by_id), isouter=True)
    )
    if ticket_id is not None:
        query = query.where(TicketExclusion.ticket_id == ticket_id)
    decided_at = col(TicketExclusion.decided_at)
    waiting = session.exec(query.where(decided_at.is_(None)).order_by(col(TicketExclusion.id))).all()
    decided = session.exec(query.where(decided_at.is_not(None)).order_by(decided_at.desc()).limit(MOST_DECIDED)).all()
    return [
        Wish(wish, number, asked_by, decided_by or "") for wish, number, asked_by, decided_by in (*waiting, *decided)
    ]


def ask_exclusion(session: Session, ticket: Ticket, reason: str, *, by: Person, now: datetime) -> TicketExclusion:
    """Asks to leave a ticket out; refuses without a reason, and while another wish for it waits or stands."""
    if not reason.strip():
        raise DomainError("不计入三率要写明原因，比如“企业已注销”。")
    assert by.id is not None
    assert ticket.id is not None
    same = select(TicketExclusion).where(TicketExclusion.ticket_id == ticket.id)
    waiting = session.exec(same.where(col(TicketExclusion.decided_at).is_(None))).first()
    if ticket.is_excluded or waiting is not None:
        raise DomainError(f"{ticket.number} 已经{'不计入' if ticket.is_excluded else '申请过，等绩效办定'}了。")
    wish = TicketExclusion(ticket_id=ticket.id, asked_by_id=by.id, asked_at=now, reason=reason.strip())
    session.add(wish)
    session.flush()
    audit.record(session, "ticket.ask_exclusion", f"ticket:{ticket.id}", by=by.account, now=now, exclusion=wish.id)
    return wish


def decide_exclusion(session: Session, exclusion_id: int, *, is_approved: bool, by: Person, now: datetime) -> Ticket:
    """Decides a wish; refuses anybody but the performance office, whoever asked, and what is decided already."""
    query = select(TicketExclusion).where(TicketExclusion.id == exclusion_id)
    wish = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if wish is None or Role.OFFICE not in roles_of(session, by):
        raise DomainError("没找到这个申请。")
    if wish.asked_by_id == by.id:
        raise DomainError("自己申请的要由别人来定。")
    if wish.decided_at is not None:
        raise DomainError("这个申请已经定过了。")
    wish.decided_by_id, wish.decided_at, wish.is_approved = by.id, now, is_approved
    ticket = session.get_one(Ticket, wish.ticket_id)
    ticket.is_excluded = is_approved
    session.flush()
    details = {"exclusion": wish.id, "approved": is_approved}
    audit.record(session, "ticket.exclude", f"ticket:{ticket.id}", by=by.account, now=now, **details)
    return ticket
