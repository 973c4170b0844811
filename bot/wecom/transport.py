"""One HTTP call to WeCom: kept-alive connections, a deadline, no redirects, and faults told without secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from bot.wecom.deadline import DeadlineAdapter
from bot.wecom.errors import Kind, WeComError

CONNECT_SECONDS = 3.05
READ_SECONDS = 8.0
# The longest list of a county's members is a few megabytes.
JSON_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class Response:
    """The body of an answer (status 200) and its headers' two interesting values."""

    content: bytes
    content_type: str
    disposition: str


class Transport:
    """Calls one host from any number of threads; never tries twice by itself, so that the caller knows what went out."""

    def __init__(self, base_url: str, *, connections: int) -> None:
        self._base = f"{base_url}/cgi-bin/"
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc and no proxy variables: settings come from bot.settings alone
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(self, path: str, params: Mapping[str, Any], *, most: int = JSON_BYTES) -> Response:
        """The answer to a GET; refuses more than `most` bytes."""
        return self._call(path, most, "GET", params=params)

    def post(self, path: str, params: Mapping[str, Any], content: bytes) -> Response:
        """The answer to a POST of JSON."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return self._call(path, JSON_BYTES, "POST", params=params, data=content, headers=headers)

    def upload(self, path: str, params: Mapping[str, Any], filename: str, content: bytes) -> Response:
        """The answer to a POST of one file, as the multipart field `media`."""
        return self._call(path, JSON_BYTES, "POST", params=params, files={"media": (filename, content)})

    def close(self) -> None:
        """Ends the kept-alive connections."""
        self._session.close()

    def _call(self, path: str, most: int, method: str, **request: Any) -> Response:
        # The library's texts hold the whole URL with its secrets: only the name of the fault goes on.
        try:
            with self._session.request(
                method,
                self._base + path,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
                **request,
            ) as answer:
                return _read(path, answer, most)
        # What trickles in too slowly ends with the one or the other, as its body or its head trickles.
        except (requests.RequestException, TimeoutError) as error:
            kind = Kind.AWAY if _never_left(error) else Kind.UNKNOWN
            raise WeComError(path, kind=kind, detail=type(error).__name__) from None


def _read(path: str, answer: requests.Response, most: int) -> Response:
    if answer.status_code != 200:
        kind = Kind.RETRY if answer.status_code >= 500 or answer.status_code == 429 else Kind.PAUSE
        raise WeComError(path, kind=kind, detail=f"HTTP {answer.status_code}")
    content = bytearray()
    for chunk in answer.iter_content(65536):
        content += chunk
        if len(content) > most:
            raise WeComError(path, kind=Kind.DATA, detail=f"more than {most} bytes")
    headers = answer.headers
    return Response(bytes(content), headers.get("Content-Type", ""), headers.get("Content-Disposition", ""))


def _never_left(error: Exception) -> bool:
    """Whether no connection was made, so that nothing can have reached WeCom."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    # A refused or unresolvable address arrives as MaxRetryError whose reason is a NewConnectionError.
    reason = getattr(error.args[0], "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError")
