"""The office's page of requests that say the same thing: what it means, its cases, and that the look is noted."""

from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from services.ticket.filing import file
from tests.console.conftest import Browser
from tests.factories import Cast
from tests.factories_ticket import make_ticket_cast
from tests.times import FRIDAY


def test_the_office_reads_what_may_be_one_class_of_case(browser: Browser, engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        cast = make_ticket_cast(session, county)
        for words in ("<b>路灯不亮", "路灯又不亮", "路灯不亮了", "想贷款 500 万元"):
            file(session, cast.draft(words, "基础设施"), by=cast.asker, now=FRIDAY)
    browser.sign_in("jixiao")

    page = browser.open("/rates/alike").text

    assert "路灯" in page
    assert "<b>路灯" not in page
    assert "3 件" in page
    assert "多半是同一个根子" in page
    assert all(f'href="/tickets/Q261120-000{n}"' in page for n in (1, 2, 3))
    assert "Q261120-0004" not in page
    with reading(engine) as session:
        looks = session.exec(select(AuditEntry).where(AuditEntry.action == "ticket.look_alike")).all()
        assert [(one.actor, one.details["classes"]) for one in looks] == [("jixiao", 1)]


def test_without_any_the_page_says_so(browser: Browser) -> None:
    browser.sign_in("jixiao")

    assert "没有三件以上说的是一回事" in browser.open("/rates/alike").text
    assert 'href="/rates/alike"' in browser.open("/rates").text
