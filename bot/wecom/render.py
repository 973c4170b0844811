"""Turns an answer into what WeCom takes: texts within its limits, cards for buttons, and no markup from anybody's data."""

import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.message import CARD_ROW_VALUE, CARD_ROWS, CARD_TEXT, Button, Link, Reply, Row
from bot.wecom.addresses import HERE

# WeCom cuts a text beyond 2048 bytes; the rest is left for the part's number, a reference and the link's host.
TEXT_BYTES = 2048
PART_BYTES = TEXT_BYTES - 192
TITLE_CHARS = 36
BUTTON_CHARS = 10
BUTTONS = 6
KEY_BYTES = 1024
ROW_NAME_CHARS = 5
LINK_CHARS = 18
CHOOSE = "选一个"

# The longest that WeCom suppresses an identical body: an unanswered message may be sent again for as long.
DUPLICATE_CHECK_SECONDS = 14_400

_SENTENCE_ENDS = ("。？；", "，：", "、")
# WeCom's clients make links of what looks like an address; a county's message has links of its own only.
_ADDRESS = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One call's body as canonical JSON, all but our agentid; `task_id` is set for a card."""

    payload: str
    task_id: str | None = None


def render(to: str, reply: Reply, *, token: str = "") -> list[Rendered]:
    """The messages that make up an answer, in order; `token` binds its buttons to the open question."""
    shown = CARD_ROWS if reply.buttons else 0
    text = inert("\n".join([reply.text, *(f"{row.name} {row.value}" for row in reply.rows[shown:])]))
    if not reply.buttons:
        return [text_message(to, part) for part in split_text(text, reply.link)]
    parts: list[Rendered] = []
    head = _card_head(text)
    if head is None:
        parts = [text_message(to, part) for part in split_text(text, None)]
        head = (CHOOSE, "")
    for start in range(0, len(reply.buttons), BUTTONS):
        on_card = replace(reply, buttons=reply.buttons[start : start + BUTTONS], rows=reply.rows[:shown])
        if start + BUTTONS < len(reply.buttons):
            on_card = replace(on_card, link=None)
        if start:
            on_card = replace(on_card, rows=())
        parts.append(_card(to, head, on_card, token))
        head = (CHOOSE, "")
    return parts


def render_for_group(chat_id: str, reply: Reply) -> list[Rendered]:
    """The texts that make up a message to a group; an empty `chat_id` is for a group robot, which knows its group."""
    address = {"chatid": chat_id, "safe": 0} if chat_id else {}
    parts = split_text(inert(reply.text), reply.link)
    return [Rendered(canonical({**address, "msgtype": "text", "text": {"content": part}})) for part in parts]


def text_message(to: str, content: str) -> Rendered:
    """A text as it is."""
    return Rendered(_body(to, "text", {"content": content}))


def card_update(user: str, *, response_code: str, label: str) -> Rendered:
    """Closes a card: its buttons give way to one grey label."""
    button = {"replace_name": shorten(inert(label), BUTTON_CHARS)}
    return Rendered(canonical({"userids": [user], "response_code": response_code, "button": button}))


def with_reference(payload: str, reference: str) -> str:
    """The same text message with a last line that tells it from an equal one; a card is told by its task_id already."""
    body = json.loads(payload)
    if body["msgtype"] == "text":
        body["text"]["content"] += f"\n〔{reference}〕"
    return canonical(body)


def addressed_to(payload: str, accounts: Sequence[str], *, task_id: str) -> str:
    """The same message to several members in one call; a card gets a number of its own."""
    body = json.loads(payload)
    body["touser"] = "|".join(accounts)
    if "template_card" in body:
        body["template_card"]["task_id"] = task_id
    return canonical(body)


def inert(text: str) -> str:
    """Text that a client shows as it stands: nothing in it becomes a link, a mention or markup."""
    text = text.encode("utf-8", "ignore").decode().replace("<", "＜").replace("://", "：//")
    return _ADDRESS.sub("．", text)


def shorten(text: str, chars: int) -> str:
    """The text within so many characters, with an ellipsis for what is left out."""
    return text if len(text) <= chars else text[: chars - 1] + "…"


def split_text(text: str, link: Link | None) -> list[str]:
    """The text in parts within WeCom's limit, broken at lines where possible and numbered when there are several."""
    parts = [""]
    for line in _lines(text):
        longer = f"{parts[-1]}\n{line}" if parts[-1] else line
        if len(longer.encode()) <= PART_BYTES:
            parts[-1] = longer
        else:
            parts.append(line)
    if link:
        anchor = f'<a href="{HERE}{quoted(link.path)}">{inert(link.label)}</a>'
        longer = f"{parts[-1]}\n{anchor}".lstrip("\n")
        parts[-1:] = [longer] if len(longer.encode()) <= PART_BYTES else [parts[-1], anchor]
    if len(parts) == 1:
        return parts
    return [f"（{number}/{len(parts)}）{part}" for number, part in enumerate(parts, 1)]


def canonical(body: dict[str, Any]) -> str:
    """JSON of which equal bodies give equal text."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line
        while len(rest.encode()) > PART_BYTES:
            head = rest.encode()[:PART_BYTES].decode(errors="ignore")
            yield head
            rest = rest[len(head) :]
        yield rest


def _card_head(text: str) -> tuple[str, str] | None:
    """The title and the text below it; None when they do not fit a card."""
    title, _, rest = text.strip().partition("\n")
    if len(title) > TITLE_CHARS:
        cut = _sentence_end(title)
        title, rest = title[:cut], "\n".join(filter(None, (title[cut:], rest)))
    if not title or len(rest) > CARD_TEXT:
        return None
    return title, rest.strip()


def _sentence_end(line: str) -> int:
    """Where the last sentence, else the last clause, that fits a title ends; 0 when none does."""
    start = line[:TITLE_CHARS]
    for ends in _SENTENCE_ENDS:
        cut = max(start.rfind(mark) for mark in ends) + 1
        if cut:
            return cut
    return 0


def button_label(payload: str, key: str) -> str:
    """The label of the button with this key on a card that was sent; empty when there is none."""
    buttons = json.loads(payload).get("template_card", {}).get("button_list", ())
    return next((button["text"] for button in buttons if button["key"] == key), "")


def _card(to: str, head: tuple[str, str], reply: Reply, token: str) -> Rendered:
    title, rest = head
    link = reply.link
    task_id = secrets.token_hex(12)
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": title},
        "button_list": [_button(button, token) for button in reply.buttons],
    }
    if rest:
        card["sub_title_text"] = rest
    if reply.rows:
        card["horizontal_content_list"] = [_row(row) for row in reply.rows]
    if link:
        url = HERE + quoted(link.path)
        card["jump_list"] = [{"type": 1, "title": shorten(inert(link.label), LINK_CHARS), "url": url}]
    return Rendered(_body(to, "template_card", card), task_id)


def _button(button: Button, token: str) -> dict[str, Any]:
    key = f"{token}|{button.says}".encode()[:KEY_BYTES].decode(errors="ignore")
    return {"type": 0, "text": shorten(inert(button.label), BUTTON_CHARS), "style": 1, "key": key}


def _row(row: Row) -> dict[str, str]:
    return {"keyname": shorten(inert(row.name), ROW_NAME_CHARS), "value": shorten(inert(row.value), CARD_ROW_VALUE)}


def _body(to: str, kind: str, content: dict[str, Any]) -> str:
    return canonical(
        {
            "touser": to,
            "msgtype": kind,
            kind: content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATE_CHECK_SECONDS,
        }
    )


def quoted(path: str) -> str:
    """A path that cannot break out of the address it is put into."""
    return re.sub(r"[^\w\-./?=&%#~:+,@]", "", path)
