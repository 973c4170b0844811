"""When nothing may be asked of WeCom: a pause that grows while its cause lasts and ends with the first success."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col

from bot.insert import insert_new
from models.engine import reading, writing
from models.platform import Pause


@dataclass(frozen=True, slots=True)
class Growth:
    """How long a pause lasts: the first one, doubled with each failure, and never more than the longest."""

    first: timedelta
    longest: timedelta

    def after(self, failures: int) -> timedelta:
        """The pause after so many failures in a row."""
        return min(self.first * (1 << min(failures - 1, 20)), self.longest)


# The pause of everything that leaves.
SENDING = "sending"
# WeCom blocks an address for an hour after many wrong secrets: at most one try a minute.
REFUSED = Growth(timedelta(minutes=1), timedelta(minutes=10))
# An API that does not answer costs nobody anything to be asked again soon.
AWAY = Growth(timedelta(seconds=1), timedelta(minutes=1))
# How long others wait for the result of a try; longer than a try can take.
PROBE = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class PauseSwitch:
    """One pause under a key, shared by all processes."""

    def __init__(self, engine: Engine, key: str) -> None:
        self._engine, self._key = engine, key

    def standing(self) -> Pause | None:
        """The pause, over or not, until a success ends it; None in good times."""
        with reading(self._engine) as session:
            pause = session.get(Pause, self._key)
            session.expunge_all()  # it is read after the session is over
            return pause

    def claim_probe(self, seen: Pause, now: datetime) -> Pause | None:
        """The pause as its one prober holds it once it is over; None for everyone else."""
        if seen.until > now:
            return None
        until = now + PROBE
        mine = col(Pause.key) == self._key, col(Pause.until) == seen.until
        with writing(self._engine) as session:
            if session.connection().execute(update(Pause).where(*mine).values(until=until)).rowcount != 1:
                return None
        return Pause(key=self._key, until=until, failures=seen.failures, reason=seen.reason)

    def grow(self, growth: Growth, reason: str, *, now: datetime, held: Pause | None = None) -> None:
        """Begins a pause, or a longer one when the try after it failed as well; `held` is what `claim_probe` gave."""
        with writing(self._engine) as session:
            failures = self._grow(session, growth, reason, now, held)
        if failures == 1 or (failures and growth is REFUSED):
            log.error("wecom_paused", key=self._key, reason=reason, failures=failures)

    def end(self, held: Pause) -> None:
        """Ends the pause after the success of whoever held it; one that somebody began meanwhile goes on."""
        mine = col(Pause.key) == self._key, col(Pause.until) == held.until
        with writing(self._engine) as session:
            ended = session.connection().execute(delete(Pause).where(*mine)).rowcount
        if ended:
            log.warning("wecom_resumed", key=self._key)

    def _grow(self, session: Session, growth: Growth, reason: str, now: datetime, held: Pause | None) -> int:
        new = {"key": self._key, "until": now, "failures": 0, "reason": reason}
        insert_new(session.connection(), Pause, [new], key="key")
        pause = session.get_one(Pause, self._key, with_for_update=True)
        if pause.until > now and (held is None or pause.until != held.until):
            return 0  # somebody else came back with the same news
        pause.failures += 1
        pause.until, pause.reason = now + growth.after(pause.failures), reason
        return pause.failures
