"""Messages on their way in and out, and the open question of a conversation."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime, state_type
from models.secrecy import EMPTY, encrypted, encrypted_json


class InboxState(StrEnum):
    NEW = "new"
    HANDLED = "handled"
    DEAD = "dead"


# Handled messages are past and without end; only these are counted.
OPEN_INBOX = (InboxState.NEW, InboxState.DEAD)
# A partial index serves a query that names its condition word for word, with no value left open.
HAS_BODY = text(f"body <> '{EMPTY}'")


class InboxMessage(SQLModel, table=True):
    """A callback as it was decrypted; acknowledged only once it stands here under its unique key."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        # In the order of claiming, so that the first that wait are read and no more.
        Index("ix_inbox_message_state_due_at", "state", "due_at", "id"),
        Index("ix_inbox_message_sender_state", "sender", "state", "id"),
        Index(
            "ix_inbox_message_received_at_with_body",
            "received_at",
            sqlite_where=HAS_BODY,
            postgresql_where=HAS_BODY,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(unique=True, max_length=160)
    sender: str = Field(default="", max_length=160)
    kind: str = Field(max_length=64)
    body: str = Field(sa_type=encrypted("inbox_message.body"))
    received_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: InboxState = Field(default=InboxState.NEW, sa_type=state_type(InboxState))
    attempts: int = 0
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", sa_type=Text)


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    WAITING = "waiting"  # for a customer to write, who may be written to only then
    PASSED_ON = "passed_on"  # told to the customer by phone instead
    SENT = "sent"
    PARTLY_SENT = "partly_sent"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    DEAD = "dead"


NEEDS_A_LOOK = (OutboxState.DEAD, OutboxState.IN_DOUBT, OutboxState.PARTLY_SENT, OutboxState.EXPIRED)
# Sent messages are past and without end; only these are counted.
OPEN_OUTBOX = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.WAITING, *NEEDS_A_LOOK)
HAS_PAYLOAD = text(f"payload <> '{EMPTY}'")
WAS_JOINT = text("call_id IS NOT NULL")


# What goes to an outside system's own address has a sender of its own, which alone takes this priority.
WEBHOOK, WEBHOOK_PRIORITY = "webhook", 9


class OutboxMessage(SQLModel, table=True):
    """One call that must reach WeCom, or an outside system, with its bytes frozen when it was queued.

    `recipient` is the lower-cased account, or a customer's address; `key` makes a notice unique (`checkin:2026-W47:17`); a smaller `priority`
    leaves sooner; `after_id` keeps the parts of a long text in order; `purpose` says why we wrote unasked (empty for
    an answer); without `any_hour` it leaves in duty hours only; a card's press is kept on the card's own row.
    `task_id` is a card's, or the msgid of a customer's message; `turn` is the customer's word that it counts against.
    `first_sent_at` is the first try that WeCom may have accepted; `lease_until` names the try that is under way.
    `digest` is of the body without its recipient and its card's number: what has the same one may leave in one call,
    whose members `call_id` names.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_state_priority_due_at", "state", "priority", "due_at", "id"),
        Index("ix_outbox_message_recipient_state", "recipient", "state"),
        Index("ix_outbox_message_person_purpose_created", "person_id", "purpose", "created_at"),
        Index("ix_outbox_message_digest_recipient", "digest", "recipient"),
        Index("ix_outbox_message_call_id", "call_id", sqlite_where=WAS_JOINT, postgresql_where=WAS_JOINT),
        Index(
            "ix_outbox_message_created_at_with_payload",
            "created_at",
            sqlite_where=HAS_PAYLOAD,
            postgresql_where=HAS_PAYLOAD,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(unique=True, max_length=160)
    channel: str = Field(max_length=32)
    recipient: str = Field(max_length=160)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    purpose: str = Field(default="", max_length=32)
    priority: int = 0
    payload: str = Field(sa_type=encrypted("outbox_message.payload"))
    digest: str = Field(max_length=64)
    call_id: str | None = Field(default=None, max_length=32)
    task_id: str | None = Field(default=None, unique=True, max_length=128)
    inbox_id: int | None = Field(default=None, foreign_key="inbox_message.id", sa_type=BigId, index=True)
    after_id: int | None = Field(default=None, foreign_key="outbox_message.id", sa_type=BigId)
    any_hour: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: OutboxState = Field(default=OutboxState.QUEUED, sa_type=state_type(OutboxState))
    attempts: int = 0
    first_sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreached: str = Field(default="", sa_type=Text)
    error: str = Field(default="", sa_type=Text)
    turn: int | None = None
    closes_when_pressed: bool = False
    pressed_key: str = Field(default="", sa_type=encrypted("outbox_message.pressed_key"))
    pressed_by: str = Field(default="", max_length=160)
    pressed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Conversation(SQLModel, table=True):
    """The question a sender has been asked and what to remember until they answer; `token` binds buttons to it."""

    __tablename__ = "conversation"

    sender: str = Field(primary_key=True, max_length=160)
    step: str = Field(max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=encrypted_json("conversation.data"))
    token: str = Field(max_length=16)
    updated_at: datetime = Field(sa_type=UtcDateTime)
