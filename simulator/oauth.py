"""Sign-in codes and user tickets: short-lived and for one use."""

import secrets
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.errors import ApiError

CODE_SECONDS = 5 * 60
TICKET_SECONDS = 30 * 60


@dataclass
class Code:
    """A sign-in code of a person for an app."""

    person: str
    agentid: int
    private: bool
    expires_at: float
    used: bool = False


class OAuth:
    """Gives out and redeems sign-in codes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._tickets: dict[str, tuple[str, float]] = {}

    def new_code(self, person: str, agentid: int, *, private: bool = False) -> str:
        """A code for a person who signs in."""
        code = f"SIMCODE-{secrets.token_urlsafe(24)}"
        self._codes[code] = Code(person, agentid, private, self._clock.timestamp() + CODE_SECONDS)
        return code

    def redeem(self, text: str, agentid: int) -> Code:
        """The sign-in a code stands for, once: 40029 unknown or another app's, 42022 used, 42003 expired."""
        code = self._codes.get(text)
        if code is None or code.agentid != agentid:
            raise ApiError(40029)
        if code.used:
            raise ApiError(42022)
        if code.expires_at <= self._clock.timestamp():
            raise ApiError(42003)
        code.used = True
        return code

    def new_ticket(self, person: str) -> str:
        """A ticket for the person's private details."""
        ticket = f"SIMTICKET-{secrets.token_urlsafe(24)}"
        self._tickets[ticket] = (person, self._clock.timestamp() + TICKET_SECONDS)
        return ticket

    def person_of(self, ticket: str) -> str:
        """The person of a live ticket: 84014 unknown, 84015 expired."""
        if ticket not in self._tickets:
            raise ApiError(84014)
        person, expires_at = self._tickets[ticket]
        if expires_at <= self._clock.timestamp():
            raise ApiError(84015)
        return person
