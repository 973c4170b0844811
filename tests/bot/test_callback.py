"""The door for WeCom: what it answers to whom, and that a 200 means the message is stored."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, text
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from models.engine import open_database
from models.message import InboxState
from tests.bot.callbacks import (
    CORP,
    ON_SQLITE,
    PATH,
    Wire,
    envelope,
    seal,
    signed,
    text_message,
    wire_to,
)
from tests.times import FRIDAY, MovableClock

SEALED = seal(text_message().encode())
LIMIT = 1024 * 1024

# The platform's own example of the URL verification.
OFFICIAL = {
    "wecom_corp_id": "ww1436e0e65a779aee",
    "wecom_token": "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo",
    "wecom_aes_key": "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt",
}
OFFICIAL_QUERY = {
    "msg_signature": "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb",
    "timestamp": "1476416373",
    "nonce": "47744683",
    "echostr": "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
}


@pytest.fixture
def wire(engine: Engine, clock: MovableClock) -> Iterator[Wire]:
    with wire_to(engine, clock) as wire:
        yield wire


@ON_SQLITE
class TestVerification:
    def test_the_platforms_own_example_is_answered_with_the_bare_echo(
        self, engine: Engine, clock: MovableClock
    ) -> None:
        with wire_to(engine, clock, **OFFICIAL) as wire:
            answer = wire.verify(OFFICIAL_QUERY)
        assert (answer.status_code, answer.data) == (200, b"1288432023552776189")

    def test_the_head_of_the_answer_comes_without_its_body(self, wire: Wire) -> None:
        query = {**signed(echo := seal(b"5201314")), "echostr": echo}
        answer = wire.client.head(PATH, query_string=query)
        assert (answer.status_code, answer.data) == (200, b"")

    @pytest.mark.parametrize(
        "changed",
        [
            {"msg_signature": "0" * 40},
            {"msg_signature": ""},
            {"msg_signature": "é"},
            {"msg_signature": signed(seal(b"5201314"))["msg_signature"].upper()},
            {"timestamp": "1700000001"},
            {"nonce": "424243"},
            {"echostr": ""},
            {"echostr": "5201314"},
            {"echostr": seal(b"5201315")},
            {"nonce": "\udcff😀\0"},
        ],
    )
    def test_whatever_is_not_signed_by_wecom_is_refused(self, wire: Wire, changed: dict[str, str]) -> None:
        query = {**signed(echo := seal(b"5201314")), "echostr": echo}
        assert wire.verify(query).data == b"5201314"
        broken = "&".join(f"{name}={_quoted(value)}" for name, value in {**query, **changed}.items())
        answer = wire.verify(broken)
        assert (answer.status_code, answer.data) == (403, b"")

    @pytest.mark.parametrize(
        "query", ["", "echostr", "&&&;;;===", "a=1&" * 500, "msg_signature=%C3%A9", "msg_signature=%ff%fe&nonce=%00"]
    )
    def test_odd_queries_are_refused(self, wire: Wire, query: str) -> None:
        assert wire.verify(query).status_code == 403


def test_a_message_is_stored_once_it_is_answered(wire: Wire) -> None:
    answer = wire.deliver(text_message("KR1 35"))
    assert (answer.status_code, answer.data) == (200, b"")
    (row,) = wire.rows()
    assert (row.sender, row.kind, row.state, row.attempts) == ("lihua", "text", InboxState.NEW, 0)
    assert (row.received_at, row.due_at) == (FRIDAY, FRIDAY)
    assert '"Content": "KR1 35"' in row.body


@ON_SQLITE
class TestRefusal:
    @pytest.mark.parametrize(
        ("encrypted", "changed"),
        [
            pytest.param(SEALED, {"msg_signature": "0" * 40}, id="another signature"),
            pytest.param(SEALED, {"msg_signature": ""}, id="no signature"),
            pytest.param(SEALED, {"msg_signature": "é"}, id="a signature with an accent"),
            pytest.param(SEALED, {"nonce": "1"}, id="another nonce"),
            pytest.param(seal(text_message().encode(), receiver="wwsomebodyelse"), {}, id="another receiver"),
            pytest.param(seal(text_message().encode(), receiver=""), {}, id="no receiver"),
            pytest.param(seal(b"x", pad=b"\0" * (64 - 37 - len(CORP))), {}, id="padding of zeros"),
            pytest.param(seal(b"", receiver="", pad=b"\x21" * 44), {}, id="padding over a block"),
            pytest.param(seal(b"abc", length=2**32 - 1), {}, id="a length beyond the text"),
            pytest.param(seal(b"abc", length=4), {}, id="a length into the receiver"),
            pytest.param("A" * 43, {}, id="base64 without its end"),
            pytest.param(SEALED[:-4] + "====", {}, id="base64 with too many signs at its end"),
            pytest.param(SEALED[:40] + "\n" + SEALED[40:], {}, id="base64 with a line break"),
            pytest.param(SEALED.replace("+", "-").replace("/", "_"), {}, id="base64 for addresses"),
            pytest.param("密文", {}, id="no base64 at all"),
            pytest.param("A" * 64 + "=", {}, id="half a block"),
            pytest.param("AAAAAAAAAAAAAAAAAAAAAA==", {}, id="a single block"),
            pytest.param("", {}, id="nothing"),
        ],
    )
    def test_what_is_not_sealed_by_wecom_is_refused_in_one_way(
        self, wire: Wire, encrypted: str, changed: dict[str, str]
    ) -> None:
        answer = wire.post(envelope(encrypted), {**signed(encrypted), **changed})
        assert (answer.status_code, answer.data) == (403, b"")
        assert dict(answer.headers) == dict(wire.post(envelope("AAAA"), "").headers)
        assert wire.rows() == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\0\xff\xfe",
            b'{"encrypt": "%s"}' % SEALED.encode(),
            b"<xml><ToUserName>x</ToUserName></xml>",
            envelope(SEALED) + envelope(SEALED),
            b"<xml><Encrypt>A</Encrypt><Encrypt>B</Encrypt></xml>",
            b"<xml><Encrypt><Encrypt>A</Encrypt></Encrypt></xml>",
            b"<xml><Encrypt>A</Encrypt>" + b"<Encrypt a='1'>B</Encrypt></xml>",
            b'<!DOCTYPE x [<!ENTITY e "A">]>' + envelope(SEALED),
            b'<!ENTITY e "A">' + envelope(SEALED),
            b"<xml><Encrypt>%s" % SEALED.encode(),
            envelope(SEALED).decode().encode("utf-16"),
        ],
    )
    def test_what_is_not_the_envelope_is_a_bad_request(self, wire: Wire, body: bytes) -> None:
        answer = wire.post(body, signed(SEALED))
        assert (answer.status_code, answer.data) == (400, b"")
        assert wire.rows() == []

    @pytest.mark.parametrize(
        "body",
        [b"<Encrypt>" + b" " * LIMIT, b"<Encrypt>" * (LIMIT // 9), b"<Encrypt><![CDATA[" + b"A " * (LIMIT // 2 - 9)],
    )
    def test_no_body_takes_long_to_refuse(self, wire: Wire, body: bytes) -> None:
        started = time.perf_counter()
        assert wire.post(body[:LIMIT], signed(SEALED)).status_code == 400
        assert time.perf_counter() - started < 1

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
    def test_other_methods_are_not_allowed(self, wire: Wire, method: str) -> None:
        answer = wire.client.open(PATH, method=method, query_string=signed(SEALED), data=envelope(SEALED))
        assert (answer.status_code, answer.data) == (405, b"")
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}

    def test_the_largest_callback_is_read_and_a_larger_one_is_refused(self, wire: Wire) -> None:
        padded = envelope(SEALED).ljust(LIMIT)
        assert wire.post(padded, signed(SEALED)).status_code == 200
        assert wire.post(padded + b" ", signed(SEALED)).status_code == 413

    @pytest.mark.parametrize(
        ("stated", "status"),
        [(None, 413), ("", 413), ("-1", 413), ("abc", 413), ("9" * 5000, 413), ("²", 413), ("1048577", 413)],
    )
    def test_a_body_is_not_read_beyond_the_limit_whatever_length_is_stated(
        self, wire: Wire, stated: str | None, status: int
    ) -> None:
        body = io.BytesIO(b" " * LIMIT * 3)
        assert _post_raw(wire, body, stated).status_code == status
        assert body.tell() <= LIMIT + 1

    def test_without_a_stated_length_a_callback_is_read_to_its_end(self, wire: Wire) -> None:
        assert _post_raw(wire, io.BytesIO(envelope(SEALED)), None, signed(SEALED)).status_code == 200

    def test_a_body_that_breaks_off_is_a_bad_request(self, wire: Wire) -> None:
        assert _post_raw(wire, _Broken(), None).status_code == 400


@ON_SQLITE
@pytest.mark.parametrize(
    "inner",
    [
        b"",
        b"KR1 35",
        b"<xml></xml>",
        b"<xml><MsgType>text",
        b"<xml><MsgType>text</MsgType><MsgType>event</MsgType></xml>",
        b'<!DOCTYPE x [<!ENTITY e "A">]><xml><MsgType>&e;</MsgType></xml>',
        b'<?xml version="1.0" encoding="gbk"?><xml><MsgType>text</MsgType></xml>',
        b'<?xml version="1.0" encoding="klingon"?><xml><MsgType>text</MsgType></xml>',
        b"<xml><MsgType>\xff</MsgType></xml>",
    ],
)
def test_what_wecom_signed_and_nobody_can_read_is_answered_and_noted(
    wire: Wire, capsys: pytest.CaptureFixture[str], inner: bytes
) -> None:
    assert wire.deliver(inner).status_code == 200
    assert wire.rows() == []
    assert "callback_unreadable" in capsys.readouterr().err


def test_a_database_that_is_locked_for_a_moment_is_waited_for(wire: Wire, engine: Engine) -> None:
    with _held(engine) as let_go:
        timer = threading.Timer(0.5, let_go)
        timer.start()
        assert wire.deliver(text_message()).status_code == 200
        timer.join()
    assert len(wire.rows()) == 1


def test_a_database_that_stays_away_is_given_up_before_wecom_hangs_up(wire: Wire, engine: Engine) -> None:
    with _held(engine) as let_go:
        started = time.perf_counter()
        answer = wire.deliver(text_message())
        assert (answer.status_code, answer.data) == (503, b"")
        assert 3.5 < time.perf_counter() - started < 4.6
        let_go()
    assert wire.deliver(text_message()).status_code == 200
    assert len(wire.rows()) == 1


@ON_SQLITE
def test_a_full_disk_is_never_answered_with_200(database_url: str, clock: MovableClock) -> None:
    cramped = open_database(database_url)
    pages: list[int] = [1]
    event.listen(cramped, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages[0]}"))
    with wire_to(cramped, clock) as wire:
        assert wire.deliver(text_message("长" * 40_000)).status_code == 503
        assert wire.rows() == []
        pages[0] = 10_000
        cramped.dispose()
        assert wire.deliver(text_message("长" * 40_000)).status_code == 200
    assert len(wire.rows()) == 1
    cramped.dispose()


@ON_SQLITE
def test_other_addresses_are_not_the_door(wire: Wire) -> None:
    for path in (PATH + "/", PATH.upper(), "/wecom", PATH + "/x", "/wecom//callback"):
        assert wire.client.post(path, data=envelope(SEALED), query_string=signed(SEALED)).status_code in (404, 405)
    assert wire.rows() == []


@contextmanager
def _held(engine: Engine) -> Iterator[Callable[[], None]]:
    """Keeps the database from taking a row until it is let go."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE inbox_message IN ACCESS EXCLUSIVE MODE"))
        else:
            connection.begin()
        yield connection.rollback


class _Broken(io.BytesIO):
    """What a server hands on when the other side hangs up in the middle."""

    def read(self, _size: int | None = -1) -> bytes:
        raise OSError("the connection is gone")


def _post_raw(wire: Wire, body: io.BytesIO, stated: str | None, query: dict[str, str] | None = None) -> TestResponse:
    environ = EnvironBuilder(PATH, method="POST", query_string=query or {}).get_environ()
    environ.pop("CONTENT_LENGTH", None)
    if stated is not None:
        environ["CONTENT_LENGTH"] = stated
    environ["wsgi.input"] = body
    chunks, status, headers = run_wsgi_app(wire.app, environ, buffered=True)
    return TestResponse(chunks, status, headers, EnvironBuilder(PATH).get_request())


def _quoted(value: str) -> str:
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))
