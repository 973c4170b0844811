"""What a handler is given, and how it leaves a question open."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.message import Incoming, Sender


@dataclass(slots=True)
class OpenQuestion:
    """The sender's open question: `step` is empty when there is none. What a handler sets here is saved with its effects."""

    step: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    token: str = ""

    def ask(self, step: str, data: dict[str, Any]) -> None:
        """Leaves a question open: the sender's next words go to the handler registered for `step`; `data` is JSON."""
        self.step, self.data = step, data

    def end(self) -> None:
        """Closes the question: the sender's next words are read afresh."""
        self.step, self.data = "", {}


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a handler may use: the open transaction, the time, who wrote, what, and the open question.

    `argument` is what follows the command's word, word for word, without surrounding spaces.
    """

    session: Session
    now: datetime
    sender: Sender
    message: Incoming
    argument: str
    question: OpenQuestion


class NotUnderstood(Exception):
    """Raised by a handler of free text that makes nothing of it: the dispatcher then offers the nearest commands."""
