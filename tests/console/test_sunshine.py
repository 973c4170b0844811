"""阳光榜: first places and who rose for everybody, the whole table for the office, no person anywhere."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.ticket import TicketAction as A
from models.engine import writing
from models.grid import Grid, GridKind
from services.ticket.filing import Draft, file
from tests.console.conftest import Browser
from tests.console.test_pages import counted
from tests.factories import Cast
from tests.factories_ticket import CUSTOMER, TicketCast, do, make_grid, make_ticket_cast
from tests.times import MovableClock, at

OCTOBER, NOVEMBER = at("2026-10-12 09:00"), at("2026-11-09 09:00")


@pytest.fixture
def two_months(engine: Engine, county: Cast, clock: MovableClock) -> None:
    """Three grids: in October 东湖四网格 alone solved its case, in November it alone did not."""
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
        others = [
            make_grid(session, code, name, GridKind.ENTERPRISE, cast.industrial)
            for code, name in (("QY3", "东湖三网格"), ("QY4", "东湖四网格"))
        ]
        for grid in (cast.enterprise_grid, *others):
            for begin in (OCTOBER, NOVEMBER):
                end(session, cast, grid, begin, is_solved=(grid.code == "QY4") is (begin is OCTOBER))
    clock.set(at("2026-11-30 15:07"))


def end(session: Session, cast: TicketCast, grid: Grid, begin: datetime, *, is_solved: bool) -> None:
    """A case of the grid, brought to its end within two days and then confirmed, or denied and never solved."""
    draft = Draft("招普工", category="用工", grid_id=grid.id, requester_id=CUSTOMER, requester_name="固小姐")
    ticket = file(session, draft, by=cast.asker, now=begin).ticket
    day = timedelta(days=1)
    do(session, ticket, A.REASSIGN, cast.duty_leader, begin, target="liansan", reason="他在")
    do(session, ticket, A.ACCEPT, cast.liansan, begin)
    do(session, ticket, A.FINISH, cast.liansan, begin + day, text="办好了")
    if is_solved:
        do(session, ticket, A.CONFIRM, cast.asker, begin + 2 * day)
    else:
        do(session, ticket, A.DENY, cast.asker, begin + 2 * day, reason="没来人")


def test_everybody_reads_who_is_first_and_who_rose_and_nobody_else(browser: Browser, two_months: None) -> None:
    browser.sign_in("lihua")

    page = browser.open("/sunshine").text

    assert "3 个网格有到期的诉求" in page
    assert "东湖一网格" in page
    assert "升 1 位" in page
    assert "东湖四网格" not in page
    assert "联三" not in page
    assert browser.open("/sunshine?period=2026Q4").status_code == 404


def test_the_office_reads_the_whole_table(browser: Browser, engine: Engine, two_months: None) -> None:
    browser.sign_in("jixiao")

    with counted(engine) as statements:
        page = browser.open("/sunshine").text
    october = browser.open("/sunshine?period=2026-10").text

    assert page.index("东湖一网格") < page.index("东湖三网格") < page.index("东湖四网格")
    assert "0.00%" in page
    assert october.index("东湖四网格") < october.index("东湖一网格")
    assert "联三" not in page
    assert len(statements) <= 8, statements
