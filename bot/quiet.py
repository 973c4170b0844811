"""When a message that nobody waits for may leave: on duty, off the full and the half hour, spread over some minutes."""

import zlib
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from domain.calendar import QUIET_MINUTES, Duty, Workdays, local
from models.gathered import known
from models.period import CalendarDay

# What waited for duty to begin leaves over so many minutes.
SPREAD_MINUTES = 5


def county_workdays(session: Session) -> Workdays:
    """The working days, with the single days that an operator has corrected."""
    corrected = select(col(CalendarDay.day), col(CalendarDay.is_working))
    return known(session, "workdays", lambda: Workdays(dict(session.connection().execute(corrected).all())))


class QuietHours:
    """The county's duty hours as they stand in the database now."""

    def __init__(self, session: Session) -> None:
        self._duty = Duty(workdays=county_workdays(session))
        self._openings: dict[datetime, list[datetime]] = {}

    def may_leave(self, instant: datetime) -> bool:
        """Whether a message that nobody waits for may leave at this instant."""
        return self._duty.is_on_duty(instant) and local(instant).minute not in QUIET_MINUTES

    def leaves_at(self, instant: datetime, key: str) -> datetime:
        """The instant itself when that is allowed, else one of the first allowed minutes after it, the same for a key."""
        openings = self.openings(instant)
        return openings[zlib.crc32(key.encode("utf-8", "surrogatepass")) % len(openings)]

    def openings(self, instant: datetime) -> list[datetime]:
        """The instant itself when that is allowed, else the first allowed minutes after it."""
        if instant not in self._openings:
            self._openings[instant] = self._find_openings(instant)
        return self._openings[instant]

    def _find_openings(self, instant: datetime) -> list[datetime]:
        if self.may_leave(instant):
            return [instant]
        first = self._duty.next_duty_instant(instant)
        minutes = (first + timedelta(minutes=n) for n in range(SPREAD_MINUTES))
        return [minute for minute in minutes if self.may_leave(minute)]
