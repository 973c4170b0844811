"""What leaves: answers and notices are queued in the caller's transaction, and sent later by whoever claims them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from bot.clock import Clock
from bot.message import Notice, Reply
from bot.wecom.client import WeComClient


def enqueue_reply(session: Session, *, to: str, reply: Reply, inbox_id: int | None, token: str, now: datetime) -> None:
    """Queues the answer to whoever wrote; `to` is their account, `token` that of the open question or empty."""


def enqueue_notice(session: Session, notice: Notice, *, now: datetime, any_hour: bool = False) -> bool:
    """Queues a notice unless its key was ever queued before; says whether it was new."""
    return enqueue_notices(session, [notice], now=now, any_hour=any_hour) == 1


def enqueue_notices(session: Session, notices: Sequence[Notice], *, now: datetime, any_hour: bool = False) -> int:
    """Queues many notices in few statements; returns how many were new."""
    raise NotImplementedError


def enqueue_card_update(session: Session, *, response_code: str, user: str, label: str, now: datetime) -> None:
    """Queues the grey label that replaces the buttons of a pressed card."""


def resend(session: Session, id: int, now: datetime) -> bool:  # noqa: A002 the column's name
    """Queues a dead, doubtful or expired message again; says whether it could."""
    raise NotImplementedError


def give_up(session: Session, id: int) -> bool:  # noqa: A002 the column's name
    """Lets a waiting or doubtful message rest for good; says whether it could."""
    raise NotImplementedError


class Outbox:
    """Sends what is due, for any number of workers at once."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock, *, threads: int = 32) -> None:
        raise NotImplementedError

    def send_due(self, limit: int = 50) -> int:
        """Claims and sends up to `limit` due messages; returns how many rows it touched."""
        raise NotImplementedError
