"""Requests of the last 30 days that say the same thing: three or more are proposed as one class of case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.likeness import alike
from domain.ticket import TicketState
from domain.ticket_number import Kind
from models.ticket import Ticket
from services.ticket.listing import Line, lines_of

LOOKED_BACK = timedelta(days=30)
# The newest of a category that are compared, however many there are: what keeps the page quick.
MOST_COMPARED = 300
MOST_CLASSES = 20
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CaseClass:
    """Requests of one category that are alike, the newest first; `summary` says best what they are about.

    `many` counts all of them, `lines` are the newest 50; `askers` counts the enterprises among these.
    """

    category: str
    summary: str
    many: int
    askers: int
    lines: tuple[Line, ...]


def case_classes(session: Session, *, now: datetime) -> list[CaseClass]:
    """The classes proposed, the largest first, at most 20; of each category the newest 300 requests are compared.

    Open and closed ones count, those withdrawn do not.
    """
    texts: dict[str, list[tuple[int, str]]] = {}
    for id_, category, summary in session.exec(_lately(now)):
        texts.setdefault(category, []).append((id_, summary))
    found = [
        (category, said[group.first][1], [said[at][0] for at in group.members])
        for category, said in texts.items()
        for group in alike([summary for _, summary in said])
    ]
    found.sort(key=lambda one: -len(one[2]))
    found = found[:MOST_CLASSES]
    shown = {id_ for _, _, ids in found for id_ in ids[:MOST_SHOWN]}
    tickets = session.exec(select(Ticket).where(col(Ticket.id).in_(shown))).all()
    lines = {line.ticket.id: line for line in lines_of(session, tickets, now=now)}
    return [
        _class(category, summary, len(ids), tuple(lines[id_] for id_ in ids[:MOST_SHOWN]))
        for category, summary, ids in found
    ]


def _lately(now: datetime) -> Any:
    newest = (
        select(
            col(Ticket.id),
            func.row_number()
            .over(
                partition_by=(col(Ticket.kind), col(Ticket.category)),
                order_by=(col(Ticket.opened_at).desc(), col(Ticket.id).desc()),
            )
            .label("place"),
        )
        .where(col(Ticket.opened_at) >= now - LOOKED_BACK)
        .subquery()
    )
    return (
        select(Ticket.id, Ticket.category, Ticket.summary)
        .join(newest, newest.c.id == col(Ticket.id))
        .where(newest.c.place <= MOST_COMPARED)
        .where(col(Ticket.kind) == Kind.REQUEST, col(Ticket.state) != TicketState.WITHDRAWN)
        .order_by(col(Ticket.opened_at).desc(), col(Ticket.id).desc())
    )


def _class(category: str, summary: str, many: int, lines: tuple[Line, ...]) -> CaseClass:
    return CaseClass(category, summary, many, len({line.asker for line in lines}), lines)
