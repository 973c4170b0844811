"""Who may use the addresses for programs: with the right key, in pace, until it is disabled."""

import json

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from console.key_access import PACE, WITH_KEY
from models.engine import reading, writing
from models.outside import OutsideSystem
from models.person import Role
from services.outside import disable_system
from tests.console.conftest import Introduce, NewBrowser
from tests.console.outside import HOTLINE, REPORT, Outside, tickets, told
from tests.times import MovableClock


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic eA==", "Bearer x", f"Bearer {HOTLINE}.x", "Bearer é.é", "Bearer " + "x" * 5000],
)
def test_without_the_right_key_nothing_is_told_apart(hotline: Outside, header: str, engine: Engine) -> None:
    headers = {"Authorization": header.encode("utf-8").decode("latin-1")} if header else {}

    answer = hotline.client.post("/api/tickets", headers=headers, json=REPORT)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert told(answer)["detail"].startswith("没有带密钥，或者密钥不对")
    assert tickets(engine) == []


def test_a_disabled_system_is_out_at_once(hotline: Outside, engine: Engine, clock: MovableClock) -> None:
    number = told(hotline.file())["number"]
    with writing(engine) as session:
        disable_system(session, HOTLINE, by="flask system", now=clock())

    answers = hotline.file(outside_id="2"), hotline.get(f"/api/tickets/{number}")

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "已停用" in told(answers[0])["detail"]


def test_a_key_opens_no_page_and_a_login_files_no_ticket(
    hotline: Outside, new_browser: NewBrowser, engine: Engine
) -> None:
    browser = new_browser()
    browser.sign_in("lihua")

    assert hotline.get("/").status_code == 303
    assert browser.client.post("/api/tickets", base_url="https://linge.example.gov.cn", json=REPORT).status_code == 401
    assert tickets(engine) == []


def test_the_key_itself_is_nowhere_in_the_database(hotline: Outside, engine: Engine) -> None:
    with reading(engine) as session:
        kept = session.exec(select(OutsideSystem)).one().model_dump(mode="json")

    assert hotline.key.partition(".")[2] not in json.dumps(kept)


def test_who_asks_too_fast_waits_and_others_do_not(hotline: Outside, introduce: Introduce, clock: MovableClock) -> None:
    platform = introduce("qihu")
    answers = [hotline.get("/api/tickets", outside_id="1") for _ in range(PACE.burst + 1)]

    refused = answers[-1]
    assert [answer.status_code for answer in answers[:-1]] == [404] * PACE.burst
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert platform.get("/api/tickets", outside_id="1").status_code == 404
    clock.advance(seconds=1)
    assert hotline.get("/api/tickets", outside_id="1").status_code == 404


def test_no_role_opens_the_door_for_programs() -> None:
    assert not WITH_KEY.admits(frozenset(Role))
