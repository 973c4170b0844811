"""The pages of tickets: a leader's board, a ticket with its log, the three rates, and what is left out of them."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain.ticket import TicketAction as A
from models.audit import AuditEntry
from models.engine import reading, writing
from models.person import Role
from models.ticket import Ticket
from models.unit import Unit
from simulator import World
from tests.console.conftest import Browser, NewBrowser
from tests.console.test_pages import counted
from tests.factories import Cast, make_person
from tests.factories_ticket import WANTED, TicketCast, do, make_ticket_cast
from tests.times import FRIDAY, MovableClock
from tests.times import at as local

AFTER_DUE = local("2026-11-30 09:00")
NUMBER = "Q261120-0001"


@pytest.fixture
def grids(engine: Engine, county: Cast, world: World) -> TicketCast:
    """The grids with their people, who are members of the simulated WeCom, and a second clerk."""
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
        make_person(session, "jixiao2", "纪二", session.get_one(Unit, county.clerk.unit_id), Role.OFFICE)
    people = (cast.liansan, cast.grid_leader, cast.duty_leader, cast.other_contact)
    for account, name in (*((one.account, one.name) for one in people), ("jixiao2", "纪二")):
        world.directory.add_member(account, name, departments=[1])
    return cast


@pytest.fixture
def tickets(engine: Engine, grids: TicketCast) -> None:
    """Three requests of Friday: one solved to satisfaction, one answered late, one nobody took."""
    with writing(engine) as session:
        first, second, _ = (grids.filed(session, FRIDAY) for _ in range(3))
        do(session, first, A.ACCEPT, grids.liansan, FRIDAY)
        do(session, first, A.CONTACT, grids.liansan, local("2026-11-23 09:00"), proof="电话", text="<b>约好上门</b>")
        do(session, first, A.FINISH, grids.liansan, local("2026-11-24 09:00"), text="已招 30 人")
        do(session, first, A.CONFIRM, grids.asker, local("2026-11-24 10:00"))
        do(session, first, A.RATE, grids.asker, local("2026-11-24 10:00"), rating="满意")
        do(session, second, A.ACCEPT, grids.liansan, FRIDAY)
        do(session, second, A.CONTACT, grids.liansan, local("2026-11-26 09:00"), proof="上门", text="看过了")


@pytest.fixture
def later(clock: MovableClock, tickets: None) -> None:
    """Monday ten days on, when all three have fallen due."""
    clock.set(AFTER_DUE)


def test_a_grid_leader_sees_what_is_open_and_late(browser: Browser, later: None) -> None:
    browser.sign_in("wangzhang")

    page = browser.open("/grids").text

    assert "在办 2 件" in page
    for label, many in (("待接单", 1), ("办理中", 1), ("超时没接单", 1), ("超时没联系", 1), ("超时没办结", 2)):
        assert f"<dt>{label}</dt><dd>{many}</dd>" in page
    assert page.index("Q261120-0002") < page.index("Q261120-0003")
    assert NUMBER not in page
    assert 'href="/grids"' in page
    assert browser.open("/grids/QY1?late=1").text.count("· 超时") == 2


def test_a_board_goes_on_behind_its_first_fifty(browser: Browser, engine: Engine, grids: TicketCast) -> None:
    with writing(engine) as session:
        for _ in range(53):
            grids.filed(session, FRIDAY)
    browser.sign_in("zhizhang")

    first = browser.open("/grids").text
    behind = browser.open("/grids?after=50").text

    assert "在办 53 件" in first
    assert "Q261120-0050" in first
    assert "Q261120-0051" not in first
    assert 'href="/grids?after=50"' in first
    assert behind.count('href="/tickets/') == 3
    assert "后面 50 件" not in behind
    assert browser.open("/grids?after=99999999999999999999").status_code == 404


def test_a_contact_has_no_board_and_no_way_to_one(browser: Browser, tickets: None) -> None:
    browser.sign_in("liansan")

    assert browser.open("/grids").status_code == 404
    assert "/grids" not in browser.open("/").text


def test_a_ticket_shows_its_log_to_its_owner_and_the_look_is_noted(
    browser: Browser, engine: Engine, tickets: None
) -> None:
    browser.sign_in("liansan")

    page = browser.open(f"/tickets/{NUMBER}").text

    for words in ("固电电子有限公司", WANTED, "已办结", "联三", "东湖一网格 1 微网格", "电话", "已招 30 人"):
        assert words in page
    assert "&lt;b&gt;约好上门&lt;/b&gt;" in page
    assert page.index("约好上门") < page.index("已招 30 人")
    with reading(engine) as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.look")).all()
        assert [(one.actor, one.subject) for one in noted] == [("liansan", "ticket:1")]


@pytest.mark.parametrize("who", ["lianwu", "nanqiao01", "nansuo"])
def test_a_ticket_of_others_does_not_exist(browser: Browser, tickets: None, who: str) -> None:
    browser.sign_in(who)

    assert browser.open(f"/tickets/{NUMBER}").status_code == 404
    assert browser.post(f"/tickets/{NUMBER}/exclusion", {"reason": "企业已注销"}).status_code == 404


def test_the_rates_are_told_by_grid_with_their_cases(browser: Browser, engine: Engine, later: None) -> None:
    browser.sign_in("jixiao")

    page = browser.open("/rates?period=2026-11").text

    assert "东湖一网格" in page
    for figure in ("<b>33.33%</b>", "<b>100.00%</b>", "20.7–100.0"):
        assert figure in page
    assert "/rates/cases?by=grid&amp;key=QY1&amp;period=2026-11&amp;what=answered" in page
    cases = browser.open("/rates/cases?by=grid&key=QY1&period=2026-11&what=answered").text
    assert NUMBER in cases
    assert "Q261120-0002" not in cases
    late = browser.open("/rates/cases?by=unit&key=CG&period=2026Q4&what=late").text
    assert NUMBER not in late
    assert "Q261120-0002" in late
    with reading(engine) as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.look_cases")).all()
        assert [one.details["measure"] for one in noted] == ["answered", "late"]


@pytest.mark.parametrize(
    "path",
    ["/rates?by=person", "/rates?period=2026-13", "/rates?sort=luck", "/rates/cases?what=all", "/rates/cases?page=-1"],
)
def test_what_is_not_a_choice_is_not_a_page(browser: Browser, grids: TicketCast, path: str) -> None:
    browser.sign_in("jixiao")

    assert browser.open(path).status_code == 404


def test_a_case_leaves_the_rates_when_another_clerk_approves(
    new_browser: NewBrowser, engine: Engine, later: None
) -> None:
    contact, clerk, other = (new_browser() for _ in range(3))
    for browser, who in ((contact, "liansan"), (clerk, "jixiao"), (other, "jixiao2")):
        browser.sign_in(who)
    assert contact.post("/tickets/Q261120-0003/exclusion", {"reason": " "}).status_code == 409
    assert clerk.post("/tickets/Q261120-0003/exclusion", {"reason": "企业已注销"}).status_code == 303
    assert contact.post("/tickets/Q261120-0003/exclusion", {"reason": "再申请一次"}).status_code == 409
    assert "等绩效办定" in contact.open("/tickets/Q261120-0003").text

    refused = clerk.post("/rates/exclusions/1", {"approved": "yes"})
    assert "自己申请的要由别人来定" in refused.text
    assert other.post("/rates/exclusions/1", {"approved": "yes"}, token=False).status_code == 400
    assert "企业已注销" in other.open("/rates/exclusions").text
    assert other.post("/rates/exclusions/1", {"approved": "yes"}).status_code == 303

    page = other.open("/rates?period=2026-11").text
    assert "<b>50.00%</b>" in page
    assert "what=excluded" in page
    assert "纪二" in contact.open("/tickets/Q261120-0003").text
    with reading(engine) as session:
        assert session.exec(select(Ticket.is_excluded).where(Ticket.number == "Q261120-0003")).one()
        actions = session.exec(select(AuditEntry.action)).all()
        assert {"ticket.ask_exclusion", "ticket.exclude"} <= set(actions)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/grids", 9),
        ("/grids/QY1", 11),
        (f"/tickets/{NUMBER}", 12),
        ("/rates", 5),
        ("/rates?by=unit", 5),
        ("/rates/cases?what=due", 8),
        ("/rates/exclusions", 4),
    ],
)
def test_a_page_of_tickets_costs_the_same_queries_however_many_there_are(
    browser: Browser, engine: Engine, grids: TicketCast, later: None, path: str, most: int
) -> None:
    browser.sign_in("jixiao")
    with counted(engine) as before:
        assert browser.open(path).status_code == 200
    with writing(engine) as session:
        for _ in range(12):
            grids.filed(session, FRIDAY)

    with counted(engine) as after:
        assert browser.open(path).status_code == 200

    assert len(after) == len(before) <= most, after
