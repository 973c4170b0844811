"""The burden guard: how often, when and to whom we may write without being asked."""

from datetime import datetime
from enum import StrEnum

from domain.calendar import Duty

REPORTING_PER_WEEK = 2
SPREAD_MINUTES = 8


class Kind(StrEnum):
    """What an unprompted message is for."""

    REPORTING = "reporting"
    WORK = "work"
    URGENT = "urgent"


class Decision(StrEnum):
    """Whether a message may go now, or why not: OFF_DUTY means later (see `send_at`), the others not at all."""

    ALLOWED = "allowed"
    ON_LEAVE = "on_leave"
    ENOUGH_THIS_WEEK = "enough_this_week"
    OFF_DUTY = "off_duty"

    @property
    def allowed(self) -> bool:
        """Whether it may go now."""
        return self is Decision.ALLOWED


def may_prompt(kind: Kind, *, sent_this_week: int, absent: bool, on_duty: bool) -> Decision:
    """Decide on one unprompted message to one person.

    `sent_this_week` counts the reporting messages already sent in the ISO week of sending. Nobody on leave is
    written to, urgent or not: the deputy is. Only urgent messages go outside duty hours.
    """
    if absent:
        return Decision.ON_LEAVE
    if kind is Kind.REPORTING and sent_this_week >= REPORTING_PER_WEEK:
        return Decision.ENOUGH_THIS_WEEK
    if not on_duty and kind is not Kind.URGENT:
        return Decision.OFF_DUTY
    return Decision.ALLOWED


def send_at(kind: Kind, wanted_at: datetime, account: str, duty: Duty) -> datetime:
    """When a message wanted at `wanted_at` is to go: in duty hours, spread by account, never at minute 0 or 30.

    An urgent one keeps its instant. Ask `may_prompt` about the day this gives: it may lie in another week or a leave.
    """
    if kind is Kind.URGENT:
        return wanted_at
    return duty.spread(wanted_at, account, SPREAD_MINUTES)
