"""The WSGI door of /cgi-bin: faults, method, token, JSON, the endpoint, and the answer in WeCom's envelope."""

import io
import json
import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from werkzeug.wrappers import Request

from simulator.endpoint import ROUTES, Answer, Call, Download, Route, Upload
from simulator.errors import ApiError
from simulator.faults import HttpFault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from simulator.world import World

PREFIX = "/cgi-bin/"
log = logging.getLogger(__name__)


class Gateway:
    """Answers /cgi-bin/* itself, without Flask's overhead, and leaves every other path to the app behind it."""

    def __init__(self, world: "World", behind: "WSGIApplication") -> None:
        self._world = world
        self._behind = behind
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self._behind(environ, start_response)
        path = path[len(PREFIX) :]
        started = time.perf_counter()
        calls = self._world.log
        calls.calls[path] += 1
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            answer = self._answer_under_faults(path, environ, raw)
        except HttpFault as fault:
            calls.add("api", path, str(fault.status), started)
            start_response(f"{fault.status} Bad Gateway", [("Content-Length", "0")])
            return []
        except ConnectionAbortedError as error:
            calls.add("api", path, str(error), started)
            raise
        if isinstance(answer, Download):
            calls.add("api", path, "file", started)
            return _send_file(answer, start_response)
        code = answer["errcode"]
        calls.add("api", path, str(code), started)
        calls.errcodes[path, code] += 1
        sent = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        start_response(
            "200 OK", [("Content-Type", "application/json; charset=UTF-8"), ("Content-Length", str(len(sent)))]
        )
        return [sent]

    def _answer_under_faults(self, path: str, environ: "WSGIEnvironment", raw: bytes) -> Answer | Download:
        try:
            if not self._world.faults.active:
                return self._answer(path, environ, raw)
            with self._world.faults.around(path) as lost:
                answer = self._answer(path, environ, raw)
                if lost:
                    raise ConnectionAbortedError("the answer was lost after the call was accepted")
                return answer
        except ApiError as error:
            return _refusal(error, environ, self._world.clock.timestamp())
        except (AttributeError, TypeError, KeyError, UnicodeError):
            log.warning("%s was sent a body of the wrong shape", path, exc_info=True)
            return _refusal(ApiError(40058), environ, self._world.clock.timestamp())

    def _answer(self, path: str, environ: "WSGIEnvironment", raw: bytes) -> Answer | Download:
        route = ROUTES.get(path)
        if route is None:
            raise ApiError(40066)
        if environ["REQUEST_METHOD"] != route.method:
            raise ApiError(40063, f"require {route.method} method")
        call = Call(self._world, dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)), raw=raw)
        now = self._world.clock.timestamp()
        if route.token:
            call.caller = self._world.tokens.check(call.query.get("access_token", ""), now).app
        if route.counted:
            self._count(path, now)
        if route.method == "POST":
            _read_body(call, environ)
        return self._run(route, call)

    def _run(self, route: Route, call: Call) -> Answer | Download:
        with self._world.lock:
            answer = route.endpoint(call)
        if isinstance(answer, Download):
            return answer
        return {"errcode": 0, "errmsg": "ok", **(answer or {})}

    def _count(self, path: str, now: float) -> None:
        minute = int(now // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[path] += 1
        if self._counts[path] > self._world.calls_per_minute:
            raise ApiError(45009)


def _read_body(call: Call, environ: "WSGIEnvironment") -> None:
    if environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
        with Request({**environ, "wsgi.input": io.BytesIO(call.raw)}) as request:
            sent = request.files.get("media")
            call.upload = Upload(sent.filename or "", sent.read()) if sent else None
        return
    try:
        body = json.loads(call.raw or b"{}")
    except ValueError:
        body = None
    if rb"\u" in call.raw and body is not None:
        json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair is no text
    if not isinstance(body, dict):
        raise ApiError(40058, "invalid Request Parameter. Warning: wrong json format.")
    call.body = body


def _refusal(error: ApiError, environ: "WSGIEnvironment", now: float) -> Answer:
    hint = f"{int(now)}_{secrets.randbelow(100)}_{secrets.token_hex(16)}"
    address = environ.get("REMOTE_ADDR", "127.0.0.1")
    return {
        "errcode": error.code,
        "errmsg": f"{error.text}, hint: [{hint}], from ip: {address}, more info at "
        f"https://open.work.weixin.qq.com/devtool/query?e={error.code}",
    }


def _send_file(answer: Download, start_response: "StartResponse") -> Iterable[bytes]:
    name = quote(answer.filename)
    start_response(
        "200 OK",
        [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.content))),
            ("Content-Disposition", f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"),
        ],
    )
    return [answer.content]
