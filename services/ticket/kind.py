"""The kinds of cases: each a process and the limits it runs under; a further kind is one more line."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.process import Process
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


KINDS: Mapping[Kind, CaseKind] = {Kind.REQUEST: CaseKind(TICKET, "诉求")}


def process_of(kind: Kind) -> Process:
    """The process of a kind of case."""
    return KINDS[kind].process
