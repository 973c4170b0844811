"""What people can say, send and press, and what the clock does: one table each, filled by decorators at import."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot.context import Context
from bot.message import Answer, Audience, Notice
from bot.schedule import Schedule
from bot.wecom.client import WeComClient
from models.person import Role

Handler = Callable[[Context], Answer]
H = TypeVar("H", bound=Handler)
K = TypeVar("K")
V = TypeVar("V")

EVERYONE: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Command:
    """A word that starts something. `takes` names what may follow it (empty: nothing may); `allow` is empty for everyone.

    `shown_to` narrows whose help names it, for a word that answers others with a kind refusal; words of a `topic` are
    named by the help of that topic alone.
    """

    word: str
    aliases: tuple[str, ...]
    audience: Audience
    help: str
    example: str
    takes: str
    allow: frozenset[Role]
    shown_to: frozenset[Role]
    topic: str
    handler: Handler


COMMANDS: dict[tuple[Audience, str], Command] = {}
STEPS: dict[str, Handler] = {}
MESSAGES: dict[tuple[Audience, str], Handler] = {}


class DuplicateRegistration(Exception):
    """Two handlers want the same word, step or kind; found when the service starts."""


def command(
    word: str,
    *,
    help: str,  # noqa: A002 the word that reads best where commands are registered
    aliases: tuple[str, ...] = (),
    audience: Audience = Audience.STAFF,
    example: str = "",
    takes: str = "",
    allow: frozenset[Role] = EVERYONE,
    shown_to: frozenset[Role] = EVERYONE,
    topic: str = "",
) -> Callable[[H], H]:
    """Registers the handler of a command word and its aliases for one audience, with the line that help shows."""

    def register(handler: H) -> H:
        entry = Command(word, aliases, audience, help, example or word, takes, allow, shown_to, topic, handler)
        for name in (word, *aliases):
            _put(COMMANDS, (audience, name), entry)
        return handler

    return register


def step(name: str) -> Callable[[H], H]:
    """Registers the handler that takes the answer to the open question `name` (`report.doubt`)."""

    def register(handler: H) -> H:
        _put(STEPS, name, cast(Handler, handler))
        return handler

    return register


def message(*kinds: str, audience: Audience = Audience.STAFF) -> Callable[[H], H]:
    """Registers the handler of kinds of messages or events (`text` is what no command and no open question takes)."""

    def register(handler: H) -> H:
        for kind in kinds:
            _put(MESSAGES, (audience, kind), cast(Handler, handler))
        return handler

    return register


def _put(table: dict[K, V], key: K, value: V) -> None:
    if key in table:
        raise DuplicateRegistration(f"{key} is registered twice")
    table[key] = value


class CatchUp(StrEnum):
    """What becomes of due times that passed while no clock was running."""

    EACH = "each"  # every missed time runs, oldest first
    NEWEST = "newest"  # the last missed time runs once
    SKIP = "skip"  # a missed time is gone: it is noted and nothing happens


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job is given: the open transaction, the time it was *due*, the time it is, and what it gathered before.

    What it adds to `outcome` is what operators read about this run.
    """

    session: Session
    due_at: datetime
    now: datetime
    gathered: Any
    outcome: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """Something the clock does. `gather` asks WeCom before the transaction opens; `function` must not touch the network.

    On a new database a job waits for its next due time; one that runs `at_first_start` does its last one at once.
    """

    name: str
    schedule: Schedule
    catch_up: CatchUp
    help: str
    gather: Callable[[WeComClient], Any] | None
    at_first_start: bool
    function: Callable[[JobContext], list[Notice]]


JOBS: dict[str, Job] = {}
J = TypeVar("J", bound=Callable[[JobContext], list[Notice]])


def job(
    name: str,
    *,
    schedule: Schedule,
    catch_up: CatchUp,
    help: str,  # noqa: A002 as above
    gather: Callable[[WeComClient], Any] | None = None,
    at_first_start: bool = False,
) -> Callable[[J], J]:
    """Registers what the clock does at the times of `schedule` (Asia/Shanghai), once per due time on all machines together."""

    def register(function: J) -> J:
        if name in JOBS:
            raise DuplicateRegistration(f"{name} is registered twice")
        JOBS[name] = Job(name, schedule, catch_up, help, gather, at_first_start, function)
        return function

    return register
