"""The platform's silent limits on what reaches one member, and the daily quota of an app."""

from collections import Counter, deque

Windows = tuple[tuple[int, float], ...]
APP_MESSAGES: Windows = ((30, 60), (1000, 3600))
CHAT_MESSAGES: Windows = ((200, 60), (10_000, 86_400))


class Pace:
    """Counts what reached each member; `windows` are (messages, seconds)."""

    def __init__(self, windows: Windows = APP_MESSAGES) -> None:
        self.windows = windows
        self._reached: dict[tuple[int, str], deque[float]] = {}
        self._days: Counter[tuple[int, int]] = Counter()

    def admits(self, agentid: int, person: str, now: float) -> bool:
        """Count a message of an app to a person, unless a window is full."""
        times = self._reached.get((agentid, person))
        if times is None:
            times = self._reached[(agentid, person)] = deque(maxlen=max(most for most, _ in self.windows))
        for most, seconds in self.windows:
            if len(times) >= most and times[-most] > now - seconds:
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
