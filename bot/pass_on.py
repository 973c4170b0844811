"""A message that waits for a customer's word may be passed on by phone instead: who was asked to, and that it was done."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.message import OutboxMessage, OutboxState


def key_of(message_id: int, person_id: int) -> str:
    """The key of the notice that asks somebody to pass a message on."""
    return f"pass_on:{message_id}:{person_id}"


def was_asked(session: Session, message_id: int, person_id: int) -> bool:
    """Whether somebody was asked to pass this message on."""
    query = select(OutboxMessage.id).where(OutboxMessage.key == key_of(message_id, person_id))
    return session.exec(query).first() is not None


def close_waiting(session: Session, message_id: int) -> bool:
    """Lets a message rest that was passed on; False when it waits no longer, since the customer has written."""
    query = update(OutboxMessage).where(
        col(OutboxMessage.id) == message_id, col(OutboxMessage.state) == OutboxState.WAITING
    )
    values = {"state": OutboxState.PASSED_ON, "error": ""}
    return session.connection().execute(query.values(**values)).rowcount == 1
