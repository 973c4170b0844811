"""Internal groups: those apps made, and those with a robot."""

import itertools
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError
from simulator.pace import CHAT_MESSAGES, Pace
from simulator.threads import Threads

ROBOT_PER_MINUTE = 20


@dataclass
class Chat:
    """An internal group an app made."""

    chatid: str
    name: str
    owner: str
    users: list[str]
    agentid: int


@dataclass
class Robot:
    """A robot in an internal group; who has the key may post."""

    key: str
    group: str
    users: list[str]
    removed: bool = False
    posted_at: deque[float] = field(default_factory=deque)


class Chats:
    """All internal groups; what is posted shows up for their members, within the pace limits."""

    def __init__(self, threads: Threads, clock: Clock) -> None:
        self.dropped = 0
        self.chats: dict[str, Chat] = {}
        self.robots: dict[str, Robot] = {}
        self._threads = threads
        self._clock = clock
        self._pace = Pace(CHAT_MESSAGES)
        self._numbers = itertools.count(1)

    def new_chatid(self) -> str:
        """An id for a group whose maker named none."""
        return f"wrSIMCHAT{next(self._numbers):010d}"

    def add_robot(self, group: str, users: list[str], key: str = "") -> Robot:
        """A robot a person put into an internal group."""
        robot = Robot(key or str(uuid.uuid4()), group, users)
        self.robots[robot.key] = robot
        return robot

    def robot(self, key: str) -> Robot:
        """The robot with this key; 93000 for an unknown or removed one."""
        robot = self.robots.get(key)
        if robot is None or robot.removed:
            raise ApiError(93000)
        return robot

    def count_robot_message(self, robot: Robot) -> None:
        """Count a message of a robot; 45009 beyond twenty in a minute."""
        now = self._clock.timestamp()
        while robot.posted_at and robot.posted_at[0] <= now - 60:
            robot.posted_at.popleft()
        if len(robot.posted_at) >= ROBOT_PER_MINUTE:
            raise ApiError(45009)
        robot.posted_at.append(now)

    def post(self, group: str, users: list[str], kind: str, content: dict[str, Any], *, sender: str) -> None:
        """Show a message to the members of a group."""
        now = self._clock.timestamp()
        for userid in users:
            if self._pace.admits(0, userid, now):
                self._threads.add(userid, f"group:{group}", kind, content, sender=sender)
            else:
                self.dropped += 1
