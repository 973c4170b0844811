"""Mass messages: tasks a member must confirm before anything reaches a customer."""

import calendar
import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock, local
from simulator.errors import ApiError

UNSENT, SENT, NOT_FRIENDS, OVER_CAP = range(4)
REMINDERS_PER_DAY = 3
DAY = 86_400


@dataclass
class MassMessage:
    """One task: what to send, and per sender to whom; `sent_at` and `results` fill as the senders confirm."""

    msgid: str
    chat_type: str
    content: dict[str, Any]
    targets: dict[str, list[str]]
    created_at: int
    sent_at: dict[str, int] = field(default_factory=dict)
    results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    reminders: list[float] = field(default_factory=list)
    cancelled: bool = False


class MassMessages:
    """All tasks, and how often each customer or group was reached in each month.

    `dispatch_seconds` is how long after creation a task's state cannot be read yet (41063).
    """

    def __init__(self, clock: Clock) -> None:
        self.dispatch_seconds = 0.0
        self.tasks: dict[str, MassMessage] = {}
        self._clock = clock
        self._numbers = itertools.count(1)
        self._reached: Counter[tuple[str, int, int]] = Counter()

    def add(self, chat_type: str, content: dict[str, Any], targets: dict[str, list[str]]) -> MassMessage:
        """A new task."""
        msgid = f"SIMMASS-{next(self._numbers):06d}"
        self.tasks[msgid] = MassMessage(msgid, chat_type, content, targets, int(self._clock.timestamp()))
        return self.tasks[msgid]

    def find(self, msgid: str) -> MassMessage:
        """The task with this id: 41046 without one, 41047 for an unknown one."""
        if not msgid:
            raise ApiError(41046)
        if msgid not in self.tasks:
            raise ApiError(41047)
        return self.tasks[msgid]

    def readable(self, msgid: str) -> MassMessage:
        """The task, unless it is still being dispatched (41063)."""
        task = self.find(msgid)
        if self._clock.timestamp() - task.created_at < self.dispatch_seconds:
            raise ApiError(41063, "task is being dispatched")
        return task

    def remind(self, task: MassMessage) -> None:
        """Count a reminder: at most three in 24 hours (41094), none for a cancelled task (41093)."""
        now = self._clock.timestamp()
        if task.cancelled:
            raise ApiError(41093)
        if sum(1 for at in task.reminders if at > now - DAY) >= REMINDERS_PER_DAY:
            raise ApiError(41094)
        task.reminders.append(now)

    def admits(self, target: str) -> bool:
        """Count a mass message to a customer or group, at most as many in a month as it has days."""
        day = local(self._clock.timestamp())
        key = (target, day.year, day.month)
        if self._reached[key] >= calendar.monthrange(day.year, day.month)[1]:
            return False
        self._reached[key] += 1
        return True
