"""Queues what is to reach a customer: answers in as few messages as they fit, the first by a welcome code if there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channel import KF, KF_WELCOME, Channel
from bot.message import Reply
from bot.wecom.kf import ENTERED, instant
from bot.wecom.render import Rendered
from bot.wecom.render_kf import merged, on_event, render_kf

CODE_LIVES = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The right to greet somebody who came in without a word; an empty `code` is none, and the greeting must find a window."""

    code: str
    until: datetime


def welcome_of(kind: str, fields: dict[str, Any], *, now: datetime) -> Welcome | None:
    """The welcome that an event allows; None for whatever is no entry."""
    if kind != ENTERED:
        return None
    code = fields.get("welcome_code")
    began = instant(fields.get("send_time")) or now
    return Welcome(code if isinstance(code, str) else "", began + CODE_LIVES)


def parts_for(
    to: str, replies: Sequence[Reply], *, token: str, welcome: Welcome | None
) -> list[tuple[Channel, Rendered, datetime | None]]:
    """The messages that carry answers to a customer: their channel, their body and when they are past."""
    parts = [part for reply in merged(replies) for part in render_kf(to, reply, token=token)]
    found: list[tuple[Channel, Rendered, datetime | None]] = [
        (KF, part, welcome.until if welcome else None) for part in parts
    ]
    if welcome and welcome.code and parts:
        found[0] = (KF_WELCOME, on_event(parts[0], welcome.code), welcome.until)
    return found
