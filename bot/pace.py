"""Our own pace, below the platform's limits: what is over it waits, since WeCom drops it without a word."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.insert import insert_new, insert_or_update
from models.platform import Pace


@dataclass(frozen=True, slots=True)
class Limit:
    """One every `every`, after a burst of `burst` (the generic cell rate algorithm).

    No window of length w ever sees more than `burst` + w ÷ `every`.
    """

    every: timedelta
    burst: int

    @property
    def ahead(self) -> timedelta:
        """How far messages may run ahead of the steady rate."""
        return (self.burst - 1) * self.every


# 30 a minute and 1000 an hour reach one member: this gives 30 and 915 at most.
MEMBER = Limit(timedelta(seconds=4), burst=15)
# 10 000 calls of one API a minute: this gives 9 750, and leaves room for what five workers have under way.
API = Limit(timedelta(minutes=1) / 9_550, burst=200)
# 20 a minute per group robot.
ROBOT = Limit(timedelta(seconds=4), burst=5)
# 20 000 person-messages a minute and 200 to one member: a group of 100 may have two a second.
GROUP = Limit(timedelta(seconds=1), burst=5)
# How far the clocks of several machines may be apart.
SKEW = timedelta(minutes=1)


class PaceBook:
    """The pace of some keys, read and locked in the open transaction, and written back at its end."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._free_at: dict[str, datetime] = {}
        self._changed: dict[str, datetime] = {}

    def lock(self, key: str, now: datetime) -> None:
        """Waits until nobody else has this key in hand; held until the transaction ends."""
        insert_new(self._session.connection(), Pace, [{"key": key, "free_at": now}], key="key")
        self.read([key])

    def read(self, keys: list[str]) -> None:
        """Looks keys up; nobody else can use those that exist until the transaction ends."""
        query = select(Pace).where(col(Pace.key).in_(keys)).order_by(col(Pace.key)).with_for_update()
        self._free_at.update({row.key: row.free_at for row in self._session.exec(query)})

    def ready_at(self, key: str, limit: Limit, now: datetime) -> datetime:
        """When the next message under this key may leave; not after `now` if it may leave at once."""
        return self._used_until(key, limit, now) - limit.ahead

    def take(self, key: str, limit: Limit, now: datetime) -> None:
        """Counts one message that leaves."""
        free_at = max(self._used_until(key, limit, now), now) + limit.every
        self._free_at[key] = self._changed[key] = free_at

    def write(self) -> None:
        """Keeps what was taken."""
        if self._changed:
            rows = [{"key": key, "free_at": free_at} for key, free_at in self._changed.items()]
            insert_or_update(self._session.connection(), Pace, rows, key="key")

    def _used_until(self, key: str, limit: Limit, now: datetime) -> datetime:
        free_at = self._free_at.get(key, now)
        # No burst reaches that far: the clock was wrong then and has been set back since, perhaps by days.
        return now if free_at > now + limit.burst * limit.every + SKEW else free_at
