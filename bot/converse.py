"""One message of one sender, from its fields to its answers in the outbox; the open question is kept in between."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from bot import dispatch
from bot.context import Context, OpenQuestion
from bot.identity import recognise
from bot.message import Answer, Incoming, Notice, Reply, Sender
from bot.outbox import enqueue_card_update, enqueue_notice, enqueue_reply
from domain.errors import DomainError
from domain.text import normalise
from models.message import Conversation, InboxMessage, OutboxMessage

# A question nobody answered by then is forgotten: words said a day later mean something else.
FORGETS_AFTER = timedelta(hours=24)
LONGEST_TEXT = 20_000

STRANGER = (
    "您好，我是邻格。名单里还没有您，所以什么也看不到、记不了。请联系单位的管理员把您加进来，加好后直接发消息就行。"
)
STALE = "这个按钮问的事已经过去了，没有改动什么。要重新来，直接说就行，比如“我的”“周报”。"
PRESSED_BEFORE = "这张卡片刚才已经点过“{label}”了，没有再改。"


def converse(session: Session, row: InboxMessage, fields: dict[str, Any], *, now: datetime) -> None:
    """Finds out who wrote, lets a handler answer, and queues what it said; all in the open transaction."""
    sender = recognise(session, row.sender)
    if sender is None:
        if not row.kind.startswith("event.") and row.sender:
            _send(session, row, row.sender, Reply(STRANGER), token="", now=now)
        return
    incoming = _incoming(row, fields)
    if row.kind == "event.template_card_event":
        pressed = _press(session, row, sender, fields, now=now)
        if pressed is None:
            return
        incoming = pressed
    question = _open_question(session, row.sender, now)
    asked = replace(question, data=dict(question.data))
    context = Context(session, now, sender, incoming, incoming.text, question)
    if incoming.fields.get("token") and incoming.fields["token"] != question.token:
        answer: Answer = STALE
    else:
        answer = _handle(context, asked)
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


def _press(
    session: Session, row: InboxMessage, sender: Sender, fields: dict[str, Any], *, now: datetime
) -> Incoming | None:
    """A pressed button as the text it says; None when the press was answered here, or was one press too many."""
    token, _, says = str(fields.get("EventKey", "")).partition("|")
    card = session.exec(select(OutboxMessage).where(OutboxMessage.task_id == fields.get("TaskId", ""))).first()
    if card is None or card.recipient.lower() != sender.key.lower():
        return Incoming(row.id or 0, "text", normalise(says), pressed=True, fields={"token": token or "unknown"})
    if card.closes_when_pressed:
        if card.pressed_at is not None:
            if card.pressed_key != says:
                _send(
                    session,
                    row,
                    sender.key,
                    Reply(PRESSED_BEFORE.format(label=card.label_of(card.pressed_key))),
                    token="",
                    now=now,
                )
            return None
        card.pressed_at, card.pressed_key, card.pressed_by = now, says, sender.key
        code = fields.get("ResponseCode", "")
        if code:
            enqueue_card_update(session, response_code=code, user=sender.key, label=card.label_of(says), now=now)
    return Incoming(row.id or 0, "text", normalise(says), pressed=True, fields={**fields, "token": token})


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
