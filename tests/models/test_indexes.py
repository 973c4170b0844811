"""What runs every second, every minute or over years of messages finds its rows by an index."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from bot.job_run import jobs_with_work
from bot.registry import JOBS
from domain.calendar import Workdays
from migrations import migrate
from models.engine import open_database, writing
from services.login import use_state
from services.queue import queues, unsent
from services.retention import purge
from services.ticket.escalate import due_notices
from services.ticket.grid_board import Scope, board, open_lines
from services.ticket.likeness import case_classes
from services.ticket.rates import Division, rate_rows
from services.ticket.span import Span
from tests.times import FRIDAY

COUNTY = Scope(None)
YEAR = Span("2026", "全年", date(2026, 1, 1), date(2026, 12, 31))
GROWS = ("inbox_message", "outbox_message", "login", "used_state", "media_file")


def plans_of(engine: Engine, ask: Callable[[Session], object]) -> list[str]:
    """How SQLite finds the rows of each statement."""
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with writing(engine) as session:
        ask(session)
        session.flush()
    with engine.connect() as connection:
        statements = [one for one in asked if not one[0].startswith("INSERT")]
        return [
            row[-1]
            for sql, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (
            lambda session: purge(session, now=FRIDAY),
            {
                "ix_inbox_message_received_at_with_body",
                "ix_outbox_message_created_at_with_payload",
                "ix_login_expires_at",
                "ix_used_state_expires_at",
                "ix_media_file_purge_at",
            },
        ),
        (unsent, {"ix_outbox_message_state_priority_due_at"}),
        (lambda session: queues(session, now=FRIDAY), {"ix_outbox_message_state_priority_due_at"}),
        (
            lambda session: jobs_with_work(session, JOBS.values(), FRIDAY, Workdays()),
            {"ix_job_run_lease_until", "sqlite_autoindex_job_run_1"},
        ),
        (
            lambda session: use_state(session, "0" * 64, expires_at=FRIDAY + timedelta(minutes=1), now=FRIDAY),
            {"ix_used_state_expires_at"},
        ),
        (
            lambda session: board(session, COUNTY, now=FRIDAY, most=0),
            {"ticket USING COVERING INDEX ix_ticket_open_by_grid"},
        ),
        (
            lambda session: open_lines(session, COUNTY, now=FRIDAY, is_late=True),
            {"ticket USING COVERING INDEX ix_ticket_open_by_due"},
        ),
        (
            lambda session: rate_rows(session, Division.GRID, YEAR, now=FRIDAY),
            {"ticket USING COVERING INDEX ix_ticket_rates", "ix_ticket_pause_ticket_id"},
        ),
        (
            lambda session: rate_rows(session, Division.UNIT, YEAR, now=FRIDAY),
            {"ticket USING COVERING INDEX ix_ticket_rates"},
        ),
        (lambda session: due_notices(session, now=FRIDAY), {"ix_ticket_clock_next_at"}),
        (lambda session: case_classes(session, now=FRIDAY), {"ix_ticket_opened_at"}),
    ],
    ids=[
        *("purge", "unsent", "queues", "jobs_with_work", "use_state"),
        *("board", "late", "rates by grid", "rates by unit", "sweep", "likeness"),
    ],
)
def test_rows_are_found_by_an_index(ask: Callable[[Session], object], indexes: set[str], tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/plans.db")
    migrate(engine)

    plans = plans_of(engine, ask)
    engine.dispose()

    assert {index for index in indexes if not any(index in plan for plan in plans)} == set()
    assert [plan for plan in plans if plan in {f"SCAN {table}" for table in GROWS}] == []
