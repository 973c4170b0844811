"""What an operator decides about a message that did not get through by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from models.message import OutboxMessage, OutboxState
from models.secrecy import EMPTY

RESENDABLE = (OutboxState.DEAD, OutboxState.IN_DOUBT, OutboxState.EXPIRED)
GIVEN_UP = "已决定不再发送"


def resend(session: Session, id: int, now: datetime) -> bool:  # noqa: A002 the column's name
    """Queues a dead, doubtful or expired message again, at any hour; False when it is none of these (any more).

    One whose text was let go is left alone: nothing of it could be sent.
    """
    # It counts as tried once, so that a card that did arrive is recognised by its task_id.
    values = {
        "state": OutboxState.QUEUED,
        "due_at": now,
        "expires_at": None,
        "any_hour": True,
        "attempts": 1,
        "first_sent_at": None,
        "call_id": None,
        "error": "",
    }
    return _change(session, id, RESENDABLE, values, col(OutboxMessage.payload) != EMPTY)


def give_up(session: Session, id: int) -> bool:  # noqa: A002 the column's name
    """Lets a waiting or doubtful message rest for good; False when it is neither (any more)."""
    return _change(
        session,
        id,
        (OutboxState.QUEUED, OutboxState.WAITING, OutboxState.IN_DOUBT),
        {"state": OutboxState.DEAD, "error": GIVEN_UP},
    )


def _change(
    session: Session, row_id: int, states: tuple[OutboxState, ...], values: dict[str, object], *conditions: Any
) -> bool:
    query = update(OutboxMessage).where(col(OutboxMessage.id) == row_id, col(OutboxMessage.state).in_(states))
    return session.connection().execute(query.where(*conditions).values(**values)).rowcount == 1
