"""Pictures and files that people sent: what was said of them, how far fetching them has come, and where they lie."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime, state_type
from models.secrecy import encrypted


class MediaKind(StrEnum):
    """What somebody sent, by the platform's word for it."""

    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"

    @property
    def label(self) -> str:
        """The word people read."""
        return {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}[self.value]


class MediaState(StrEnum):
    """How far a file has come; only what is kept can be looked at."""

    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"  # it is not what it says, or the platform refuses it for good
    TOO_LARGE = "too_large"
    EXPIRED = "expired"  # the platform had it for three days, and they are over
    LET_GO = "let_go"  # its time is over; the file is still to be deleted
    GONE = "gone"

    @property
    def label(self) -> str:
        """The words people read."""
        return {"waiting": "正在取", "kept": "已存", "let_go": "已清除", "gone": "已清除"}.get(self.value, "没存下来")


# A partial index serves a query that names its condition word for word, with no value left open.
IS_TO_DO = text("state IN ('waiting', 'let_go')")


class MediaFile(SQLModel, table=True):
    """One file of one message; `sender` is the address of whoever sent it, `ticket_id` the case it belongs to.

    `media_id` is the platform's and is cleared once the file is here or lost. `path` (below the folder of files) is
    drawn before anything is written there, so that no file lies anywhere without a row that names it.
    """

    __tablename__ = "media_file"
    # The fetcher asks every second what is to be done, for years.
    __table_args__ = (Index("ix_media_file_due_at_to_do", "due_at", sqlite_where=IS_TO_DO, postgresql_where=IS_TO_DO),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    sender: str = Field(max_length=160)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", sa_type=BigId, index=True)
    kind: MediaKind = Field(sa_type=state_type(MediaKind))
    media_id: str = Field(sa_type=encrypted("media_file.media_id"))
    # As it is shown, without paths and odd characters; people's names stand in such names.
    filename: str = Field(default="", sa_type=encrypted("media_file.filename"))
    # By what the content is, never by what it says it is.
    content_type: str = Field(default="", max_length=100)
    size: int = 0
    sha256: str = Field(default="", max_length=64)
    path: str = Field(default="", max_length=64)
    state: MediaState = Field(default=MediaState.WAITING, sa_type=state_type(MediaState))
    received_at: datetime = Field(sa_type=UtcDateTime)
    kept_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    error: str = Field(default="", max_length=100)
    # None while it belongs to a ticket: then it stays as long as that.
    purge_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
