"""The chat page over HTTP: what it may load, and that everything it names is there."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from simulator.page import page

STATIC = Path(page.static_folder or "")
ASSETS = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file())
SCRIPTS = [asset for asset in ASSETS if asset.endswith(".js")]
MIMETYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("page", static_folder=None)
    app.register_blueprint(page)
    return app.test_client()


def source(asset: str) -> str:
    return (STATIC / asset).read_text(encoding="utf-8")


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", ["/", "/page/js/main.js", "/page/js/missing.js"])
def test_every_answer_lets_the_page_run_only_its_own_scripts_and_styles(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        policy = directives(answer.headers["Content-Security-Policy"])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]


def test_the_page_holds_no_script_or_style_of_its_own_which_the_policy_would_block(client: FlaskClient) -> None:
    with client.get("/") as answer:
        html = answer.get_data(as_text=True)
        assert answer.status_code == 200

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html) == []
    assert '<html lang="zh-CN">' in html


@pytest.mark.parametrize("asset", ASSETS)
def test_every_asset_is_served_as_what_it_is(client: FlaskClient, asset: str) -> None:
    with client.get(f"/page/{asset}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == MIMETYPES[asset.rsplit(".", 1)[1]]


@pytest.mark.parametrize("asset", ASSETS)
def test_every_asset_that_is_named_exists(asset: str) -> None:
    text = source(asset)
    named = set(re.findall(r"/page/([\w./-]+\.\w+)", text)) | {
        f"js/{name}" for name in re.findall(r'"\./([\w.]+)"', text)
    }

    assert named <= set(ASSETS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_ask_only_for_elements_and_drawings_that_exist(script: str) -> None:
    text, html, drawings = source(script), source("index.html"), source("icons.svg")

    assert [name for name in re.findall(r'byId\("([\w-]+)"\)', text) if f'id="{name}"' not in html] == []
    assert [name for name in re.findall(r'\bicon\("([\w-]+)"\)', text) if f'id="{name}"' not in drawings] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_can_turn_a_message_into_markup(script: str) -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source(script))
        == []
    )


@pytest.mark.parametrize("asset", ASSETS)
def test_nothing_comes_from_another_machine(asset: str) -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", source(asset)))

    assert hosts <= {"www.w3.org"}


@pytest.mark.parametrize("test_id", ["message-list", "composer", "send", "search", "attach"])
def test_browser_tests_find_the_page_by_stable_names(test_id: str) -> None:
    assert f'data-testid="{test_id}"' in source("index.html")


def test_what_is_read_aloud_is_chinese() -> None:
    spoken = re.findall(r'(?:aria-label|placeholder)="([^"]+)"', source("index.html"))

    assert spoken
    assert [text for text in spoken if re.search(r"[A-Za-z]", text)] == []
