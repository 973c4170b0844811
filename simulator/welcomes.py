"""Welcome codes of newly added contacts: 20 seconds, one message."""

import secrets

from simulator.clock import Clock
from simulator.errors import ApiError

LIFE_SECONDS = 20


class Welcomes:
    """Gives out and redeems welcome codes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, tuple[str, str, float]] = {}
        self._used: set[str] = set()

    def new(self, customer: str, userid: str) -> str:
        """A code for a customer a member was just added by."""
        code = f"SIMWELCOME-{secrets.token_urlsafe(18)}"
        self._codes[code] = (customer, userid, self._clock.timestamp() + LIFE_SECONDS)
        return code

    def redeem(self, code: str) -> tuple[str, str]:
        """The customer and the member of a live code, once: 41050 unknown or expired, 41051 used."""
        if code in self._used:
            raise ApiError(41051)
        customer, userid, until = self._codes.get(code, ("", "", 0.0))
        if until <= self._clock.timestamp():
            raise ApiError(41050)
        self._used.add(code)
        return customer, userid
