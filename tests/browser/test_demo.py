"""`make demo` through a real browser: an officer's week on the simulated phone, and the same figures in the console."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.demo import Demo, with_demo_settings
from tests.workbooks import OBJECTIVE_TITLES, write_workbook


def test_an_officer_reports_is_asked_back_is_reminded_and_finds_the_same_figures_in_the_console(
    page: Page, demo: Demo, tmp_path: Path
) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    page.goto(demo.phone)
    page.get_by_test_id("search").fill("lihua")
    page.get_by_test_id("person-lihua").click()
    say(page, "KR1 35")
    expect(messages(page).get_by_text("KR1 入户走访 35/50 户 · 70%").last).to_be_visible()
    page.screenshot(path=tmp_path / "1-reported.png")

    say(page, "KR1 500")
    expect(messages(page).get_by_text("先没记")).to_be_visible()
    page.get_by_test_id("message-list").get_by_role("button", name="是 50", exact=True).click()
    expect(messages(page).get_by_text("KR1 入户走访 50/50 户 · 100%").last).to_be_visible()
    page.screenshot(path=tmp_path / "2-asked-back.png")

    load_changed_target(demo, tmp_path)
    say(page, "我的")
    expect(messages(page).get_by_text("KR1 入户走访 50/80 户 · 63%").last).to_be_visible()
    page.screenshot(path=tmp_path / "3-changed-target.png")

    page.get_by_test_id("clock-friday").click()
    expect(messages(page).get_by_text("本周还有 4 项没更新：KR2、KR3、KR4、KR5")).to_be_visible()
    expect(messages(page).get_by_role("button", name="这周请假")).to_be_visible()
    page.screenshot(path=tmp_path / "4-reminded.png")

    page.goto(demo.console)
    page.get_by_text("李花", exact=True).first.click()
    expect(page.locator("body")).to_contain_text(re.compile(r"KR1 入户走访\s*50\s*/80 户\s*63%"))
    page.screenshot(path=tmp_path / "5-console.png")
    assert failures == []


def test_a_boss_and_a_grandmother_each_open_at_the_account_meant_for_them(page: Page, demo: Demo) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    page.goto(demo.phone)

    for name, place, account in (
        ("高老板", "固电电子有限公司 · 绑定码 GD2618", "企呼我应"),
        ("何奶奶", "虹桥佳苑 · 居民", "邻里通"),
    ):
        page.get_by_test_id("search").fill(name)
        entry = page.get_by_role("navigation", name="选一个人").get_by_role("button")
        expect(entry).to_contain_text(place)
        entry.click()
        expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", f"发消息给{account}")


def say(page: Page, text: str) -> None:
    """Types a message into the phone and sends it."""
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def messages(page: Page) -> Locator:
    """The conversation on the phone."""
    return page.get_by_test_id("message-list")


def load_changed_target(demo: Demo, folder: Path) -> None:
    """Raises the officer's first target to 80 the way the county's clerk does: with a workbook."""
    form = folder / "objectives.xlsx"
    ended = demo.terminal.run(*with_demo_settings("exec flask export county $EXPORTED"), EXPORTED=str(form))
    assert ended.status == 0, ended.text
    period = current_period(form)
    row = [period, "lihua", None, 1, "守好一方平安", 1, "入户走访", 0, 80, "户"]
    changed = write_workbook(folder / "changed.xlsx", {"目标": [OBJECTIVE_TITLES, row]})
    ended = demo.terminal.run(*with_demo_settings("exec flask load $CHANGED"), CHANGED=str(changed))
    assert ended.status == 0, ended.text
    assert "目标\t新增 0\t更新 1" in ended.out


def current_period(county: Path) -> str:
    """The period in which the sample county's officer has her objectives."""
    import openpyxl

    rows = openpyxl.load_workbook(county, read_only=True)["目标"].iter_rows(values_only=True)
    titles = next(rows)
    return next(str(row[titles.index("周期")]) for row in rows if row[titles.index("账号")] == "lihua")
