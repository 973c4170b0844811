"""News for outside systems: written where the state of a ticket changes, whoever changes it and through whichever door."""

import json
from datetime import datetime

from sqlmodel import Session, select

from domain.calendar import local
from models.message import WEBHOOK, WEBHOOK_PRIORITY, OutboxMessage
from models.outside import OutsideFiling, OutsideSystem
from models.ticket import Ticket, TicketEvent
from services.ticket.kind import process_of

EVENT = "ticket.changed"


def queue_news(session: Session, ticket: Ticket, event: TicketEvent, *, now: datetime) -> None:
    """Queues what the system that filed a ticket is told of a change of its state, in the transaction of the change.

    Nothing for a ticket of our own, for an act that left the state as it was, and for a system that is disabled or
    has no webhook. The message names states and numbers, no person and no words.
    """
    if event.before == event.after or ticket.outside_key is None:
        return
    filed = select(OutsideFiling, OutsideSystem).where(OutsideFiling.ticket_id == ticket.id)
    found = session.exec(filed.where(OutsideSystem.id == OutsideFiling.system_id)).first()
    if found is None or not found[1].is_active or not found[1].webhook_url:
        return
    filing, system = found
    states = process_of(ticket.kind).states
    body = {
        "event": EVENT,
        "sequence": event.id,
        "at": local(event.at).isoformat(timespec="seconds"),
        "number": ticket.number,
        "outside_id": filing.outside_id,
        "before": event.before,
        "state": event.after,
        "state_label": states[event.after].label,
        "is_open": states[event.after].is_open,
    }
    session.add(
        OutboxMessage(
            key=f"{WEBHOOK}:{event.id}",
            channel=WEBHOOK,
            recipient=f"{WEBHOOK}:{system.code}",
            priority=WEBHOOK_PRIORITY,
            payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            digest="",
            created_at=now,
            due_at=now,
        )
    )
