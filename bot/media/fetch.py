"""Fetches the pictures and files that people sent, outside any transaction, and deletes those whose time is over."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, or_, update
from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.enqueue import enqueue_notices
from bot.identity import recognise
from bot.media.folder import MediaFolder
from bot.media.picture import NoPicture, cleaned
from bot.message import Notice, Purpose, Reply
from bot.pause import SENDING, PauseSwitch
from bot.wecom.client import Media, WeComClient
from bot.wecom.errors import Kind, WeComError
from domain.calendar import local
from domain.media_type import is_picture, safe_name, type_of
from models.engine import reading, writing
from models.media import IS_TO_DO, MediaFile, MediaKind, MediaState

# Longer than a call with its token and cleaning a large picture can take: after that its fetcher is taken for dead.
LEASE = timedelta(minutes=3)
# WeCom keeps what somebody sent for three days (documentation, page 90254).
WECOM_KEEPS = timedelta(days=3)
# How long to wait after each failure in a row; then always the last.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 3600))
# How long all fetching rests when it was not the file's fault.
RESTS = timedelta(minutes=1)
MOST_BYTES = {MediaKind.IMAGE: 10 << 20}
MOST_OF_OTHERS = 20 << 20
NOT_THERE = frozenset({40007, 40145})
NOT_THE_FILES_FAULT = frozenset({Kind.PAUSE, Kind.WINDOW, Kind.AWAY})
BATCH = 50

_WAYS_OUT = {
    MediaState.FAILED: "请换成普通照片或截图再发一次。",
    MediaState.TOO_LARGE: "请发小一点的：图片 10 兆、其他 20 兆以内。",
    MediaState.EXPIRED: "请再发一次。",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """A file as its one fetcher has it: `lease_until` is the proof that it is still theirs."""

    id: int
    sender: str
    kind: MediaKind
    media_id: str
    path: str
    received_at: datetime
    attempts: int
    lease_until: datetime


class _Lost(Exception):
    """It will never be kept; the text says why, in Chinese."""

    def __init__(self, state: MediaState, why: str) -> None:
        super().__init__(why)
        self.state = state


class MediaFetcher:
    """Fetches what is due, side by side with any number of other workers; fetching twice harms nobody."""

    def __init__(self, engine: Engine, client: WeComClient, clock: Clock, folder: MediaFolder) -> None:
        self._engine, self._client, self._clock, self._folder = engine, client, clock, folder
        self._sending = PauseSwitch(engine, SENDING)
        self._rests_until: datetime | None = None

    def fetch_next(self) -> bool:
        """Fetches a file that is due, or deletes some whose time is over; False when there is nothing to do."""
        now = self._clock()
        if not self._is_something_due(now):
            return False
        if self._must_rest(now):
            return False
        if self._delete_some(now):
            return True
        held = self._take(now)
        if held is None:
            return False
        self._fetch(held)
        return True

    def _fetch(self, held: _Held) -> None:
        try:
            values = self._fetched(held)
        except _Lost as loss:
            self._give_up(held, loss)
        except WeComError as error:
            log.warning("media_not_fetched", media=held.id, fault=str(error))
            if error.kind in NOT_THE_FILES_FAULT:
                self._rests_until = self._clock() + RESTS
            self._put_off(held, error.explanation)
        except OSError as error:
            log.error("media_not_written", media=held.id, fault=type(error).__name__)
            self._rests_until = self._clock() + RESTS
            self._put_off(held, "存文件的地方写不进去")
        else:
            self._record(held, **values)

    def _is_something_due(self, now: datetime) -> bool:
        with reading(self._engine) as session:
            return session.exec(select(MediaFile.id).where(*_due(now)).limit(1)).first() is not None

    def _must_rest(self, now: datetime) -> bool:
        """Whether WeCom is better left alone: the pause of everything that leaves is one of asking as well."""
        if self._rests_until is not None and now < self._rests_until <= now + RESTS:
            return True
        pause = self._sending.standing()
        return pause is not None and pause.until > now

    def _take(self, now: datetime) -> _Held | None:
        with writing(self._engine) as session:
            query = select(MediaFile).where(*_due(now), MediaFile.state == MediaState.WAITING)
            query = query.order_by(col(MediaFile.due_at)).limit(1)
            row = session.exec(query.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.lease_until, row.attempts = now + LEASE, row.attempts + 1
            row.path = row.path or self._folder.draw()
            assert row.id is not None
            return _Held(
                row.id,
                row.sender,
                row.kind,
                row.media_id,
                row.path,
                row.received_at,
                row.attempts,
                row.lease_until,
            )

    def _fetched(self, held: _Held) -> dict[str, Any]:
        """What is to be recorded of a file that is now on the disk."""
        if self._clock() - held.received_at > WECOM_KEEPS:
            raise _Lost(MediaState.EXPIRED, "三天里都没取到")
        media = self._download(held)
        content = media.content
        if not content:
            raise _Lost(MediaState.FAILED, "里面是空的")
        if held.kind is MediaKind.IMAGE or is_picture(type_of(content)):
            try:
                content = cleaned(content)
            except NoPicture as refusal:
                raise _Lost(MediaState.FAILED, str(refusal)) from None
        self._folder.keep(held.path, content)
        content_type = type_of(content)
        return {
            "state": MediaState.KEPT,
            "filename": safe_name(media.filename, content_type, held.kind.label),
            "content_type": content_type,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "kept_at": self._clock(),
            "media_id": "",
            "error": "",
        }

    def _download(self, held: _Held) -> Media:
        try:
            return self._client.download_media(held.media_id, most=MOST_BYTES.get(held.kind, MOST_OF_OTHERS))
        except WeComError as error:
            if not error.permanent:
                raise
            if error.code in NOT_THERE:
                raise _Lost(MediaState.EXPIRED, "企业微信那边已经没有了") from None
            if error.code is None:
                raise _Lost(MediaState.TOO_LARGE, "太大了") from None
            log.warning("media_refused", media=held.id, fault=str(error))
            raise _Lost(MediaState.FAILED, "企业微信没有给") from None

    def _give_up(self, held: _Held, loss: _Lost) -> None:
        log.warning("media_lost", media=held.id, state=loss.state)
        with suppress(OSError):  # nothing stands there but after an earlier try
            self._folder.remove(held.path)
        lost = {"state": loss.state, "media_id": "", "path": "", "error": str(loss)[:100]}
        with writing(self._engine) as session:
            if _update(session, held, lost):
                now = self._clock()
                enqueue_notices(session, _tellings(session, held, loss, now=now), now=now)

    def _put_off(self, held: _Held, why: str) -> None:
        wait = WAITS[min(held.attempts, len(WAITS)) - 1]
        # Once more right after the three days, to say that they are over.
        due_at = min(self._clock() + wait, held.received_at + WECOM_KEEPS + timedelta(seconds=1))
        self._record(held, due_at=max(due_at, self._clock() + WAITS[0]), error=why[:100])

    def _record(self, held: _Held, **values: Any) -> None:
        with writing(self._engine) as session:
            if not _update(session, held, values):
                log.warning("media_taken_over", media=held.id)

    def _delete_some(self, now: datetime) -> bool:
        """Deletes files first and says so in their rows after: whoever dies in between leaves the row to the next."""
        with reading(self._engine) as session:
            query = select(MediaFile.id, MediaFile.path).where(*_due(now), MediaFile.state == MediaState.LET_GO)
            rows = session.exec(query.limit(BATCH)).all()
        if not rows:
            return False
        try:
            for _, path in rows:
                self._folder.remove(path)
        except OSError as error:
            log.error("media_not_deleted", fault=type(error).__name__)
            self._rests_until = now + RESTS
            return False
        ids = [id_ for id_, _ in rows]
        gone = {"state": MediaState.GONE, "path": "", "filename": "", "sha256": ""}
        with writing(self._engine) as session:
            session.connection().execute(update(MediaFile).where(col(MediaFile.id).in_(ids)).values(**gone))
        return True


def _due(now: datetime) -> tuple[Any, ...]:
    is_free = or_(col(MediaFile.lease_until).is_(None), col(MediaFile.lease_until) <= now)
    return IS_TO_DO, col(MediaFile.due_at) <= now, is_free


def _update(session: Session, held: _Held, values: dict[str, Any]) -> bool:
    """Writes what came of a file; False when another fetcher has it by now."""
    mine = col(MediaFile.id) == held.id, col(MediaFile.lease_until) == held.lease_until
    changed = update(MediaFile).where(*mine).values(lease_until=None, **values)
    return session.connection().execute(changed).rowcount == 1


def _tellings(session: Session, held: _Held, loss: _Lost, *, now: datetime) -> Sequence[Notice]:
    """What its sender hears; nothing, when they are none of ours any more."""
    recognised = recognise(session, held.sender, now=now)
    if recognised is None:
        return []
    sender, _ = recognised
    then, you = local(held.received_at), "您" if sender.customer else "你"
    when = f"{then:%H:%M}" if then.date() == local(now).date() else f"{then.month}月{then.day}日{then:%H:%M}"
    text = f"{you} {when} 发来的{held.kind.label}没存下来：{loss}。{_WAYS_OUT[loss.state]}"
    return [Notice(sender.customer or sender.person, f"media:{held.id}", Reply(text), Purpose.CARRIED)]
