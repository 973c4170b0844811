"""Decrypted callback XML to plain values, and the key under which a message is handled once.

Field names and kinds: WeCom's developer documentation, pages 90239 (messages) and 90240 (events).
"""

import hashlib
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

# Elements that may stand once or many times; a single one must not look different from several.
_LISTS = frozenset(
    {
        *("SelectedItem", "OptionId", "OpitonId", "Item", "item"),
        *("ApprovalNode", "NotifyNode", "AuthAddOpenKfId", "AuthDelOpenKfId"),
    }
)
_LONGEST_KEY = 160
_MAX_DEPTH = 12
# What XML 1.0 has no place for (all but tab and line ends): somebody's message is not lost over one of them.
_STRAY = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})


class BadMessage(Exception):
    """The decrypted text is not a message we could ever read."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a callback says: `key` is the same for every delivery of it and for no other message."""

    key: str
    sender: str
    kind: str
    fields: dict[str, Any]


def parse_callback(xml: bytes) -> Parsed:
    """The fields of a decrypted callback, lists where elements repeat; raises `BadMessage` for what is no message."""
    fields = _read(xml)
    kind = _text(fields, "MsgType")
    if not kind:
        raise BadMessage("no MsgType")
    if kind == "event":
        kind = f"event.{_text(fields, 'Event').lower()}"
    sender = _text(fields, "FromUserName")
    message_id = _text(fields, "MsgId")
    # MsgId is unique among one sender's messages to one app; the platform's retries repeat it. Two different events may
    # share sender and second, so of an event the whole text is the key.
    key = f"{message_id}:{_text(fields, 'AgentID')}:{sender.lower()}" if message_id else _hash(xml)
    if len(key) > _LONGEST_KEY:
        key = _hash(key.encode())
    return Parsed(key, sender, kind[:64], fields)


def _hash(data: bytes) -> str:
    return f"x:{hashlib.sha256(data).hexdigest()}"


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise BadMessage(f"{name} is no plain text")
    return value


def _read(xml: bytes) -> dict[str, Any]:
    root: dict[str, Any] = {}
    stack: list[tuple[str, dict[str, Any], list[str]]] = []
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        if len(stack) > _MAX_DEPTH:
            raise BadMessage("nested too deep")
        stack.append((name, {}, []))

    def end(name: str) -> None:
        _, children, texts = stack.pop()
        value: Any = children or "".join(texts).strip("\r\n")
        _add(stack[-1][1] if stack else root, name, value)

    def text(data: str) -> None:
        if stack:
            stack[-1][2].append(data)

    def refuse(*_declaration: object) -> None:
        raise BadMessage("a document type is not allowed")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(xml.translate(None, _STRAY), True)
    except (expat.ExpatError, ValueError, LookupError):  # the latter two for an encoding that is not read
        raise BadMessage("not XML") from None
    content = root.get("xml")
    if not isinstance(content, dict):
        raise BadMessage("no xml element")
    return content


def _add(children: dict[str, Any], name: str, value: Any) -> None:
    if name in _LISTS:
        children.setdefault(name, []).append(value)
    elif name in children:
        raise BadMessage(f"{name} stands twice")
    else:
        children[name] = value
