"""What tests of fetching share: files that wait, and what became of them."""

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import col, select

from models.engine import reading, writing
from models.media import MediaFile
from services import media
from simulator import World
from tests.times import MovableClock

PDF = b"%PDF-1.7 some pages"


def files(engine: Engine) -> list[MediaFile]:
    with reading(engine) as session:
        found = session.exec(select(MediaFile).order_by(col(MediaFile.id))).all()
        session.expunge_all()
        return list(found)


def on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


def noted(engine: Engine, world: World, clock: MovableClock, content: bytes, kind: str = "image") -> MediaFile:
    """A picture of 李花's that waits to be fetched."""
    medium = world.media.keep(kind, "a.bin", content)
    with writing(engine) as session:
        assert media.note(session, kind, {"MediaId": medium.media_id}, by="lihua", now=clock()) is not None
    return files(engine)[-1]
