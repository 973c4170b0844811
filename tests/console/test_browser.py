"""The pages in a real browser: nothing blocked, nothing wider than the smallest phone, nothing too small for a thumb."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, sync_playwright
from sqlalchemy import Engine

from domain.okr import Confidence
from models.engine import writing
from models.person import PersonRole, Role
from tests.console.conftest import Browser
from tests.console.outside import HOME
from tests.console.test_pages import say
from tests.factories import Cast

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = (
    "/",
    "/people/zhangsan",
    "/unit",
    "/unit/CG",
    "/operations",
    "/operations/inbox",
    "/operations/outbox",
    "/operations/jobs",
    "/operations/audit?check=1",
    "/operations/roles",
    "/nowhere",
)
WIDTHS = (320, 390, 1280)
SMALLEST_TARGET = 32
TOO_SMALL = f"""[...document.querySelectorAll("button, .button, summary, nav a, select, input:not([type=hidden])")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < {SMALLEST_TARGET})
    .map(one => one.outerHTML)"""


@pytest.fixture
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*arguments, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def all_seeing(browser: Browser, engine: Engine, county: Cast) -> Browser:
    """A leader with every role, whose unit has things to show."""
    assert county.wangsuo.id is not None
    with writing(engine) as session:
        for role in (Role.OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
            session.add(PersonRole(person_id=county.wangsuo.id, role=role))
        long = "没有标点的一长串说明" * 20
        say(session, county.zhangsan, 1, "2026-W46", "12", confidence=Confidence.UNLIKELY, note=long)
        say(session, county.zhangsan, 1, "2026-W47", "12345678.5", confidence=Confidence.AT_RISK, note="x" * 300)
    browser.sign_in("wangsuo")
    return browser


def open_page(chromium: Chromium, signed_in: Browser, width: int) -> tuple[Page, list[str]]:
    """A window that gets its answers from the signed-in browser, and what it complains about."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        got = signed_in.open(parts.path + (f"?{parts.query}" if parts.query else ""))
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    context.route("**/*", answer)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: apt-get install chromium")
def test_every_page_fits_every_screen_and_breaks_no_rule_of_ours(chromium: Chromium, all_seeing: Browser) -> None:
    faults = []
    for width in WIDTHS:
        page, complaints = open_page(chromium, all_seeing, width)
        for path in PAGES:
            page.goto(HOME + path)
            for summary in page.locator("summary").all()[:2]:
                summary.click()
            is_styled = page.evaluate("getComputedStyle(document.body).margin") == "0px"
            is_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            too_small = page.evaluate(TOO_SMALL)
            blocked = [text for text in complaints if "404" not in text]
            if not is_styled or is_wide or too_small or blocked:
                faults.append((width, path, is_styled, is_wide, too_small, blocked))
            complaints.clear()
        page.context.close()

    assert faults == []
