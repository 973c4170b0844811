"""Whom the clock has just told of due times, and whether it should have."""

from typing import TYPE_CHECKING

from sqlmodel import col, select

from models.engine import reading
from models.message import OutboxMessage
from models.ticket import Ticket
from tests.simulated.minutes import day_of, minute_of

if TYPE_CHECKING:
    from tests.simulated.quarter import Quarter

# Ticket, clock, due time, when it may be told, role, person.
ESCALATED = "ticket:%:%:%:%:%:%"


def wrongly_told(quarter: "Quarter", now: int) -> list[str]:
    """Whom the clock has just told of due times, against who should be."""
    wrong: list[str] = []
    with reading(quarter.engine) as session:
        query = select(OutboxMessage).where(
            col(OutboxMessage.id) > quarter.seen, col(OutboxMessage.key).like(ESCALATED)
        )
        for row in session.exec(query.order_by(col(OutboxMessage.id))).all():
            quarter.seen = max(quarter.seen, row.id or 0)
            _, ticket_id, which, *_, role, _ = row.key.split(":")
            ticket = session.get_one(Ticket, int(ticket_id))
            grid, day, owner = quarter.grids[ticket.grid_id or 0], day_of(now), quarter.accounts[ticket.owner_id]
            wanted = {
                "owner": lambda: quarter.posts.owner_told(grid, ticket.category, owner, day),  # noqa: B023 called at once
                "grid_leader": lambda: quarter.posts.grid_leader_told(grid, owner, day),  # noqa: B023 called at once
                "duty_leader": lambda: quarter.posts.on_duty(day),  # noqa: B023 called at once
            }[role]()
            told = quarter.accounts[row.person_id or 0]
            leaves = minute_of(row.due_at.replace(second=0, microsecond=0))
            if told != wanted:
                wrong.append(f"{ticket.number} {which} {role}: told {told} instead of {wanted} on {day}")
            if not quarter.count_at(now).is_on_duty(leaves) or quarter.posts.is_away(told, day_of(leaves)):
                wrong.append(f"{ticket.number} {which} {role}: told {told} at a time of rest")
    return wrong
