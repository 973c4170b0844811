"""Signs of life of the processes behind the web, so that `/readyz` and operators can see them."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from models.engine import writing
from models.platform import Heartbeat

EVERY = timedelta(seconds=10)
# A process that has been silent for longer is taken for dead.
SILENCE = timedelta(seconds=60)


def beat(engine: Engine, role: str, *, now: datetime) -> None:
    """Notes that a process of this kind is at work."""
    with writing(engine) as session:
        session.merge(Heartbeat(role=role, at=now))


def is_alive(session: Session, role: str, *, now: datetime) -> bool:
    """Whether a process of this kind has shown itself within the last minute."""
    seen = session.get(Heartbeat, role)
    return seen is not None and seen.at > now - SILENCE
