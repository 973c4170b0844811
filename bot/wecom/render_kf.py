"""Turns an answer into what 微信客服 takes: texts and menus within its limits, each with a msgid that works once.

Limits: WeCom's developer documentation, page 94677 (kf/send_msg).
"""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from bot.message import Button, Reply
from bot.wecom.addresses import HERE
from bot.wecom.kf import parts_of
from bot.wecom.render import CHOOSE, Rendered, canonical, inert, quoted, split_text

HEAD_BYTES = 1024
ENTRIES = 10
ID_BYTES = LABEL_BYTES = 128
LINK_LABEL_BYTES = 1024


def merged(replies: Sequence[Reply]) -> list[Reply]:
    """The same answers in as few messages as they fit: five may follow a customer's word, and one a welcome code."""
    found: list[Reply] = []
    for reply in replies:
        last = found[-1] if found else None
        if last is None or last.link or _entries(last) + _entries(reply) > ENTRIES:
            found.append(reply)
            continue
        text = "\n\n".join(filter(None, (last.text, reply.text)))
        found[-1] = Reply(text, (*last.buttons, *reply.buttons), reply.link, reply.once)
    return found


def render_kf(address: str, reply: Reply, *, token: str = "") -> list[Rendered]:
    """The messages that make up an answer to a customer, in order; `token` binds its buttons to the open question."""
    text = inert(reply.text)
    entries = [_click(button, token) for button in reply.buttons]
    if reply.link:
        path = quoted(reply.link.path)
        url = path if path.startswith("https://") else HERE + path
        entries.append(
            {"type": "view", "view": {"url": url, "content": _cut(inert(reply.link.label), LINK_LABEL_BYTES)}}
        )
    if not entries:
        return [_message(address, "text", {"content": part}) for part in split_text(text, None)]
    parts = []
    if not text or len(text.encode()) > HEAD_BYTES:
        parts = [_message(address, "text", {"content": part}) for part in split_text(text, None) if part]
        text = CHOOSE
    for start in range(0, len(entries), ENTRIES):
        menu = {"head_content": text if start == 0 else CHOOSE, "list": entries[start : start + ENTRIES]}
        parts.append(_message(address, "msgmenu", menu))
    return parts


def on_event(rendered: Rendered, code: str) -> Rendered:
    """The same message, sent by the code of an event instead of to a customer."""
    body = json.loads(rendered.payload)
    del body["touser"], body["open_kfid"]
    return Rendered(canonical({**body, "code": code}), rendered.task_id)


def with_new_id(payload: str) -> Rendered:
    """The same message under another msgid: one that WeCom refused for good or failed to deliver may be spent."""
    body = json.loads(payload)
    body["msgid"] = secrets.token_hex(16)
    return Rendered(canonical(body), body["msgid"])


def words_of(payload: str) -> str:
    """What a message to a customer says, for whoever passes it on by other means."""
    body = json.loads(payload)
    text: dict[str, Any] = body.get("text") or {}
    menu: dict[str, Any] = body.get("msgmenu") or {}
    return str(text.get("content") or menu.get("head_content") or "")


def _entries(reply: Reply) -> int:
    return len(reply.buttons) + bool(reply.link)


def _click(button: Button, token: str) -> dict[str, Any]:
    entry = {"id": _cut(f"{token}|{button.says}", ID_BYTES), "content": _cut(inert(button.label), LABEL_BYTES)}
    return {"type": "click", "click": entry}


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _message(address: str, kind: str, content: dict[str, Any]) -> Rendered:
    msgid = secrets.token_hex(16)
    return Rendered(canonical({**_to(address), "msgid": msgid, "msgtype": kind, kind: content}), msgid)


def _to(address: str) -> dict[str, str]:
    open_kfid, external_userid = parts_of(address)
    return {"touser": external_userid, "open_kfid": open_kfid}
