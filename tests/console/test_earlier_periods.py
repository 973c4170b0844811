"""Earlier periods on the own page, a person's page and a unit's board."""

from sqlalchemy import Engine
from sqlmodel import col, select

from models.audit import AuditEntry
from models.engine import reading
from tests.console.conftest import Browser


def test_my_page_shows_an_earlier_period_with_its_history_and_asks_for_nothing(
    browser: Browser, last_quarter: None
) -> None:
    browser.sign_in("lihua")
    now = browser.open("/").text
    assert '<option value="2026Q4" selected>2026年第四季度</option>' in now
    assert '<option value="2026Q3">2026年第三季度</option>' in now
    assert "2027Q1" not in now

    page = browser.open("/?period=2026Q3").text

    assert '<option value="2026Q3" selected>' in page
    assert "7月1日 到 9月30日，已经结束" in page
    assert "<b>15</b><span>/20 次</span><em>75%</em>" in page
    assert "全部进展 2 次" in page
    assert "守好一方平安" not in page
    for words in ("还没报", "都报齐了", "本周", "还剩"):
        assert words not in page


def test_the_running_period_by_its_code_is_the_page_as_it_opens(browser: Browser, last_quarter: None) -> None:
    browser.sign_in("lihua")

    assert "第47周还有 5 项没报" in browser.open("/?period=2026Q4").text


def test_a_board_shows_how_far_an_earlier_period_got_and_no_week_of_it(browser: Browser, last_quarter: None) -> None:
    browser.sign_in("wangsuo")

    board = browser.open("/unit/CG?period=2026Q3").text

    assert "2026年第三季度" in board
    assert 'href="/people/lihua?period=2026Q3"' in board
    assert "<em>75%</em>" in board
    for words in ("第47周", "应报", "还差", "卡住", "已报"):
        assert words not in board
    assert "夜间巡查" in browser.open("/people/lihua?period=2026Q3").text


def test_a_look_at_an_earlier_period_is_noted_with_the_period(
    browser: Browser, engine: Engine, last_quarter: None
) -> None:
    browser.sign_in("wangsuo")
    browser.open("/unit/CG?period=2026Q3")
    browser.open("/people/lihua?period=2026Q3")

    with reading(engine) as session:
        looks = session.exec(select(AuditEntry).where(col(AuditEntry.action).endswith(".look"))).all()
        assert [entry.details for entry in looks] == [{"period": "2026Q3"}] * 2
