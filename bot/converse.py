"""One message of one sender, from its fields to its answers in the outbox; the open question is kept in between."""

import secrets
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, SQLModel

from bot import dispatch
from bot.context import Context, OpenQuestion
from bot.group.pull import heed_group
from bot.identity import recognise
from bot.insert import insert_or_update
from bot.kf.enqueue import welcome_of
from bot.kf.events import heed
from bot.message import Answer, Incoming, Notice, Reply, Sender
from bot.outbox import enqueue_notices, enqueue_replies, enqueue_to_customer
from bot.press import PRESSED, Press, close_card, read_menu_press, read_press
from bot.wecom.kf import is_customer
from domain.errors import DomainError
from domain.text import normalise
from models.gathered import forget_after, mark
from models.message import Conversation

# WeCom lets nobody send more than 2048 bytes; of what is longer the rest is left out, and it still reads as too long.
LONGEST_TEXT = 4_096

STRANGER = (
    "您好，我是邻格。名单里还没有您，所以什么也看不到、记不了。请联系单位的管理员把您加进来，加好后直接发消息就行。"
)
STALE = "这个按钮问的事已经过去了，没有改动什么。要重新来，直接说就行，比如“我的”“周报”。"
STALE_MENU = "这个选项问的事已经过去了，没有改动什么。您直接说要办什么就行。"

# Built once: for each message, building a statement anew would cost more than running it.
# A savepoint of our own: the session's costs twice as much. It needs no release: a later one of the same name hides it,
# and the commit drops them all.
_MARK, _BACK_TO_MARK = "SAVEPOINT before_handler", "ROLLBACK TO SAVEPOINT before_handler"
_CONVERSATION = SQLModel.metadata.tables[Conversation.__tablename__]
_FORGET = delete(_CONVERSATION).where(_CONVERSATION.c.sender == bindparam("sender"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it came out of the inbox."""

    id: int
    sender: str
    kind: str
    fields: dict[str, Any]

    @property
    def is_event(self) -> bool:
        """Whether nobody wrote it: an opened chat, a press, a change of members."""
        return self.kind.startswith("event.")


def converse(session: Session, stored: Stored, *, now: datetime) -> None:
    """Finds out who wrote, lets a handler answer, and queues what it said; all in the open transaction."""
    if heed(session, stored.kind, stored.fields, now=now) or heed_group(session, stored.kind, stored.fields, now=now):
        return
    recognised = recognise(session, stored.sender, now=now)
    if recognised is None:
        if stored.sender and not stored.is_event and not is_customer(stored.sender):
            replies = [Reply(STRANGER)]
            enqueue_replies(session, to=stored.sender, replies=replies, inbox_id=stored.id, token="", now=now)
        return
    sender, question = recognised
    asked = replace(question, data=deepcopy(question.data))
    press = _read(session, stored, sender)
    answer = press.refusal
    if press.incoming is not None and press.token not in ("", question.token):
        answer = STALE if sender.customer is None else STALE_MENU
    elif press.incoming is not None:
        context = Context(session, now, sender, press.incoming, press.incoming.text, question)
        answer = _handle(context, asked, press)
    _keep_question(session, stored.sender, asked, question, now)
    said = _listed(answer)
    replies = [item for item in said if isinstance(item, Reply)]
    _queue(session, stored, sender, replies, token=question.token, now=now)
    notices = [item for item in said if isinstance(item, Notice)]
    if notices:
        enqueue_notices(session, notices, now=now)


def _read(session: Session, stored: Stored, sender: Sender) -> Press:
    if sender.customer is not None:
        return read_menu_press(stored.id, stored.fields) or Press(_incoming(stored))
    is_press = stored.kind == PRESSED
    return read_press(session, stored.id, sender, stored.fields) if is_press else Press(_incoming(stored))


def _queue(
    session: Session, stored: Stored, sender: Sender, replies: Sequence[Reply], *, token: str, now: datetime
) -> None:
    if sender.customer is None:
        enqueue_replies(session, to=sender.key, replies=replies, inbox_id=stored.id, token=token, now=now)
        return
    welcome = welcome_of(stored.kind, stored.fields, now=now)
    enqueue_to_customer(
        session, to=sender.key, replies=replies, inbox_id=stored.id, token=token, now=now, welcome=welcome
    )


def _handle(context: Context, asked: OpenQuestion, press: Press) -> Answer:
    """Runs the handler; a rule that says no undoes what it did and becomes the answer, and a pressed card stays open."""
    connection, place = context.session.connection(), mark(context.session)
    connection.exec_driver_sql(_MARK)
    try:
        answer = dispatch.answer(context)
        if press.card is not None:
            close_card(context.session, press.card, context.sender, context.message.fields, now=context.now)
        context.session.flush()
    except DomainError as refusal:
        context.session.expunge_all()
        connection.exec_driver_sql(_BACK_TO_MARK)
        forget_after(context.session, place)
        context.question.step, context.question.data = asked.step, asked.data
        return str(refusal)
    return answer


def _incoming(stored: Stored) -> Incoming:
    is_click = stored.kind == "event.click"
    said = stored.fields.get("EventKey" if is_click else "Content")
    words = normalise(said[:LONGEST_TEXT]) if isinstance(said, str) else ""
    kind = "text" if is_click else stored.kind
    return Incoming(stored.id, kind, words, pressed=is_click, fields=stored.fields)


def _keep_question(session: Session, sender: str, asked: OpenQuestion, question: OpenQuestion, now: datetime) -> None:
    """Saves what the handler left open; a new question gets a new token, so that buttons of the old one are stale."""
    if (question.step, question.data) == (asked.step, asked.data):
        return
    if not question.step:
        question.token = ""
        session.connection().execute(_FORGET, {"sender": sender})
        return
    question.token = secrets.token_hex(4)
    values = {
        "sender": sender,
        "step": question.step,
        "data": question.data,
        "token": question.token,
        "updated_at": now,
    }
    insert_or_update(session.connection(), Conversation, [values], key="sender")


def _listed(answer: Answer) -> list[Reply | Notice]:
    if answer is None:
        return []
    if isinstance(answer, str):
        return [Reply(answer)]
    return answer if isinstance(answer, list) else [answer]
