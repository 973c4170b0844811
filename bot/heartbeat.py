"""Signs of life of the loops behind the web, so that `/readyz` and operators can see them."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from models.engine import writing
from models.platform import Heartbeat

# The loops that handle messages, send, read 微信客服, fetch pictures and files, and run jobs.
INBOX, OUTBOX, CUSTOMERS, MEDIA, CLOCK = LOOPS = ("worker", "sender", "reader", "fetcher", "clock")
EVERY = timedelta(seconds=10)
# A loop that has been silent for longer is taken for dead.
SILENCE = timedelta(seconds=60)


def beat(engine: Engine, role: str, *, now: datetime) -> None:
    """Notes that a loop of this kind is at work."""
    with writing(engine) as session:
        session.merge(Heartbeat(role=role, at=now))


def is_alive(session: Session, role: str, *, now: datetime) -> bool:
    """Whether a loop of this kind has shown itself within the last minute."""
    seen = session.get(Heartbeat, role)
    # A sign from the future was given before the clock was set back, and says nothing about now.
    return seen is not None and abs(now - seen.at) < SILENCE
