"""News of a report for the residents who reported the same: each hears it, none of them of the others."""

from datetime import datetime

from sqlmodel import Session, col, select

from domain.process import Actor
from domain.report_case import SortAction
from domain.ticket import TicketAction
from domain.ticket_number import Kind
from models.report_follower import ReportFollower
from models.ticket import Ticket, TicketEvent
from services import wording_resident as wording
from services.ticket.deed import Doer, Telling
from services.ticket.telling import facts_of

_FOLLOWED = {*SortAction, TicketAction.FINISH}


def tellings_of_followers(
    session: Session, ticket: Ticket, event: TicketEvent, by: Doer, *, now: datetime
) -> tuple[Telling, ...]:
    """The same news for everybody else who reported the case."""
    if ticket.kind is not Kind.REPORT or event.action not in _FOLLOWED:
        return ()
    query = select(ReportFollower.customer_id).where(ReportFollower.ticket_id == ticket.id)
    followers = session.exec(query.order_by(col(ReportFollower.joined_at))).all()
    facts = facts_of(session, ticket, by, event, now=now)
    is_done = event.action == TicketAction.FINISH
    text = wording.follower_told(ticket.summary, facts.owner, event.words, is_done=is_done)
    return tuple(
        Telling(f"ticket:{event.id}:follower:{one}", ticket.number, Actor.REQUESTER, text, requester_id=one)
        for one in followers
    )
