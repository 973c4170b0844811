"""The kinds of cases: each a process and the limits it runs under; a further kind is one more line."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.process import Action, Process
from domain.report_case import REPORT
from domain.sla import ACCEPT, FIRST_CONTACT, Limit
from domain.ticket import TICKET
from domain.ticket_number import Kind


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: its process, its word, and how long accepting and the first contact may take."""

    process: Process
    word: str
    accept: Limit = ACCEPT
    contact: Limit = FIRST_CONTACT


# A resident hears within a working hour.
_SOON = Limit(minutes=60)
KINDS: Mapping[Kind, CaseKind] = {
    Kind.REQUEST: CaseKind(TICKET, "诉求"),
    Kind.REPORT: CaseKind(REPORT, "上报", accept=_SOON, contact=_SOON),
}
# Every action that any kind knows, by its code; where several kinds have one, in the words of the first.
ACTIONS: Mapping[str, Action] = {
    code: action for kind in reversed([*KINDS.values()]) for code, action in kind.process.actions.items()
}


def process_of(kind: Kind) -> Process:
    """The process of a kind of case."""
    return KINDS[kind].process
