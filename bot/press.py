"""A pressed button: which card it was on, whether that card may still be pressed, and what the press says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.message import Answer, Incoming, Sender
from bot.outbox import enqueue_card_update
from bot.wecom.render import KEY_BYTES, button_label
from domain.text import normalise
from models.message import OutboxMessage

PRESSED = "event.template_card_event"
PRESSED_BEFORE = "这张卡片刚才已经点过“{label}”了，没有再改。"


@dataclass(frozen=True, slots=True)
class Press:
    """What a press comes to: a message to dispatch, bound to the question of `token`; or a refusal; or nothing.

    `card` is set while the card is open; `close_card` closes it once the press has had its effect.
    """

    incoming: Incoming | None = None
    token: str = ""
    refusal: Answer = None
    card: OutboxMessage | None = None


def read_press(session: Session, message_id: int, sender: Sender, fields: dict[str, Any]) -> Press:
    """Reads a press. A card closes once: after that the same button is silence, and another is refused."""
    key = str(fields.get("EventKey", ""))[:KEY_BYTES]
    token, _, says = key.partition("|")
    incoming = Incoming(message_id, "text", normalise(says), pressed=True, fields=fields)
    card = _card_of(session, str(fields.get("TaskId", "")), sender)
    if card is None or not card.closes_when_pressed:
        return Press(incoming, token)
    if card.pressed_at is not None:
        label = button_label(card.payload, card.pressed_key)
        return Press(refusal=None if card.pressed_key == key else PRESSED_BEFORE.format(label=label))
    return Press(incoming, token, card=card)


def _card_of(session: Session, number: str, sender: Sender) -> OutboxMessage | None:
    """The sender's own row of a card, which may have gone to many in one call."""
    is_it = or_(col(OutboxMessage.task_id) == number, col(OutboxMessage.call_id) == number)
    return session.exec(select(OutboxMessage).where(is_it, OutboxMessage.recipient == sender.key.lower())).first()


def read_menu_press(message_id: int, fields: dict[str, Any]) -> Press | None:
    """Reads the press of a menu's entry by a customer, which arrives as a text; None for words, and for others' menus."""
    token, bar, says = str(fields.get("menu_id") or "").partition("|")
    if not bar:
        return None
    return Press(Incoming(message_id, "text", normalise(says), pressed=True, fields=fields), token)


def close_card(session: Session, card: OutboxMessage, sender: Sender, fields: dict[str, Any], *, now: datetime) -> None:
    """Notes the press on its card and lets the label of what was chosen take the place of the buttons."""
    key = str(fields.get("EventKey", ""))[:KEY_BYTES]
    card.pressed_at, card.pressed_key, card.pressed_by = now, key, sender.key
    session.add(card)
    code = str(fields.get("ResponseCode", ""))
    if code:
        label = f"已选 {button_label(card.payload, key)}"
        enqueue_card_update(session, response_code=code, user=sender.key, label=label, now=now)
