"""The platform's silent limits on app messages to one member."""

from collections import Counter, deque

PER_MINUTE = 30
PER_HOUR = 1000


class Pace:
    """Counts what reached each member and says whether one more does."""

    def __init__(self, per_minute: int = PER_MINUTE, per_hour: int = PER_HOUR) -> None:
        self.per_minute = per_minute
        self.per_hour = per_hour
        self._reached: dict[tuple[int, str], deque[float]] = {}
        self._days: Counter[tuple[int, int]] = Counter()

    def admits(self, agentid: int, person: str, now: float) -> bool:
        """Count a message of an app to a person, unless the person had 30 in a minute or 1000 in an hour."""
        times = self._reached.get((agentid, person))
        if times is None:
            times = self._reached[(agentid, person)] = deque(maxlen=max(self.per_hour, self.per_minute))
        if len(times) >= self.per_minute and times[-self.per_minute] > now - 60:
            return False
        if len(times) >= self.per_hour and times[-self.per_hour] > now - 3600:
            return False
        times.append(now)
        return True

    def within_day(self, agentid: int, people: int, now: float, most: int) -> bool:
        """Count the recipients of a message against an app's quota of the day in China."""
        day = (agentid, int((now + 8 * 3600) // 86400))
        if self._days[day] + people > most:
            return False
        self._days[day] += people
        return True
