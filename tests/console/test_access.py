"""Who may see what: every route for every kind of visitor, generated from the URL map."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from flask import Blueprint
from sqlalchemy import Engine

from bot.media.folder import MediaFolder
from console import NoAccessStated, register_page
from models.engine import writing
from models.media import MediaState
from models.person import Person, Role
from models.unit import Unit
from services.ticket.exclusion import ask_exclusion
from simulator import World
from tests.conftest import Service
from tests.console.conftest import Browser, NewBrowser
from tests.console.files import keep_file
from tests.factories import Cast, make_period, make_person, make_unit
from tests.factories_ticket import make_ticket_cast
from tests.times import FRIDAY

NOBODY = "nobody"
EVERYONE = frozenset(
    {NOBODY, "lihua", "zhangsan", "wangsuo", "nanqiao01", "nansuo", "juzhang", "jixiao", "yunwei"}
    | {"anquan", "shenji", "ducha", "xinchou"}
    | {"liansan", "lianwu", "wangzhang", "zhizhang"}
)
SIGNED_IN = EVERYONE - {NOBODY}
OPERATORS = frozenset({"yunwei"})
OFFICE = frozenset({"jixiao"})
# Whoever leads the grid, is on duty or of the office; the contact of the micro-grid owns its ticket.
GRID_LEADERS = frozenset({"wangzhang", "zhizhang", "jixiao"})
CONCERNED = GRID_LEADERS | {"liansan"}

# (endpoint, address) → who gets it. What is not listed for somebody answers 404, or sends them to sign in.
# An operator's forms work on records that do not exist here: a redirect back, or 404 for what cannot be revealed.
CELLS: dict[tuple[str, str], frozenset[str]] = {
    ("health.alive", "/healthz"): EVERYONE,
    ("health.ready", "/readyz"): EVERYONE,
    ("health.metrics", "/metrics"): EVERYONE,
    ("assets.static", "/static/console.css"): EVERYONE,
    ("login.enter", "/login"): EVERYONE,
    ("login.callback", "/login/callback"): EVERYONE,
    ("login.leave", "/logout"): EVERYONE,
    ("own.show", "/"): SIGNED_IN,
    ("own.show", "/?period=2026Q3"): SIGNED_IN,
    ("own.show", "/?period=2027Q1"): frozenset(),
    ("own.show", "/?period=unheard-of"): frozenset(),
    ("person.show", "/people/lihua"): frozenset({"lihua", "wangsuo", "juzhang"}),
    ("person.show", "/people/LIHUA"): frozenset({"lihua", "wangsuo", "juzhang"}),
    ("person.show", "/people/wangsuo"): frozenset({"wangsuo", "juzhang"}),
    ("person.show", "/people/juzhang"): frozenset({"juzhang"}),
    ("person.show", "/people/nanqiao01"): frozenset({"nanqiao01", "nansuo", "juzhang"}),
    ("person.show", "/people/lihua?period=2026Q3"): frozenset({"lihua", "wangsuo", "juzhang"}),
    ("person.show", "/people/zhangsan?period=unheard-of"): frozenset({"zhangsan"}),
    ("person.show", "/people/gone"): frozenset(),
    ("person.show", "/people/gone?period=2026Q3"): frozenset(),
    ("person.show", "/people/unheard-of"): frozenset(),
    ("unit.overview", "/unit"): frozenset({"wangsuo", "nansuo", "juzhang", "jixiao"}),
    ("unit.show", "/unit/CG"): frozenset({"wangsuo", "juzhang", "jixiao"}),
    ("unit.show", "/unit/NQ"): frozenset({"nansuo", "juzhang", "jixiao"}),
    ("unit.show", "/unit/JU"): frozenset({"juzhang", "jixiao"}),
    ("unit.show", "/unit/NQ?period=2026Q3"): frozenset({"nansuo", "juzhang", "jixiao"}),
    ("unit.show", "/unit/NQ?period=2027Q1"): frozenset(),
    ("unit.show", "/unit/unheard-of"): frozenset(),
    ("grid.overview", "/grids"): GRID_LEADERS,
    ("grid.show", "/grids/QY1"): GRID_LEADERS,
    ("grid.show", "/grids/GY1"): frozenset({"zhizhang", "jixiao"}),
    ("grid.show", "/grids/unheard-of"): frozenset(),
    ("ticket.show", "/tickets/Q261120-0001"): CONCERNED,
    ("ticket.show", "/tickets/q261120-0001"): CONCERNED,
    ("ticket.show", "/tickets/Q261120-0009"): frozenset(),
    ("ticket.leave_out", "/tickets/Q261120-0001/exclusion"): CONCERNED,
    ("sunshine.show", "/sunshine"): SIGNED_IN,
    ("sunshine.show", "/sunshine?period=unheard-of"): frozenset(),
    ("rate.show", "/rates"): OFFICE,
    ("rate.cases", "/rates/cases"): OFFICE,
    ("exclusion.show", "/rates/exclusions"): OFFICE,
    ("likeness.show", "/rates/alike"): OFFICE,
    ("exclusion.decide", "/rates/exclusions/1"): OFFICE,
    ("media.show", "/media/1"): frozenset({"lihua"}),
    ("media.show", "/media/2"): CONCERNED,
    ("media.show", "/media/3"): frozenset(),
    ("media.show", "/media/9"): frozenset(),
    ("operations.show", "/operations"): OPERATORS,
    ("inbox.show", "/operations/inbox"): OPERATORS,
    ("inbox.again", "/operations/inbox/1/again"): OPERATORS,
    ("outbox.show", "/operations/outbox"): OPERATORS,
    ("outbox.send_again", "/operations/outbox/1/resend"): OPERATORS,
    ("outbox.rest", "/operations/outbox/1/give-up"): OPERATORS,
    ("outbox.read", "/operations/outbox/1/reveal"): frozenset(),
    ("job.show", "/operations/jobs"): OPERATORS,
    ("audit.show", "/operations/audit"): frozenset({"shenji"}),
    ("role.show", "/operations/roles"): frozenset({"anquan"}),
    ("openapi.show", "/api/openapi.json"): EVERYONE,
    ("api.file", "/api/tickets"): frozenset(),
    ("api.find", "/api/tickets?outside_id=1"): frozenset(),
    ("api.show", "/api/tickets/Q261120-0001"): frozenset(),
}
# Public pages that answer otherwise than 200 without the data they wait for.
# Metrics are for this machine and for the token; these visitors come by the public name.
# Programs come with a key, which no person has.
WITH_KEY = dict.fromkeys(("api.file", "api.find", "api.show"), 401)
PUBLIC_ANSWERS = {"login.enter": 303, "login.callback": 400, "health.ready": 503, "health.metrics": 404, **WITH_KEY}


@pytest.fixture
def staff(engine: Engine, county: Cast, service: Service) -> None:
    """Everybody else whose rights differ: the bureau's leader, each separated role, and somebody who has left."""
    with writing(engine) as session:
        bureau = session.get_one(Unit, county.station.parent_id)
        make_person(session, "juzhang", "鞠章", bureau, Role.UNIT_LEADER)
        office = make_unit(session, "BM", "保密办", "机关单位", bureau)
        make_person(session, "anquan", "安泉", office, Role.SECURITY_ADMIN)
        make_person(session, "shenji", "沈记", office, Role.AUDITOR)
        make_person(session, "ducha", "杜查", office, Role.INSPECTOR)
        make_person(session, "xinchou", "辛筹", office, Role.PAYROLL)
        gone = make_person(session, "gone", "走了", county.station)
        gone.left_at = datetime(2026, 11, 1, tzinfo=UTC)
        make_period(session, "2026Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30))
        make_period(session, "2027Q1", "2027年第一季度", date(2027, 1, 1), date(2027, 3, 31))
        grids = make_ticket_cast(session, county)
        ticket, folder = grids.filed(session, FRIDAY), MediaFolder(service.settings.media_dir)
        keep_file(session, folder, sender="lihua")
        keep_file(session, folder, sender="kf:wk1:wm7001", ticket=ticket)
        keep_file(session, folder, sender="lihua", state=MediaState.FAILED)
        ask_exclusion(session, grids.filed(session, FRIDAY), "企业已注销", by=grids.liansan, now=FRIDAY)


@pytest.fixture
def visit_as(new_browser: NewBrowser, staff: None, world: World) -> Callable[[str], Browser]:
    def open_as(who: str) -> Browser:
        browser = new_browser()
        if who != NOBODY:
            if world.directory.find(who) is None:
                world.directory.add_member(who, who, departments=[1])
            assert browser.sign_in(who).status_code == 303
        return browser

    return open_as


def test_every_route_has_its_row(service: Service) -> None:
    routes = {rule.endpoint for rule in service.app.url_map.iter_rules()}

    assert routes == {endpoint for endpoint, _ in CELLS}


def test_every_address_leads_to_the_route_it_stands_for(service: Service) -> None:
    adapter = service.app.url_map.bind("localhost")
    for endpoint, address in CELLS:
        (rule,) = service.app.url_map.iter_rules(endpoint)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert adapter.match(address.partition("?")[0], method=method)[0] == endpoint


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_each_visitor_gets_what_is_theirs_and_nothing_else(
    service: Service, visit_as: Callable[[str], Browser], who: str
) -> None:
    browser = visit_as(who)
    answers = {}
    wanted = {}
    # Signing out comes last: it would end the visit.
    for endpoint, address in sorted(CELLS, key=lambda cell: cell[0] == "login.leave"):
        (rule,) = service.app.url_map.iter_rules(endpoint)
        is_form = "POST" in (rule.methods or ())
        form = {"reason": "有人来电问起"}
        answer = browser.post(address, form) if is_form else browser.open(address)
        answers[endpoint, address] = _kind(answer.status_code, answer.headers.get("Location", ""))
        wanted[endpoint, address] = _wanted(endpoint, address, who, is_form=is_form)

    assert answers == wanted


def _wanted(endpoint: str, address: str, who: str, *, is_form: bool) -> str:
    if endpoint in PUBLIC_ANSWERS:
        return "moved" if endpoint == "login.enter" and who != NOBODY else _kind(PUBLIC_ANSWERS[endpoint], "")
    if who in CELLS[endpoint, address]:
        own_page = address.lower().partition("?")[0] == f"/people/{who}"
        one_unit = endpoint == "unit.overview" and who in ("wangsuo", "nansuo")
        return "moved" if own_page or one_unit or (is_form and endpoint != "login.leave") else "shown"
    return "sign in" if who == NOBODY else "404"


def _kind(status: int, location: str) -> str:
    if status == 303:
        return "sign in" if location.startswith("/login?next=") else "moved"
    return "shown" if status == 200 else str(status)


def test_forms_without_their_token_change_nothing(visit_as: Callable[[str], Browser]) -> None:
    browser = visit_as("yunwei")

    for address in ("/operations/inbox/1/again", "/operations/outbox/1/resend", "/logout"):
        refused = browser.post(address, token=False)
        assert refused.status_code == 400
        assert "这一页放得太久了" in refused.text
    assert browser.open("/").status_code == 200


def test_a_form_from_another_site_changes_nothing(visit_as: Callable[[str], Browser]) -> None:
    browser = visit_as("yunwei")

    answer = browser.client.post(
        "/logout",
        base_url="https://linge.example.gov.cn",
        data={"csrf_token": browser.form_token()},
        headers={"Referer": "https://evil.example/"},
    )

    assert answer.status_code == 400


def test_a_leader_who_moves_sees_the_new_unit_only(
    visit_as: Callable[[str], Browser], engine: Engine, county: Cast
) -> None:
    browser = visit_as("wangsuo")
    assert browser.open("/people/lihua").status_code == 200
    with writing(engine) as session:
        session.get_one(Person, county.wangsuo.id).unit_id = county.nanqiao_officer.unit_id

    assert browser.open("/people/lihua").status_code == 404
    assert browser.open("/people/nanqiao01").status_code == 200


def test_a_page_that_says_nothing_about_access_does_not_start(service: Service) -> None:
    silent = ModuleType("console.silent")
    silent.pages = Blueprint("silent", __name__)  # type: ignore[attr-defined]  # what a page's file would define

    with pytest.raises(NoAccessStated, match=r"console\.silent"):
        register_page(service.app, silent)
