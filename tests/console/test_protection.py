"""Headers, keys, limits and the pages of failure."""

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot.settings import BadSettings, Settings
from console.protection import MOST_BYTES, signing_key
from tests.conftest import Service
from tests.console.conftest import Browser


def settings(**given: object) -> Settings:
    return Settings.model_validate({"database_url": "sqlite:///x.db", "secret_key": None, **given})


def test_a_set_key_is_used(tmp_path: Path) -> None:
    assert signing_key(settings(secret_key=SecretStr("sixteen letters!!")), tmp_path) == b"sixteen letters!!"
    assert list(tmp_path.iterdir()) == []


def test_on_one_machine_a_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "var"

    key = signing_key(settings(), folder)

    assert len(key) == 64
    assert signing_key(settings(), folder) == key
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_several_machines_share_a_key_that_comes_from_the_callback(tmp_path: Path) -> None:
    shared = settings(database_url="postgresql+psycopg://x@y/z", wecom_aes_key=SecretStr("k" * 43))

    key = signing_key(shared, tmp_path)

    assert key == signing_key(shared, tmp_path / "elsewhere")
    assert b"kkk" not in key
    assert list(tmp_path.iterdir()) == []


def test_several_machines_without_any_key_do_not_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY"):
        signing_key(settings(database_url="postgresql+psycopg://x@y/z", wecom_aes_key=None), tmp_path)


@pytest.mark.parametrize("path", ["/", "/login", "/nowhere", "/healthz", "/static/console.css", "/login/callback"])
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.open(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_are_never_kept_by_caches_and_assets_for_a_year(browser: Browser) -> None:
    browser.sign_in("lihua")
    page = browser.open("/")
    sheet = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    assert page.headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in browser.open(sheet).headers["Cache-Control"]


def test_pages_load_nothing_from_elsewhere_and_run_nothing(browser: Browser) -> None:
    browser.sign_in("lihua")

    page = browser.open("/").text

    assert "<script" not in page
    assert "style=" not in page
    assert "//" not in page.replace("<!doctype html>", "")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere", 404, "没有这一页"), ("/logout", 405, "这一页不能这样打开"), ("/people/%00", 400, "这个请求没看懂")],
)
def test_failures_have_a_page_in_chinese(browser: Browser, path: str, status: int, words: str) -> None:
    answer = browser.open(path)

    assert answer.status_code == status
    assert words in answer.text


def test_a_fault_of_ours_shows_no_stack_and_no_data(service: Service, browser: Browser) -> None:
    @service.app.get("/fault")
    def fault() -> str:
        raise RuntimeError("李花 13800000000")

    answer = browser.open("/fault")

    assert answer.status_code == 500
    assert "页面没打开" in answer.text
    for leak in ("RuntimeError", "Traceback", "李花", "138"):
        assert leak not in answer.text


def test_a_database_that_is_away_is_said_to_be_away(service: Service, browser: Browser) -> None:
    @service.app.get("/away")
    def away() -> str:
        raise OperationalError("SELECT '李花'", None, Exception("13800000000"))

    answer = browser.open("/away")

    assert answer.status_code == 503
    assert "暂时打不开" in answer.text
    for leak in ("SELECT", "Traceback", "李花", "138"):
        assert leak not in answer.text


def test_what_is_too_large_is_refused(browser: Browser) -> None:
    assert browser.post("/logout", {"x": "y" * MOST_BYTES}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/%ff", "/people/%ED%A0%80", "/unit/%F0%9F%98%80", "/people/" + "x" * 3000, "/?%00=1"]
)
def test_odd_addresses_are_no_fault_of_ours(browser: Browser, path: str) -> None:
    browser.sign_in("wangsuo")

    assert browser.open(path).status_code in (400, 404)
