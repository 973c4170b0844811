"""The log: a JSON line per event, and never the text of a message or a secret."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from bot.inbox import Inbox
from bot.logs import configure_logs
from bot.message import Answer, Audience
from bot.registry import MESSAGES
from models.engine import writing
from models.person import Person
from tests.bot.callbacks import ON_SQLITE, text_message, wire_to
from tests.factories import make_county
from tests.times import MovableClock

ROOT = Path(__file__).parents[2]
SAID = "我家的秘密是七"


def lines(text: str) -> list[dict[str, Any]]:
    """Every line is an object of its own."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def configured() -> None:
    configure_logs()


def fail_with_text() -> None:
    raise ValueError(f"cannot read {SAID}")


def fail_in_a_chain() -> None:
    try:
        fail_with_text()
    except ValueError as error:
        raise RuntimeError(SAID) from error


def fail_while_handling() -> None:
    try:
        fail_with_text()
    except ValueError:
        raise KeyError(SAID)  # noqa: B904 the chain that Python makes by itself is meant


@pytest.mark.parametrize(
    ("fail", "types"),
    [
        (fail_with_text, ["ValueError"]),
        (fail_in_a_chain, ["RuntimeError", "ValueError"]),
        (fail_while_handling, ["KeyError", "ValueError"]),
    ],
)
def test_an_exception_is_named_with_its_place_and_without_its_text(
    capsys: pytest.CaptureFixture[str], fail: Any, types: list[str]
) -> None:
    try:
        fail()
    except Exception:  # noqa: BLE001 the tests raise each kind
        structlog.get_logger().exception("message_failed", inbox_id=7)
    (line,) = lines(written := capsys.readouterr().err)
    assert (line["event"], line["level"], line["inbox_id"]) == ("message_failed", "error", 7)
    assert [one["type"] for one in line["exceptions"]] == types
    assert any(place.startswith("bot/test_logs.py:") for place in line["exceptions"][0]["places"])
    assert SAID not in written


def test_a_value_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().warning("odd", value='a"b\n{"event":"forged"}\u2028', lone="\udcff")
    (line,) = lines(capsys.readouterr().err)
    assert line["value"] == 'a"b\n{"event":"forged"}\u2028'


class TestLibraries:
    """What libraries log goes the same way: here as a program starts, since pytest listens to them too."""

    @pytest.mark.parametrize(
        ("statement", "event"),
        [
            ("log.warning('said \"%s\"\\nforged', 'x')", 'said "x"\nforged'),
            (
                "log.warning('Retrying after %r: %s', ValueError(SAID), '/gettoken?corpsecret=' + SAID)",
                "Retrying after 'ValueError': /gettoken?…",
            ),
            ("log.error('no arguments: 100%')", "no arguments: 100%"),
            (
                "try: int(SAID)\nexcept ValueError: log.exception('Exception on %s [%s]', '/me', 'GET')",
                "Exception on /me [GET]",
            ),
        ],
    )
    def test_their_warnings_are_lines_too(self, statement: str, event: str) -> None:
        (line,) = self.run(statement)
        assert (line["event"], line["logger"]) == (event, "urllib3")

    def test_what_is_less_than_a_warning_is_not_logged(self) -> None:
        assert self.run("log.info('x')") == []

    def run(self, statement: str) -> list[dict[str, Any]]:
        program = f"import logging\nfrom bot.logs import configure_logs\nconfigure_logs()\nconfigure_logs()\nSAID = {SAID!r}\nlog = logging.getLogger('urllib3')\n{statement}"
        command = [sys.executable, "-c", program]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
        assert SAID not in ended.stderr
        return lines(ended.stderr)


def test_a_handler_that_fails_tells_the_log_no_word_of_the_message(
    engine: Engine, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """A unique key that is taken is the worst case: PostgreSQL quotes the row in its error."""

    def fail(session: Session) -> Answer:
        session.add(Person(account=SAID, account_key="lihua", name=SAID, unit_id=1, rank="", track=""))
        session.flush()
        return None

    with writing(engine) as session:
        make_county(session)
    usual = MESSAGES[Audience.STAFF, "voice"]
    MESSAGES[Audience.STAFF, "voice"] = lambda context: fail(context.session)
    try:
        with wire_to(engine, clock) as wire:
            wire.deliver(text_message(SAID, MsgType="voice"))
            assert Inbox(engine, clock).handle_next()
            (row,) = wire.rows()
    finally:
        MESSAGES[Audience.STAFF, "voice"] = usual
    written = capsys.readouterr().err
    assert [line["event"] for line in lines(written)] == ["message_failed"]
    assert "IntegrityError" in written
    assert SAID not in written
    assert (row.attempts, row.error) == (1, "IntegrityError")


@ON_SQLITE
def test_what_is_refused_at_the_door_is_logged_without_what_it_said(
    engine: Engine, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with wire_to(engine, clock) as wire:
        wire.post(SAID.encode(), {"msg_signature": SAID})
        wire.client.get("/wecom/callback", query_string={"msg_signature": SAID, "echostr": SAID})
        wire.deliver(f"<xml>{SAID}")
    written = capsys.readouterr().err
    assert {line["event"] for line in lines(written)} == {"callback_refused", "callback_unreadable"}
    assert SAID not in written


def test_the_service_logs_information_and_more(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("told")
    structlog.get_logger().debug("not told")
    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["told"]
    assert logging.getLogger().isEnabledFor(logging.WARNING)
