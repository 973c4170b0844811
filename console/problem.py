"""What a program reads when something does not work: problem+json (RFC 9457) with a Chinese sentence."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, request

# Under it answers are for programs; a failure there is never a page.
PREFIX = "/api/"

# What to do next, by status; anything else below 500 reads like 400.
WORDS = {
    400: "这个请求没看懂，请对照 /api/openapi.json 核对格式。",
    401: "没有带密钥，或者密钥不对。请在 Authorization 里写 Bearer 加密钥。",
    403: "这个系统的密钥已停用，需要的话请找系统管理员重新开通。",
    404: "没有这一件，或者不是本系统报来的。",
    405: "这个地址不支持这种方法，请看 /api/openapi.json。",
    413: "内容太长，没有存。一次最多 64 KiB。",
    415: "内容要用 JSON，请把 Content-Type 写成 application/json。",
    429: "请求太快了，请按 Retry-After 的秒数等一等再发。",
    500: "是我们这边出了问题，已经记下了。过一会儿用同一个编号再发，不会重复。",
    503: "正在维护，已经存下的都在。过一分钟用同一个编号再发，不会重复。",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be taken: a JSON pointer to it, and why not."""

    pointer: str
    detail: str


def problem(status: int, detail: str = "", faults: Sequence[Fault] = ()) -> Response:
    """The answer for a program: status, what it is called, what to do next, and the fields at fault."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or WORDS.get(status, WORDS[400 if status < 500 else 500]),
        **({"errors": [asdict(fault) for fault in faults]} if faults else {}),
    }
    answer = as_json(body, status, kind="application/problem+json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def as_json(body: Any, status: int = 200, *, kind: str = "application/json") -> Response:
    """The answer that holds a value, with Chinese as it is written."""
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype=kind)


def is_for_a_program() -> bool:
    """Whether the request came to an address for programs."""
    return request.path.startswith(PREFIX)
