"""Who may use the addresses for programs: outside systems with their key, at a pace, checked at every request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from flask import Response, g, request

from bot.pace import Limit, PaceBook
from console.auth import Access, runtime
from console.problem import problem
from models.engine import reading, writing
from models.outside import OutsideSystem
from services.outside import find_system

# Five a second for as long as it likes, and a hundred at once.
PACE = Limit(timedelta(milliseconds=200), burst=100)
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class KeyAccess(Access):
    """Admits outside systems by the key in `Authorization: Bearer …`; no member of staff, whatever their roles."""

    def __call__(self) -> Response | None:
        """Flask's check before each request of the blueprint."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(key.strip()) <= LONGEST_KEY:
            return problem(401)
        with reading(runtime().engine) as session:
            system = find_system(session, key.strip())
            session.expunge_all()  # it is read after the session is over
        if system is None:
            return problem(401)
        if not system.is_active:
            return problem(403)
        now = runtime().clock()
        wait = _wait(system, now)
        if wait > timedelta():
            answer = problem(429)
            answer.headers["Retry-After"] = str(ceil(wait.total_seconds()))
            return answer
        g.system = system
        return None


WITH_KEY = KeyAccess(frozenset())


def calling_system() -> OutsideSystem:
    """The system whose request this is; only under `WITH_KEY`."""
    found = g.system
    assert isinstance(found, OutsideSystem)
    return found


def _wait(system: OutsideSystem, now: datetime) -> timedelta:
    """Counts one request; how long the system has to wait first when it came too soon."""
    key = f"outside:{system.code}"
    with writing(runtime().engine) as session:
        book = PaceBook(session)
        book.lock(key, now)
        wait = book.ready_at(key, PACE, now) - now
        if wait <= timedelta():
            book.take(key, PACE, now)
            book.write()
            session.get_one(OutsideSystem, system.id).last_used_at = now
    return wait
