"""What travels through the assistant: incoming messages, answers and notices, in no platform's format."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.customer import Customer
from models.person import Person, Role

# What a card shows below its title: characters of text, rows, and characters of a row's value.
CARD_TEXT = 160
CARD_ROWS = 6
CARD_ROW_VALUE = 30


class Audience(StrEnum):
    """Who is writing: each has words of its own."""

    STAFF = "staff"
    ENTERPRISE = "enterprise"
    RESIDENT = "resident"

    @property
    def label(self) -> str:
        """The word people know them by."""
        return {"staff": "干部", "enterprise": "企业", "resident": "居民"}[self.value]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, with the rights they have at this moment; `key` is their address on the way back.

    Staff have a `member`, enterprises and residents a `customer`.
    """

    key: str
    audience: Audience
    member: Person | None
    roles: frozenset[Role]
    customer: Customer | None = None

    @property
    def person(self) -> Person:
        """The member, for handlers of staff, to whom nobody else is dispatched."""
        assert self.member is not None
        return self.member

    @property
    def guest(self) -> Customer:
        """The customer, for handlers of enterprises and residents."""
        assert self.customer is not None
        return self.customer


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event: `kind` is `text`, `image`, `voice`, `location`, `event.enter_agent` …

    A press of a button arrives as the text it says, with `pressed` set. `fields` holds the platform's other values.
    """

    id: int
    kind: str
    text: str = ""
    pressed: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """A button says something for the person who presses it: `says` is dispatched as if they had typed it."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the console: `path` starts with a slash. For customers also the platform's own https address of a join code."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line below the text: a name of at most 5 characters and a value of at most 30; longer ones are cut on a card."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to whoever wrote. With buttons it becomes a card, which closes after one press if `once`.

    A card holds a first line of 36 characters, 160 below it, and 6 rows; a longer text goes before it.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    link: Link | None = None
    once: bool = True
    rows: tuple[Row, ...] = ()


class Purpose(StrEnum):
    """Why we write to somebody who has not just written to us."""

    REMINDER = "reminder"  # the clock asks for something: duty hours, at most two a week
    DIGEST = "digest"  # the clock tells something: duty hours
    CARRIED = "carried"  # another person's act or words, passed on at once at any hour
    OPERATION = "operation"  # the service needs an operator: at once


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to another person or customer (or by the clock). `key` is unique for ever: a second one is not sent.

    `at` delays it; past `expires_at` it is dropped as expired instead of arriving stale.
    """

    to: Person | Customer
    key: str
    reply: Reply
    purpose: Purpose
    at: datetime | None = None
    expires_at: datetime | None = None


Answer = str | Reply | Notice | list[Reply | Notice] | None
