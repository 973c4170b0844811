"""A real browser, and the demo it looks at."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.demo import Demo, demonstration

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 20_000


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium or Chrome of the system, else the one playwright brought."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, NAMES)), None) or playwright.chromium.executable_path
        if not Path(found).exists():
            pytest.skip("no browser found: apt-get install chromium, or .venv/bin/playwright install chromium")
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page that waits for what a test looks for, and finds fault with scripts that fail."""
    opened = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    opened.set_default_timeout(PATIENCE_MS)
    return opened


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo with a folder of its own."""
    with demonstration(tmp_path) as running:
        yield running
