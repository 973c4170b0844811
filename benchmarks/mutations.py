"""What goes wrong with callbacks: seeded mutations of messages before they are sealed, and of requests on their way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

PATH = "/wecom/callback"

METHODS = ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "post", "POST")
PATHS = (
    *("/", "/healthz", "/readyz", "/metrics", "/me", "/login", "/static/../app.py", "//", "/%00", "/\x00", "/\xe9"),
    *(PATH + "/", "/wecom", "/unit/1", "/audit", "/queue", "/" + "a" * 5000, "/static/console.css", PATH),
)
LENGTHS = ("", "-1", "abc", "9" * 5000, "1048577", "0", "7", "²", "1e3", " 5", "0x10")
HEADERS = ("CONTENT_TYPE", "HTTP_HOST", "HTTP_COOKIE", "HTTP_X_FORWARDED_FOR", "HTTP_AUTHORIZATION", "HTTP_ACCEPT")


@dataclass
class Shot:
    """One request. `inner` is what WeCom sealed in it; `is_whole` says that nobody touched it on the way."""

    name: str
    method: str = "POST"
    path: str = PATH
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    inner: bytes | None = None
    is_whole: bool = False


def latin(random: Random) -> str:
    """Any bytes, as a server hands them to us."""
    return random.randbytes(random.randint(0, 40)).decode("latin-1").replace("#", "&")


def _flip(random: Random, data: bytes) -> bytes:
    changed = bytearray(data or b" ")
    for _ in range(random.choice((1, 1, 3, 20))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _put(random: Random, data: bytes, piece: bytes) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + piece + data[place:]


def _twice(random: Random, data: bytes) -> bytes:
    """One element a second time."""
    pieces = data.split(b"><")
    place = random.randrange(len(pieces))
    return b"><".join([*pieces[:place], pieces[place], *pieces[place:]])


def _nest(random: Random, data: bytes) -> bytes:
    depth = random.choice((1, 5, 11, 12, 13, 50, 3000))
    return data.replace(b"<Content>", b"<Content>" + b"<a>" * depth).replace(
        b"</Content>", b"</a>" * depth + b"</Content>"
    )


def _declare(random: Random, data: bytes) -> bytes:
    name = random.choice(("utf-8", "gbk", "utf-16", "iso-8859-1", "us-ascii", "klingon", ""))
    return f'<?xml version="1.0" encoding="{name}"?>'.encode() + data


def _encode(random: Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(
        random.choice(("gbk", "utf-16", "utf-32", "latin-1", "utf-7")), "replace"
    )


ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
PIECES = (
    b"&b;",
    b"&#0;",
    b"&#xD800;",
    b"&#x1F600;",
    b"\0",
    b"\xff\xfe",
    b"<",
    b">",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<x/>",
)

SPOILS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip,
    _cut,
    _twice,
    _nest,
    _declare,
    _encode,
    lambda _random, data: ENTITY + data,
    lambda random, data: _put(random, data, random.choice(PIECES)),
    lambda random, data: _put(random, data, random.randbytes(random.choice((1, 10, 1000)))),
    lambda random, data: data.replace(b"</xml>", b"<a>%d</a></xml>" % random.randrange(10 ** random.choice((1, 400)))),
    lambda random, _data: random.randbytes(random.randint(0, 100)),
)


def _break_body(random: Random, shot: Shot) -> None:
    shot.body = random.choice(SPOILS)(random, shot.body)


def _break_cipher_text(random: Random, shot: Shot) -> None:
    place = random.randrange(len(shot.body) or 1)
    shot.body = shot.body[:place] + random.choice((b"A", b"=", b"+", b" ", b"\n", b"")) + shot.body[place + 1 :]


def _break_query(random: Random, shot: Shot) -> None:
    parts = shot.query.split("&")
    odd = random.choice(("%C3%A9", "", "%00", "%ff", "0" * 40, "a" * 5000, "%", "\xe9", "+"))
    place = random.randrange(len(parts))
    change = random.choice(("drop", "replace", "double", "many", "shuffle", "upper"))
    if change == "drop":
        del parts[place]
    elif change == "replace":
        parts[place] = f"{parts[place].partition('=')[0]}={odd}"
    elif change == "double":
        parts.insert(place, f"{parts[place].partition('=')[0]}={odd}")
    elif change == "many":
        parts += [f"x{number}={odd[:9]}" for number in range(100)]
    elif change == "shuffle":
        random.shuffle(parts)
    else:
        parts[place] = parts[place].encode("latin-1").upper().decode("latin-1")
    shot.query = "&".join(parts)


def _break_request(random: Random, shot: Shot) -> None:
    change = random.choice(("method", "path", "length", "header", "echo"))
    if change == "method":
        shot.method = random.choice(METHODS)
    elif change == "path":
        shot.path = random.choice(PATHS)
    elif change == "length":
        shot.headers["CONTENT_LENGTH"] = random.choice(LENGTHS)
    elif change == "header":
        shot.headers[random.choice(HEADERS)] = latin(random)
    else:
        shot.method, shot.query = "GET", f"{shot.query}&echostr={latin(random)}"


def _break_size(random: Random, shot: Shot) -> None:
    shot.body = shot.body.ljust(random.choice((5000, 1024 * 1024, 1024 * 1024 + 1)))


BREAKS: tuple[Callable[[Random, Shot], None], ...] = (
    *(_break_body, _break_cipher_text, _break_query, _break_request) * 5,
    _break_size,
)
