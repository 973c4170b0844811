"""What the pages show, to whom it is noted, and how many queries they cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from domain.calendar import at, monday_of
from domain.okr import Confidence
from models.audit import AuditEntry
from models.engine import reading, writing
from models.okr import CheckIn, KeyResult, Objective, Report
from models.person import Absence, AbsenceSource, Person, PersonRole, Role
from tests.console.conftest import Browser
from tests.factories import LIHUA, Cast, make_objective, make_person, make_unit


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile, without the browser's login."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def say(
    session: Session,
    person: Person,
    number: int,
    week: str,
    value: str,
    *,
    confidence: Confidence | None = None,
    note: str = "",
    undone: bool = False,
) -> None:
    """What a report in chat leaves behind."""
    query = select(KeyResult).join(Objective).where(Objective.person_id == person.id, KeyResult.number == number)
    key_result = session.exec(query.order_by(col(KeyResult.id))).first()
    assert key_result is not None
    assert person.id is not None
    assert key_result.id is not None
    when = at(monday_of(week) + timedelta(days=4), "15:10")
    report = Report(person_id=person.id, week=week, text="", sent_at=when)
    session.add(report)
    session.flush()
    assert report.id is not None
    session.add(
        CheckIn(
            report_id=report.id,
            key_result_id=key_result.id,
            week=week,
            value=Decimal(value),
            confidence=confidence,
            note=note,
            reported_at=when,
            undone_at=when if undone else None,
        )
    )
    if not undone:
        key_result.current, key_result.confidence, key_result.note = Decimal(value), confidence, note
        key_result.reported_week, key_result.reported_at = week, when


@pytest.fixture
def reports(engine: Engine, county: Cast) -> None:
    with writing(engine) as session:
        say(session, county.lihua, 1, "2026-W46", "23")
        say(session, county.lihua, 1, "2026-W47", "350", undone=True)
        say(session, county.lihua, 1, "2026-W47", "34")
        say(session, county.lihua, 1, "2026-W47", "35", confidence=Confidence.CONFIDENT, note="<b>两个小区</b>")
        say(session, county.lihua, 3, "2026-W46", "0", confidence=Confidence.AT_RISK, note="没权限，等科技通信室")
        say(session, county.zhangsan, 1, "2026-W47", "4", confidence=Confidence.AT_RISK)


def test_my_page_tells_the_period_and_every_key_result(browser: Browser, reports: None) -> None:
    browser.sign_in("lihua")

    page = browser.open("/").text

    for words in ("2026年第四季度", "还剩 41 天", "守好一方平安", "第47周还有 4 项没报，周一 10:00 前"):
        assert words in page
    for title, *_ in LIHUA:
        assert title in page
    assert "<b>35</b><span>/50 户</span><em>70%</em>" in page
    assert "全部进展 4 次" in page


def test_undone_and_replaced_check_ins_are_shown_as_such(browser: Browser, reports: None) -> None:
    browser.sign_in("lihua")

    page = browser.open("/").text

    assert page.count('<li class="undone">') == 1
    assert page.count('<li class="replaced">') == 1
    assert page.count('<circle class="plot-gone"') == 2
    assert "已撤销" in page
    assert "后来改了" in page


def test_what_people_type_stays_text(browser: Browser, reports: None) -> None:
    browser.sign_in("lihua")

    page = browser.open("/").text

    assert "<b>两个小区</b>" not in page
    assert "&lt;b&gt;两个小区&lt;/b&gt;" in page


def test_without_objectives_the_page_says_what_to_do(browser: Browser) -> None:
    browser.sign_in("nanqiao01")

    assert "这个周期还没有目标" in browser.open("/").text


def test_a_leader_sees_what_is_stuck_first_and_then_what_is_doubtful(browser: Browser, reports: None) -> None:
    browser.sign_in("wangsuo")

    page = browser.open("/unit/CG").text

    stuck, doubtful, all_ = (page.index(words) for words in ("卡住的 1 件", "信心不足 1 件", "全体"))
    assert stuck < page.index("没权限，等科技通信室") < doubtful < page.index("4/40 户") < all_
    assert "第46周说的" in page


def test_a_board_counts_those_who_are_missing_and_does_not_list_them(
    browser: Browser, engine: Engine, county: Cast
) -> None:
    with writing(engine) as session:
        say(session, county.zhangsan, 1, "2026-W47", "4")
    browser.sign_in("wangsuo")

    page = browser.open("/unit/CG").text

    assert "<dt>应报</dt><dd>2</dd>" in page
    assert "<dt>已报</dt><dd>1</dd>" in page
    assert "<dt>还差</dt><dd>1</dd>" in page
    assert "未报" not in page
    assert "没报" not in page


def test_whoever_is_on_leave_is_not_missing(browser: Browser, engine: Engine, county: Cast) -> None:
    assert county.lihua.id is not None
    with writing(engine) as session:
        session.add(
            Absence(
                person_id=county.lihua.id,
                starts_on=date(2026, 11, 19),
                ends_on=date(2026, 11, 21),
                source=AbsenceSource.CHAT,
            )
        )
    browser.sign_in("wangsuo")

    page = browser.open("/unit/CG").text

    assert "<dt>请假</dt><dd>1</dd>" in page
    assert "<dt>还差</dt><dd>1</dd>" in page


def test_the_office_chooses_among_all_units_and_opens_no_one_s_page(browser: Browser, reports: None) -> None:
    browser.sign_in("jixiao")

    overview, board = browser.open("/unit").text, browser.open("/unit/CG").text

    for unit in ("县公安局", "城关所", "南桥所", "绩效办"):
        assert f">{unit}</option>" in overview
    assert "/people/" not in board
    assert browser.open("/unit?code=NQ").headers["Location"] == "/unit/NQ"


def test_who_is_both_leader_and_office_opens_the_pages_of_their_own_unit_only(
    browser: Browser, engine: Engine, county: Cast
) -> None:
    assert county.wangsuo.id is not None
    with writing(engine) as session:
        session.add(PersonRole(person_id=county.wangsuo.id, role=Role.OFFICE))
    browser.sign_in("wangsuo")

    assert 'href="/people/lihua"' in browser.open("/unit/CG").text
    assert "/people/" not in browser.open("/unit/NQ").text


def test_the_overview_and_the_board_agree(browser: Browser, reports: None) -> None:
    browser.sign_in("jixiao")

    row = browser.open("/unit").text.partition('href="/unit/CG"')[2].partition("</tr>")[0]

    assert [cell.partition("<")[0] for cell in row.split('<td class="n">')[1:5]] == ["2", "2", "0", "0"]
    assert '<span class="chip risk">2</span>' in row


def test_looking_at_others_is_noted_and_at_oneself_is_not(browser: Browser, engine: Engine, county: Cast) -> None:
    browser.sign_in("wangsuo")
    for path in ("/", "/people/lihua", "/people/wangsuo", "/people/nanqiao01", "/unit/CG"):
        browser.open(path)

    with reading(engine) as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        looks = [(entry.action, entry.subject, entry.actor) for entry in entries if entry.action != "login.open"]
    assert looks == [
        ("person.look", f"person:{county.lihua.id}", "wangsuo"),
        ("unit.look", f"unit:{county.station.id}", "wangsuo"),
    ]


# What a page costs, however much there is: the login and rights, whether the menu offers
# grids, the page's own, and one entry where a look is noted.
@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("lihua", "/", 7),
        ("lihua", "/?period=2026Q3", 6),
        ("wangsuo", "/people/lihua", 10),
        ("wangsuo", "/people/lihua?period=2026Q3", 9),
        ("wangsuo", "/unit/CG", 9),
        ("wangsuo", "/unit/CG?period=2026Q3", 8),
        ("jixiao", "/unit", 4),
    ],
)
def test_a_page_costs_the_same_queries_however_much_there_is(
    browser: Browser, engine: Engine, county: Cast, last_quarter: None, who: str, path: str, most: int
) -> None:
    browser.sign_in(who)
    with counted(engine) as before:
        assert browser.open(path).status_code == 200
    with writing(engine) as session:
        for n in range(8):
            one = make_person(session, f"more{n}", f"添{n}", county.station)
            make_objective(session, county.period, one, "守好一方平安", LIHUA)
            make_unit(session, f"more{n}", f"添{n}所", "派出所", county.station)
        for week in range(41, 48):
            for number in range(1, 6):
                say(session, county.lihua, number, f"2026-W{week}", "1")
    with counted(engine) as after:
        assert browser.open(path).status_code == 200

    before, after = ([one for one in made if not one.startswith("BEGIN")] for made in (before, after))
    # The check-ins are only looked up where there are any.
    assert len(after) <= len(before) + 1
    assert len(after) <= most, after
