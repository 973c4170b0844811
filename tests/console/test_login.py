"""Signing in with WeCom: bound to one browser, once, for a while, and never away from our origin."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.audit import AuditEntry
from models.engine import reading, writing
from models.login import Login, UsedState
from models.person import Person, PersonRole, Role
from simulator import World
from tests.conftest import Service
from tests.console.conftest import IN_WECOM, Browser, NewBrowser, code_for
from tests.console.outside import HOME
from tests.console.test_pages import counted
from tests.factories import Cast
from tests.times import MovableClock


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back(browser: Browser) -> None:
    away = browser.open("/?from=chat")

    assert away.status_code == 303
    assert away.headers["Location"] == "/login?next=/?from%3Dchat"
    back = browser.sign_in("lihua", away.headers["Location"])
    assert (back.status_code, back.headers["Location"]) == (303, "/?from=chat")
    assert "我的目标" in browser.open("/").text


def test_inside_wecom_the_silent_page_signs_in(browser: Browser, service: Service) -> None:
    page = browser.open("/login", headers=IN_WECOM).headers["Location"]

    assert urlsplit(page).path == "/connect/oauth2/authorize"
    assert page.endswith("#wechat_redirect")
    asked = query_of(page)
    assert asked["appid"] == service.settings.wecom_corp_id
    assert asked["agentid"] == str(service.settings.wecom_agent_id)
    assert asked["redirect_uri"] == f"{HOME}/login/callback"
    assert browser.come_back(code_for(page, "lihua")).headers["Location"] == "/"


def test_outside_wecom_a_code_is_scanned(browser: Browser) -> None:
    page = browser.to_wecom()

    assert urlsplit(page).path == "/wwlogin/sso/login"
    assert re.fullmatch("[0-9a-f]{64}", query_of(page)["state"])


def test_the_cookie_is_out_of_reach_and_only_its_hash_is_kept(browser: Browser, engine: Engine) -> None:
    cookie = browser.sign_in("lihua").headers["Set-Cookie"]

    name, _, token = cookie.partition(";")[0].partition("=")
    assert name == "__Host-linge"
    for guard in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"):
        assert guard in cookie
    with reading(engine) as session:
        login = session.exec(select(Login)).one()
        assert token not in login.model_dump_json()


def test_a_way_back_works_once(browser: Browser) -> None:
    address = code_for(browser.to_wecom(), "lihua")
    assert browser.come_back(address).status_code == 303
    browser.client.delete_cookie("__Host-linge", domain="linge.example.gov.cn")

    again = browser.come_back(address)

    assert again.status_code == 400
    assert "登录没有完成" in again.text


def test_a_way_back_does_not_work_in_another_browser(new_browser: NewBrowser) -> None:
    mine, theirs = new_browser(), new_browser()
    theirs.to_wecom()
    address = code_for(mine.to_wecom(), "lihua")

    assert theirs.come_back(address).status_code == 400
    assert theirs.open("/").status_code == 303
    assert mine.come_back(address).status_code == 303


def test_a_way_back_ends_after_ten_minutes(browser: Browser, clock: MovableClock) -> None:
    address = code_for(browser.to_wecom(), "lihua")
    clock.advance(minutes=10)

    assert browser.come_back(address).status_code == 400


def test_used_ways_back_are_forgotten_once_they_would_have_ended(
    new_browser: NewBrowser, clock: MovableClock, engine: Engine
) -> None:
    new_browser().sign_in("lihua")
    clock.advance(minutes=10)
    new_browser().sign_in("lihua")

    with reading(engine) as session:
        assert len(session.exec(select(UsedState)).all()) == 1


def test_asking_for_the_sign_in_page_leaves_nothing_in_the_database(new_browser: NewBrowser, engine: Engine) -> None:
    with counted(engine) as statements:
        for _ in range(5):
            assert new_browser().open("/login").status_code == 303

    assert statements == []


def test_asking_again_goes_on_with_the_same_attempt_and_the_last_wish_counts(browser: Browser) -> None:
    first, second = browser.to_wecom("/login?next=/a"), browser.to_wecom("/login?next=/b")

    assert query_of(first)["state"] == query_of(second)["state"]
    assert browser.come_back(code_for(second, "lihua")).headers["Location"] == "/b"


def test_a_second_window_that_comes_back_later_is_signed_in_too(browser: Browser) -> None:
    first, second = browser.to_wecom(), browser.to_wecom()
    browser.come_back(code_for(first, "lihua"))

    answer = browser.come_back(code_for(second, "lihua"))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_way_back_that_failed_is_not_used_again(browser: Browser) -> None:
    state = query_of(browser.to_wecom())["state"]
    kept = browser.client.get_cookie("__Host-linge-browser", domain="linge.example.gov.cn")
    assert kept is not None
    assert browser.open(f"/login/callback?state={state}&code=made-up").status_code == 400

    # Even where the browser did not drop its cookie.
    browser.client.set_cookie("__Host-linge-browser", kept.value, domain="linge.example.gov.cn", secure=True)
    again = browser.come_back(code_for(f"{browser.to_wecom()}", "lihua"))

    assert "登录没有完成" in again.text
    assert browser.sign_in("lihua").status_code == 303


@pytest.mark.parametrize("kept", ["", "x", "e30.x", "é", "0" * 64, "." * 3_000])
def test_a_browser_s_own_words_are_no_attempt(browser: Browser, kept: str) -> None:
    state = query_of(browser.to_wecom())["state"]
    browser.client.set_cookie("__Host-linge-browser", kept, domain="linge.example.gov.cn", secure=True)

    assert browser.open(f"/login/callback?state={state}&code=y").status_code == 400


def test_only_this_host_can_set_the_cookie_that_binds_a_sign_in(browser: Browser) -> None:
    cookie = browser.open("/login").headers["Set-Cookie"]

    assert cookie.startswith("__Host-linge-browser=")
    for guard in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert guard in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("query", ["", "state=x&code=y", f"state={'0' * 64}&code=y", "code=1", "state=é&code=%FF"])
def test_a_made_up_way_back_is_refused(browser: Browser, query: str) -> None:
    assert browser.open(f"/login/callback?{query}").status_code == 400


def test_a_code_that_wecom_does_not_know_is_refused(browser: Browser) -> None:
    state = query_of(browser.to_wecom())["state"]

    answer = browser.open(f"/login/callback?state={state}&code=made-up")

    assert answer.status_code == 400
    assert "企业微信没有认出这次登录" in answer.text


def test_a_member_who_is_not_in_the_county_is_told_what_to_do(browser: Browser) -> None:
    answer = browser.sign_in("moshengren")

    assert answer.status_code == 403
    assert "你的账号还没有登记" in answer.text
    assert browser.open("/").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "javascript:x",
        "/login?next=/",
        "/logout",
        "/" + "x" * 600,
        "evil.example",
        "",
    ],
)
def test_the_way_on_stays_with_us(browser: Browser, wanted: str) -> None:
    page = browser.open("/login", query_string={"next": wanted}).headers["Location"]

    assert browser.come_back(code_for(page, "lihua")).headers["Location"] == "/"


def test_who_is_signed_in_goes_straight_on(browser: Browser) -> None:
    browser.sign_in("lihua")

    assert browser.open("/login?next=/people/lihua").headers["Location"] == "/people/lihua"


def test_a_login_ends_after_twelve_hours(browser: Browser, clock: MovableClock) -> None:
    browser.sign_in("lihua")
    clock.advance(hours=11, minutes=59)
    assert browser.open("/").status_code == 200
    clock.advance(minutes=1)
    assert browser.open("/").status_code == 303


def test_signing_out_ends_the_login_for_good(browser: Browser, engine: Engine) -> None:
    token = browser.sign_in("lihua").headers["Set-Cookie"].partition(";")[0].partition("=")[2]

    assert "已退出" in browser.post("/logout").text
    browser.client.set_cookie("__Host-linge", token, domain="linge.example.gov.cn", secure=True)
    assert browser.open("/").status_code == 303
    with reading(engine) as session:
        acts = session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column
    assert list(acts) == ["login.open", "login.close"]


def test_signing_out_twice_is_no_fault(browser: Browser) -> None:
    assert browser.post("/logout").status_code == 200


def test_leavers_are_out_at_the_next_request(
    browser: Browser, engine: Engine, county: Cast, clock: MovableClock
) -> None:
    browser.sign_in("lihua")
    with writing(engine) as session:
        session.get_one(Person, county.lihua.id).left_at = clock()

    assert browser.open("/").status_code == 303
    assert browser.sign_in("lihua").status_code == 403


def test_rights_given_and_taken_count_at_the_next_request(browser: Browser, engine: Engine, county: Cast) -> None:
    browser.sign_in("lihua")
    assert browser.open("/operations").status_code == 404
    assert county.lihua.id is not None
    with writing(engine) as session:
        session.add(PersonRole(person_id=county.lihua.id, role=Role.SYSTEM_ADMIN))
    assert browser.open("/operations").status_code == 200
    with writing(engine) as session:
        session.delete(session.get_one(PersonRole, (county.lihua.id, Role.SYSTEM_ADMIN)))
    assert browser.open("/operations").status_code == 404


def test_accounts_are_the_same_in_any_case(browser: Browser) -> None:
    browser.sign_in("zhangsan")

    assert "张山" in browser.open("/").text


def test_when_wecom_is_away_people_are_asked_to_come_back(browser: Browser, world: World) -> None:
    address = code_for(browser.to_wecom(), "lihua")
    world.faults.add("http", path="auth/getuserinfo", status=502)

    answer = browser.come_back(address)

    assert answer.status_code == 503
    assert "暂时连不上企业微信" in answer.text
    world.faults.clear()
    assert browser.sign_in("lihua").status_code == 303
