"""A solved request, a contact in time and a visit count by themselves towards the key results that name them."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from domain.ticket import TicketAction as A
from models.engine import reading
from models.okr import CheckIn, CountedSource, KeyResult, Report
from models.period import Period
from models.ticket import Ticket, TicketSource
from services.period import workdays
from services.report import take_back
from services.ticket.counts import counts_of
from services.ticket.deed import Doer
from services.ticket.filing import Draft, file
from tests.factories import make_objective
from tests.factories_ticket import TicketCast, do
from tests.times import FRIDAY, at
from tests.workbooks import COUNTY, OBJECTIVE_TITLES, faults_of, load, write_workbook

MONDAY = at("2026-11-23 09:00")
TUESDAY = at("2026-11-24 09:00")


@pytest.fixture
def key_result(session: Session, cast: TicketCast) -> KeyResult:
    """联三's key result that follows solved requests."""
    period = session.exec(select(Period)).one()
    objective = make_objective(session, period, cast.liansan, "把诉求办好", (("办结企业诉求", "0", "10", "件"),))
    found = session.exec(select(KeyResult).where(KeyResult.objective_id == objective.id)).one()
    found.source = CountedSource.SOLVED
    session.flush()
    return found


def counts(session: Session, cast: TicketCast) -> dict[CountedSource, int]:
    return counts_of(session, cast.liansan.id or 0, at("2026-10-01 00:00"), at("2027-01-01 00:00"))


def solve(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.FINISH, cast.liansan, MONDAY, text="好了")
    do(session, ticket, A.CONFIRM, cast.asker, MONDAY)


def test_what_was_done_is_counted_by_source(session: Session, cast: TicketCast, ticket: Ticket) -> None:
    do(session, ticket, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, ticket, A.CONTACT, cast.liansan, MONDAY, proof="上门", text="看过了")
    do(session, ticket, A.CONTACT, cast.liansan, MONDAY, proof="上门", text="又看了")
    late = cast.filed(session, FRIDAY)
    do(session, late, A.ACCEPT, cast.liansan, FRIDAY)
    do(session, late, A.CONTACT, cast.liansan, TUESDAY, proof="电话", text="晚了")
    visit = Draft("路灯不亮", source=TicketSource.VISIT, enterprise_id=cast.gudian.id)
    file(session, visit, by=Doer(person=cast.liansan), now=TUESDAY)

    assert counts(session, cast) == {
        CountedSource.SOLVED: 0,
        CountedSource.CONTACTED: 1,
        CountedSource.VISITED: 2,
    }


def test_a_solved_request_moves_the_key_result_at_once(
    session: Session, cast: TicketCast, ticket: Ticket, key_result: KeyResult
) -> None:
    solve(session, cast, ticket)

    assert key_result.current == 1
    (check_in,) = session.exec(select(CheckIn).where(CheckIn.key_result_id == key_result.id)).all()
    assert (check_in.value, check_in.note, check_in.week) == (Decimal(1), "自动计数", "2026-W47")
    assert session.get_one(Report, check_in.report_id).is_counted


def test_one_that_is_not_solved_after_all_moves_it_back(
    session: Session, cast: TicketCast, ticket: Ticket, key_result: KeyResult
) -> None:
    solve(session, cast, ticket)

    do(session, ticket, A.DENY, cast.asker, TUESDAY, text="又坏了")

    assert key_result.current == 0


def test_what_was_counted_is_not_taken_back_by_a_word(
    session: Session, cast: TicketCast, ticket: Ticket, key_result: KeyResult
) -> None:
    from domain.errors import DomainError

    solve(session, cast, ticket)

    with pytest.raises(DomainError, match="没有可以撤销"):
        take_back(session, by=cast.liansan, now=MONDAY, days=workdays(session))


def test_the_workbook_names_the_source(engine: Engine, tmp_path: Path) -> None:
    titles = [*OBJECTIVE_TITLES, "来源"]
    row = ["2026Q4", "lihua", None, 1, "办好诉求", 1, "办结诉求", None, 10, "件"]
    right = write_workbook(tmp_path / "a.xlsx", {**COUNTY, "目标": [titles, [*row, "办结诉求"]]})
    wrong = write_workbook(tmp_path / "b.xlsx", {**COUNTY, "目标": [titles, [*row, "步数"]]})

    load(engine, right)

    with reading(engine) as session:
        assert session.exec(select(KeyResult.source)).one() is CountedSource.SOLVED
    assert load(engine, right).counts["目标"].unchanged == 1
    assert "来源" in faults_of(engine, wrong)[0]
