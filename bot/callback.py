"""The door for WeCom: verify, decrypt, store, answer. A 200 means the message stands in the database.

It is a layer in front of the Flask app, since this one route takes nearly all of the traffic and needs none of
Flask's dispatch.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import structlog

from bot.clock import Clock
from bot.inbox_writer import InboxWriter, NotStored
from bot.wecom.crypto import BadCallback, BadEnvelope, CallbackCipher, encrypted_of
from bot.wecom.parse import BadMessage, parse_callback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/wecom/callback"
MAX_BODY = 1024 * 1024
LENGTH_DIGITS = 16

OK, BAD_REQUEST, FORBIDDEN, NOT_ALLOWED, TOO_LARGE, UNAVAILABLE = (
    "200 OK",
    "400 Bad Request",
    "403 Forbidden",
    "405 Method Not Allowed",
    "413 Content Too Large",
    "503 Service Unavailable",
)

log = structlog.get_logger(__name__)


class CallbackDoor:
    """Answers `GET` and `POST /wecom/callback` itself and passes every other request on."""

    def __init__(self, app: "WSGIApplication", cipher: CallbackCipher, writer: InboxWriter, clock: Clock) -> None:
        self._app, self._cipher, self._writer, self._clock = app, cipher, writer, clock

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return self._app(environ, start_response)
        status, body = self._answer(environ)
        if status != OK:
            log.warning("callback_refused", status=status[:3])
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        if status == NOT_ALLOWED:
            headers.append(("Allow", "GET, HEAD, POST"))
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: "WSGIEnvironment") -> tuple[str, bytes]:
        method = environ["REQUEST_METHOD"]
        try:
            if method == "POST":
                return self._receive(environ)
            if method in ("GET", "HEAD"):
                return self._verify(environ)
        except BadEnvelope:
            return BAD_REQUEST, b""
        except BadCallback:
            return FORBIDDEN, b""
        return NOT_ALLOWED, b""

    def _verify(self, environ: "WSGIEnvironment") -> tuple[str, bytes]:
        signature, timestamp, nonce, echo = _query(environ, "echostr")
        return OK, self._cipher.open(signature, timestamp, nonce, echo)

    def _receive(self, environ: "WSGIEnvironment") -> tuple[str, bytes]:
        body = _read_body(environ)
        if body is None:
            return TOO_LARGE, b""
        encrypted = encrypted_of(body)
        signature, timestamp, nonce, _ = _query(environ, "")
        xml = self._cipher.open(signature, timestamp, nonce, encrypted)
        try:
            parsed = parse_callback(xml)
        except BadMessage as fault:
            # Signed by WeCom, yet nothing we could ever read: another delivery would not help, so it is not refused.
            log.warning("callback_unreadable", fault=str(fault))
            return OK, b""
        try:
            self._writer.store(parsed, now=self._clock())
        except NotStored:
            return UNAVAILABLE, b""
        return OK, b""


def _query(environ: "WSGIEnvironment", last: str) -> tuple[str, str, str, str]:
    try:
        values = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="replace", max_num_fields=32)
    except ValueError:
        raise BadCallback from None  # more fields than any callback has
    names = ("msg_signature", "timestamp", "nonce", last)
    signature, timestamp, nonce, extra = (values.get(name, [""])[0] for name in names)
    return signature, timestamp, nonce, extra


def _read_body(environ: "WSGIEnvironment") -> bytes | None:
    """The body, or None when it is larger than any callback; never reads further than the limit."""
    stated = environ.get("CONTENT_LENGTH") or ""
    limit = MAX_BODY + 1
    if stated.isdecimal():
        # Python refuses to read a number of thousands of digits.
        if len(stated) > LENGTH_DIGITS or int(stated) > MAX_BODY:
            return None
        limit = int(stated)
    try:
        body: bytes = environ["wsgi.input"].read(limit)
    except OSError:
        raise BadEnvelope from None  # it broke off, or its chunks are malformed
    return None if len(body) > MAX_BODY else body
