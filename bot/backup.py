"""Copies of the database that do no harm when they are restored: a copy sends nothing until someone releases it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.pause import SENDING
from domain.errors import DomainError
from models.engine import open_database, writing
from models.platform import Pause

HELD = SENDING
UNTIL_RELEASED = datetime(9999, 1, 1, tzinfo=UTC)


class NoBackup(DomainError):
    """This database is backed up by other means, or the target is in use."""


def back_up(engine: Engine, target: Path) -> None:
    """Writes a consistent copy of a SQLite database to a new file while the service goes on; the copy holds its outbox."""
    if engine.dialect.name != "sqlite":
        raise NoBackup("PostgreSQL 请用 pg_dump 备份；恢复后先运行 flask hold，核对好再运行 flask release。")
    if target.exists():
        raise NoBackup(f"{target} 已经有了，请换个文件名。")
    if not target.parent.is_dir():
        raise NoBackup(f"没有文件夹 {target.parent}，请先建好。")
    assert engine.url.database is not None
    # Only a whole copy that holds its outbox gets the name: an interrupted one must not be taken for a backup.
    draft = target.with_name(f"{target.name}.part")
    try:
        with closing(sqlite3.connect(engine.url.database)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        copied = open_database(f"sqlite:///{draft}")
        hold(copied)
        copied.dispose()
        draft.rename(target)
    finally:
        for made in (draft, draft.with_name(f"{draft.name}.turn")):
            made.unlink(missing_ok=True)


def hold(engine: Engine) -> None:
    """Keeps everything in the outbox until `release`: a restored copy must not send old messages a second time."""
    with writing(engine) as session:
        session.merge(
            Pause(key=HELD, until=UNTIL_RELEASED, reason="这是恢复的备份，核对好后运行 flask release 才会发送")
        )


def release(engine: Engine) -> list[str]:
    """Lifts every pause, so that a held copy sends and what was mended is tried at once; gives their reasons."""
    with writing(engine) as session:
        pauses = session.exec(select(Pause).order_by(col(Pause.key))).all()
        for pause in pauses:
            session.delete(pause)
        return [pause.reason for pause in pauses]
