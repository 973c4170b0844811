"""A KF session: who speaks for the account, and how often the API still may."""

from dataclasses import dataclass

from simulator.errors import ApiError

NEW, ASSISTANT, POOL, HUMAN, ENDED = range(5)
WINDOW_SECONDS = 48 * 3600
MESSAGES_PER_ANSWER = 5
ALLOWED = {NEW: (ASSISTANT, POOL, HUMAN), ASSISTANT: (POOL, HUMAN), POOL: (HUMAN,), HUMAN: (HUMAN, ENDED), ENDED: ()}
"""Only the transitions the documentation lists; those seen in third-party lists alone are refused."""


@dataclass
class Session:
    """What an account and a customer have with each other."""

    state: int = ENDED
    servicer: str = ""
    spoke_at: float | None = None
    welcomed_at: float | None = None
    entered_at: float | None = None
    sent: int = 0
    scene: str = ""
    scene_param: str = ""

    def age(self, now: float) -> None:
        """End the session when the customer has been silent for 48 hours."""
        if self.state != ENDED and (self.spoke_at is None or now - self.spoke_at > WINDOW_SECONDS):
            self.state, self.servicer = ENDED, ""

    def customer_spoke(self, now: float) -> None:
        """The customer wrote: a session begins if none was open, and five messages may follow."""
        if self.state == ENDED:
            self.state = NEW
        self.spoke_at = now
        self.sent = 0

    def silent(self, now: float) -> bool:
        """Whether the customer has neither written nor been welcomed for 48 hours, so a welcome may follow."""
        return all(at is None or now - at > WINDOW_SECONDS for at in (self.spoke_at, self.welcomed_at))

    def count_message(self, now: float) -> None:
        """Count a message of the API.

        Refuses: 95031 never asked, 95002 over 48 hours, 95013 ended, 95018 a person's, 95001 the sixth.
        The first answer moves a new session to the assistant.
        """
        if self.spoke_at is None:
            raise ApiError(95031, "customer has not asked")
        if now - self.spoke_at > WINDOW_SECONDS:
            raise ApiError(95002)
        if self.state == ENDED:
            raise ApiError(95013)
        if self.state not in (NEW, ASSISTANT):
            raise ApiError(95018)
        if self.sent >= MESSAGES_PER_ANSWER:
            raise ApiError(95001)
        self.sent += 1
        self.state = ASSISTANT

    def change(self, state: int, servicer: str) -> None:
        """Move to another state; 95016 when that is not allowed."""
        if state not in ALLOWED[self.state] or (state == self.state == HUMAN and servicer == self.servicer):
            raise ApiError(95016)
        self.state, self.servicer = state, servicer if state == HUMAN else ""
