"""Takes the user guide's pictures: starts the demo on ports of its own, lets its people talk, and photographs the screens.

Run it from the project's root: `.venv/bin/python docs/take_pictures.py`. It needs Chromium; name another one with
`--browser`. Everybody in the pictures is invented, and nothing of a running demo is touched.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PORT, SIMULATOR_PORT = 8200, 8201
CONSOLE, PHONES = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{SIMULATOR_PORT}"
# The boss of 固电电子 and the 微信客服 account for enterprises, as the sample county has them.
BOSS, ENTERPRISES = "wmSIM000000000000000000000000001", "wkSAMPLE00000000000000000001"
PHONE_SIZE = {"width": 390, "height": 780}
DESKTOP_SIZE = {"width": 1280, "height": 800}
# A colour table keeps text sharp at a third of the bytes.
COLOURS = 128
MOST_BYTES = 150_000
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Everything the demo needs, so that neither the shell's settings nor a demo that runs already come into it.
SETTINGS = {
    "WECOM_CORP_ID": "wwsimulated000001",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "demo-secret-of-the-simulated-app",
    "WECOM_TOKEN": "demotoken01",
    "WECOM_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "SECRET_KEY": "demo-only-console-session-key",
    "DATA_KEYS": "demo:YW4gaW52ZW50ZWQga2V5IG9mIHRoZSBkZW1vIGFsb24=",
    "PORT": str(PORT),
    "SIMULATOR_PORT": str(SIMULATOR_PORT),
    "WECOM_API_URL": PHONES,
    "PUBLIC_URL": CONSOLE,
}


@contextmanager
def running_demo() -> Iterator[None]:
    """A demo with a database and a clock of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "DATABASE_URL": f"sqlite:///{folder}/linge.db",
            "DEMO_CLOCK": f"{folder}/clock",
            "DEMO_COUNTY": f"{folder}/county.xlsx",
        }
        # The program is this Python's own Flask, started the way `make demo` does.
        demo = subprocess.Popen([sys.executable, "-m", "flask", "demo"], env=SETTINGS | own, stderr=subprocess.DEVNULL)
        try:
            for address in (f"{PHONES}/", f"{CONSOLE}/healthz"):
                _wait_for(address)
            yield
        finally:
            demo.terminate()
            demo.wait()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 an address of this machine
                return
        except (URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"{address} does not answer")


class Phone:
    """One person's phone in the simulator's page."""

    def __init__(self, browser: Browser, account: str, peer: str = "app") -> None:
        self.page = browser.new_page(viewport=PHONE_SIZE, device_scale_factor=1.5, locale="zh-CN")  # type: ignore[arg-type]  # a plain dict is what the library reads
        self.page.goto(f"{PHONES}/#/{account}/{peer}")
        self.page.get_by_test_id("composer").wait_for()
        self.page.wait_for_timeout(1500)

    def say(self, text: str) -> None:
        """Types a message and waits for what comes of it."""
        with self._answer():
            self.page.get_by_test_id("composer").fill(text)
            self.page.get_by_test_id("send").click()

    def press(self, label: str) -> None:
        """Presses the newest button with this label and waits for what comes of it."""
        with self._answer():
            self._messages.get_by_role("button", name=label, exact=True).last.click()

    def shoot(self, name: str) -> None:
        """Keeps what the phone shows now."""
        self.page.wait_for_timeout(1200)
        self.page.evaluate("document.activeElement.blur()")
        self.page.mouse.move(2, 300)
        _keep(self.page, name)

    def move_clock(self, jump: str) -> None:
        """Moves everybody's time forward."""
        self.page.locator("#open-tools").click()
        self.page.get_by_test_id(jump).click()
        self.page.wait_for_timeout(4000)
        self.page.locator("#close-tools").click()

    @property
    def _messages(self) -> Locator:
        return self.page.get_by_test_id("message-list")

    @contextmanager
    def _answer(self) -> Iterator[None]:
        answers = self._messages.locator("article:not(.mine)")
        before = answers.count()
        yield
        answers.nth(before).wait_for(timeout=15_000)
        self.page.wait_for_timeout(1500)


def console(browser: Browser, account: str, path: str, *, size: dict[str, int]) -> Page:
    """A page of the console as somebody sees it who is signed in."""
    page = browser.new_context(viewport=size, device_scale_factor=1.5, locale="zh-CN").new_page()  # type: ignore[arg-type]  # as above
    page.goto(f"{CONSOLE}/login")
    page.goto(f"{page.url}&as={account}")
    page.goto(f"{CONSOLE}{path}")
    return page


def _keep(page: Page, name: str) -> None:
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    target = PICTURES / f"{name}.png"
    picture.save(target, optimize=True)
    size = target.stat().st_size
    click.echo(f"{target.name}\t{size // 1000} kB")
    if size > MOST_BYTES:
        sys.exit(f"{target.name} is larger than {MOST_BYTES // 1000} kB")


def reporting(browser: Browser) -> None:
    """An officer on a Friday: the reminder, a report, a doubt, the own state, the form."""
    lihua = Phone(browser, "lihua")
    lihua.say("kr1 23户")
    lihua.move_clock("clock-friday")
    lihua.page.wait_for_timeout(8000)
    lihua.shoot("reminder")
    lihua.say("kr1 35户 覆盖率到了80，下雨影响有点慢 培训办了两场")
    lihua.shoot("report")
    lihua.say("率 85")
    lihua.shoot("ask-back")
    lihua.press("KR4 案件办结率")
    lihua.say("我的")
    lihua.shoot("mine")
    lihua.say("周报")
    lihua.shoot("week-form")


def setting(browser: Browser) -> None:
    """An officer writes an objective, the leader agrees."""
    zhangshan = Phone(browser, "zhangshan")
    zhangshan.say("目标 让老人少受骗\n入户宣讲 40户\n养老诈骗发案 从5降到2起")
    zhangshan.shoot("objective")
    zhangshan.press("好了")
    if zhangshan.page.get_by_role("button", name="不挂").count():
        zhangshan.press("不挂")
    zhangshan.press("提交")
    wangsuo = Phone(browser, "wangsuo")
    wangsuo.shoot("leader-card")


def colleagues_report(browser: Browser) -> None:
    """The other officers of the station send a line each, so that its board looks as on a Friday."""
    request = browser.new_context().request
    for number in range(1, 12):
        said = {"person": f"chengguan{number:02d}", "peer": "app", "text": f"KR1 {70 + 2 * number}%"}
        request.post(f"{PHONES}/sim/say", data=said)
    time.sleep(5)


def leading(browser: Browser) -> None:
    """A leader looks at the unit and asks an officer, who answers."""
    colleagues_report(browser)
    wangsuo = Phone(browser, "wangsuo")
    wangsuo.say("本单位")
    wangsuo.shoot("unit-digest")
    wangsuo.say("问 李花 KR2 慢在哪里")
    lihua = Phone(browser, "lihua")
    lihua.shoot("question")


def asking(browser: Browser) -> None:
    """A boss asks for workers, the contact of the grid works on it, the boss says whether it is solved."""
    boss = Phone(browser, BOSS, f"kf:{ENTERPRISES}")
    boss.say("绑定 固电电子 GD2618")
    boss.say("我们想扩产，还缺30个普工，能帮忙招工吗")
    boss.press("对，提交")
    boss.shoot("enterprise-asks")
    contact = Phone(browser, "lian03")
    contact.shoot("ticket-card")
    contact.press("接单")
    contact.say("首联 1 电话 约好明天上门看岗位")
    contact.shoot("ticket-work")
    contact.say("办结 1 已对接职业学院，27日到厂面试34人")
    boss.page.wait_for_timeout(3000)
    boss.press("已解决")
    boss.say("评价 满意")
    boss.shoot("enterprise-solved")


def looking(browser: Browser) -> None:
    """The console: one's own page on a phone, a unit's board and the operators' page on a desktop."""
    _keep(console(browser, "lihua", "/", size=PHONE_SIZE), "console-own")
    _keep(console(browser, "wangsuo", "/unit/CG", size=DESKTOP_SIZE), "console-unit")
    _keep(console(browser, "yunwei", "/operations", size=DESKTOP_SIZE), "console-operations")


@click.command()
@click.option("--browser", "executable", default="/usr/bin/chromium", help="Chromium to use.")
def main(executable: str) -> None:
    """Take all pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    with running_demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        for scene in (reporting, setting, leading, asking, looking):
            scene(browser)
        browser.close()


if __name__ == "__main__":
    main()
