"""What 微信客服 writes: a page of messages to plain values, and the address that names a customer of an account.

Field names and kinds: WeCom's developer documentation, page 94670 (kf/sync_msg).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PREFIX = "kf:"
NEWS = "event.kf_msg_or_event"
SEND_FAILED = "event.msg_send_fail"
ENTERED = "event.enter_session"
CUSTOMER, SYSTEM = 3, 4
LONGEST_KEY = 160
# The last second that a time of the platform can name (9999-12-31).
LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class KfMessage:
    """One message or event of a customer; `is_word` says that the customer wrote, so that we may answer."""

    key: str
    open_kfid: str
    external_userid: str
    kind: str
    sent_at: datetime | None
    is_word: bool
    fields: dict[str, Any]

    @property
    def address(self) -> str:
        """The customer's address; empty for an event that concerns none."""
        return address_of(self.open_kfid, self.external_userid) if self.external_userid else ""


def address_of(open_kfid: str, external_userid: str) -> str:
    """The address of a customer of an account: both ids are case-sensitive."""
    return f"{PREFIX}{open_kfid}:{external_userid}"


def is_customer(address: str) -> bool:
    """Whether an address is a customer's: no member's account has a colon."""
    return address.startswith(PREFIX)


def parts_of(address: str) -> tuple[str, str]:
    """The open_kfid and the external_userid of a customer's address."""
    open_kfid, _, external_userid = address.removeprefix(PREFIX).partition(":")
    return open_kfid, external_userid


def read_page(open_kfid: str, answer: dict[str, Any]) -> list[KfMessage]:
    """The messages of a page of kf/sync_msg in order; what a servicer typed in the client is none of ours."""
    items = answer.get("msg_list")
    found = [_read(open_kfid, item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [message for message in found if message is not None]


def _read(open_kfid: str, item: dict[str, Any]) -> KfMessage | None:
    origin, kind = item.get("origin"), _text(item, "msgtype")
    msgid = _text(item, "msgid")
    if origin not in (CUSTOMER, SYSTEM) or not kind or not msgid:
        return None
    content = item.get(kind)
    fields = dict(content) if isinstance(content, dict) else {}
    customer = _text(fields if kind == "event" else item, "external_userid")[:64]
    if kind == "event":
        kind = f"event.{_text(fields, 'event_type').lower()}"
    elif kind == "text":
        fields["Content"] = _text(fields, "content")
    fields = {**fields, "msgid": msgid, "open_kfid": open_kfid, "send_time": item.get("send_time")}
    key = f"{PREFIX}{msgid}"
    if len(key) > LONGEST_KEY:
        key = f"{PREFIX}x:{hashlib.sha256(msgid.encode(errors='replace')).hexdigest()}"
    is_word = origin == CUSTOMER and not kind.startswith("event.") and bool(customer)
    return KfMessage(key, open_kfid, customer, kind[:64], instant(item.get("send_time")), is_word, fields)


def instant(seconds: object) -> datetime | None:
    """The instant of a time as the platform writes it; None for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds <= LAST_SECOND:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
