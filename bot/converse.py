"""One message of one sender, from its fields to its answers in the outbox; the open question is kept in between."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import dispatch
from bot.context import Context, OpenQuestion
from bot.identity import recognise
from bot.message import Answer, Incoming, Notice, Reply
from bot.outbox import enqueue_notice, enqueue_reply
from bot.press import PRESSED, read_press
from domain.errors import DomainError
from domain.text import normalise
from models.message import Conversation, InboxMessage

# A question nobody answered by then is forgotten: words said a day later mean something else.
FORGETS_AFTER = timedelta(hours=24)
LONGEST_TEXT = 20_000

STRANGER = (
    "您好，我是邻格。名单里还没有您，所以什么也看不到、记不了。请联系单位的管理员把您加进来，加好后直接发消息就行。"
)
STALE = "这个按钮问的事已经过去了，没有改动什么。要重新来，直接说就行，比如“我的”“周报”。"


def converse(session: Session, row: InboxMessage, fields: dict[str, Any], *, now: datetime) -> None:
    """Finds out who wrote, lets a handler answer, and queues what it said; all in the open transaction."""
    sender = recognise(session, row.sender)
    if sender is None:
        if not row.kind.startswith("event.") and row.sender:
            _send(session, row, row.sender, Reply(STRANGER), token="", now=now)
        return
    question = _open_question(session, row.sender, now)
    asked = replace(question, data=dict(question.data))
    answer: Answer
    if row.kind == PRESSED:
        press = read_press(session, row.id or 0, sender, fields, now=now)
        incoming, answer = press.incoming, press.refusal
        if incoming is not None and press.token not in ("", question.token):
            incoming, answer = None, STALE
    else:
        incoming, answer = _incoming(row, fields), None
    if incoming is not None:
        answer = _handle(Context(session, now, sender, incoming, incoming.text, question), asked)
    _keep_question(session, row.sender, asked, question, now)
    for item in _listed(answer):
        if isinstance(item, Notice):
            enqueue_notice(session, item, now=now)
        else:
            _send(session, row, sender.key, item, token=question.token, now=now)


def _handle(context: Context, asked: OpenQuestion) -> Answer:
    """Runs the handler; a rule that says no undoes what it did and becomes the answer."""
    savepoint = context.session.begin_nested()
    try:
        answer = dispatch.answer(context)
    except DomainError as refusal:
        savepoint.rollback()
        context.question.step, context.question.data = asked.step, asked.data
        return str(refusal)
    savepoint.commit()
    return answer


def _incoming(row: InboxMessage, fields: dict[str, Any]) -> Incoming:
    is_click = row.kind == "event.click"
    said = fields.get("EventKey" if is_click else "Content")
    text = normalise(said[:LONGEST_TEXT]) if isinstance(said, str) else ""
    return Incoming(row.id or 0, "text" if is_click else row.kind, text, pressed=is_click, fields=fields)


def _open_question(session: Session, sender: str, now: datetime) -> OpenQuestion:
    stored = session.get(Conversation, sender)
    if stored is None or stored.updated_at < now - FORGETS_AFTER:
        return OpenQuestion()
    return OpenQuestion(stored.step, dict(stored.data), stored.token)


def _keep_question(session: Session, sender: str, asked: OpenQuestion, question: OpenQuestion, now: datetime) -> None:
    """Saves what the handler left open; a new question gets a new token, so that buttons of the old one are stale."""
    if (question.step, question.data) == (asked.step, asked.data):
        return
    stored = session.get(Conversation, sender)
    if not question.step:
        question.token = ""
        if stored is not None:
            session.delete(stored)
        return
    question.token = secrets.token_hex(4)
    stored = stored or Conversation(sender=sender, step="", token="", updated_at=now)
    stored.step, stored.data, stored.token, stored.updated_at = question.step, question.data, question.token, now
    session.add(stored)


def _listed(answer: Answer) -> list[Reply | Notice]:
    if answer is None:
        return []
    if isinstance(answer, str):
        return [Reply(answer)]
    return answer if isinstance(answer, list) else [answer]


def _send(session: Session, row: InboxMessage, to: str, reply: Reply, *, token: str, now: datetime) -> None:
    enqueue_reply(session, to=to, reply=reply, inbox_id=row.id, token=token, now=now)
