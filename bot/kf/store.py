"""Puts a page of 微信客服 into the inbox: what was written, who is new, and what waited for their word."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from bot.insert import insert_new
from bot.kf.window import release
from bot.wecom.kf import ENTERED, KfMessage
from models.customer import Customer
from models.kf import KfAccount
from models.message import InboxMessage, InboxState

# Whoever just came in is greeted before others are answered: their welcome code lives 20 seconds.
AHEAD = timedelta(seconds=20)
LONGEST_SCENE, LONGEST_PARAM, LONGEST_ADDRESS = 32, 128, 160

log = structlog.get_logger(__name__)


def store_page(session: Session, messages: Sequence[KfMessage], *, now: datetime) -> None:
    """Stores messages once each, opens the window of whoever wrote and lets what waited for them go."""
    if not messages:
        return
    _report_unknown(session, messages)
    insert_new(session.connection(), InboxMessage, [_row(message, now) for message in messages], key="key")
    people = {message.address: message for message in messages if 0 < len(message.address) <= LONGEST_ADDRESS}
    if not people:
        return
    new = [_customer(address, message, now) for address, message in people.items()]
    insert_new(session.connection(), Customer, new, key="address")
    for message in messages:
        if message.kind == ENTERED:
            _note_scene(session, message)
    for address in people:
        words = [message for message in messages if message.address == address and message.is_word]
        if words:
            _open_window(session, address, words, now)


def _open_window(session: Session, address: str, words: Sequence[KfMessage], now: datetime) -> None:
    spoke_at = max(min(word.sent_at or now, now) for word in words)
    values = {"turn": col(Customer.turn) + len(words), "spoke_at": spoke_at}
    session.connection().execute(update(Customer).where(col(Customer.address) == address).values(**values))
    release(session, address, now=now)


def _note_scene(session: Session, message: KfMessage) -> None:
    scene, param = (str(message.fields.get(name) or "") for name in ("scene", "scene_param"))
    values = {"scene": scene[:LONGEST_SCENE], "scene_param": param[:LONGEST_PARAM]}
    session.connection().execute(update(Customer).where(col(Customer.address) == message.address).values(**values))


def _report_unknown(session: Session, messages: Sequence[KfMessage]) -> None:
    """An account that no workbook names is read all the same, so that nothing piles up; its customers hear nothing."""
    accounts = {message.open_kfid for message in messages}
    known = select(func.count()).select_from(KfAccount).where(col(KfAccount.open_kfid).in_(accounts))
    if session.exec(known).one() < len(accounts):
        log.warning("kf_account_unknown", accounts=sorted(accounts))


def _row(message: KfMessage, now: datetime) -> dict[str, Any]:
    has_code = message.kind == ENTERED and bool(message.fields.get("welcome_code"))
    body = json.dumps(message.fields, ensure_ascii=False)
    return {
        "key": message.key.encode(errors="replace").decode(),
        "sender": message.address[:LONGEST_ADDRESS],
        "kind": message.kind,
        # A lone surrogate, which JSON can hold, is no text that a database takes.
        "body": body.encode(errors="replace").decode(),
        "received_at": now,
        "due_at": now - AHEAD if has_code else now,
        "state": InboxState.NEW,
        "attempts": 0,
        "error": "",
    }


def _customer(address: str, message: KfMessage, now: datetime) -> dict[str, Any]:
    return {
        "address": address,
        "open_kfid": message.open_kfid,
        "external_userid": message.external_userid,
        "name": "",
        "scene": "",
        "scene_param": "",
        "first_seen_at": now,
        "turn": 0,
    }
