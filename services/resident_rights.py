"""What is kept about a resident, and letting go of it: cases that have ended stay as records without the person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from models.customer import Customer
from models.group import CustomerGroup, GroupMember
from models.media import MediaFile, MediaState
from models.report_follower import ReportFollower
from models.ticket import Ticket, TicketEvent
from services import audit
from services.resident_report import HIDDEN, doer_for
from services.ticket.find import IS_OPEN


@dataclass(frozen=True, slots=True)
class Kept:
    """What we have of somebody: since when, what name they told, their groups, cases and files."""

    since: datetime
    name: str
    groups: tuple[str, ...]
    open_cases: int
    ended_cases: int
    files: int


def kept_about(session: Session, customer: Customer, *, now: datetime) -> Kept:
    """What is kept about a resident who asks for it themselves."""
    audit.record(session, "customer.look", f"customer:{customer.id}", by=doer_for(customer).account, now=now)
    groups = (
        select(CustomerGroup.name)
        .join(GroupMember, col(GroupMember.group_id) == col(CustomerGroup.id))
        .where(GroupMember.external_userid == customer.external_userid, col(GroupMember.left_at).is_(None))
        .order_by(col(CustomerGroup.id))
    )
    cases = select(func.count(col(Ticket.id))).where(Ticket.requester_id == customer.id)
    open_cases = session.exec(cases.where(IS_OPEN)).one()
    files = select(func.count(col(MediaFile.id))).where(
        MediaFile.sender == customer.address, MediaFile.state == MediaState.KEPT
    )
    return Kept(
        customer.first_seen_at,
        customer.name,
        tuple(session.exec(groups)),
        open_cases,
        session.exec(cases).one() - open_cases,
        session.exec(files).one(),
    )


def forget(session: Session, customer: Customer, *, now: datetime) -> int:
    """Takes the person out of everything but the cases that are still open; returns how many those are.

    Texts of messages are emptied after about six months by the purge: network logs must be kept that long
    (网络安全法 第二十一条).
    """
    ended = select(Ticket.id).where(Ticket.requester_id == customer.id, ~IS_OPEN)
    ids = [id_ for id_ in session.exec(ended) if id_ is not None]
    connection = session.connection()
    session.flush()
    connection.execute(update(Ticket).where(col(Ticket.id).in_(ids)).values(requester_id=None, requester_name=HIDDEN))
    of_ended = col(TicketEvent.ticket_id).in_(ids), col(TicketEvent.customer_id) == customer.id
    connection.execute(update(TicketEvent).where(*of_ended).values(customer_id=None))
    connection.execute(delete(ReportFollower).where(col(ReportFollower.customer_id) == customer.id))
    left = col(GroupMember.external_userid) == customer.external_userid, col(GroupMember.left_at).is_not(None)
    connection.execute(delete(GroupMember).where(*left))
    loose = col(MediaFile.sender) == customer.address, col(MediaFile.ticket_id).is_(None)
    is_kept = col(MediaFile.state) == MediaState.KEPT
    connection.execute(update(MediaFile).where(*loose, is_kept).values(state=MediaState.LET_GO, due_at=now))
    customer.name = customer.scene = customer.scene_param = ""
    session.add(customer)
    audit.record(
        session, "customer.forget", f"customer:{customer.id}", by=doer_for(customer).account, now=now, cases=len(ids)
    )
    is_own = Ticket.requester_id == customer.id
    return session.exec(select(func.count(col(Ticket.id))).where(is_own, IS_OPEN)).one()
