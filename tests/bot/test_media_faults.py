"""Fetchers that are killed, late, many or without room: nothing lost, nothing left lying."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.media.fetch import LEASE, MediaFetcher
from bot.media.folder import MediaFolder
from bot.wecom.client import WeComClient
from models.engine import writing
from models.media import MediaFile, MediaState
from simulator import World
from tests.bot.files import PDF, files, noted, on_disk
from tests.chat import Chat
from tests.pictures import photo
from tests.times import MovableClock


class DiesAfterWriting(MediaFolder):
    """A folder whose process is killed as soon as a file lies there."""

    def keep(self, path: str, content: bytes) -> None:
        super().keep(path, content)
        raise KeyboardInterrupt


def test_a_fetcher_that_is_killed_before_it_says_so_loses_and_leaves_nothing(
    fetcher: MediaFetcher,
    engine: Engine,
    client: WeComClient,
    clock: MovableClock,
    world: World,
    tmp_path: Path,
    chat: Chat,
) -> None:
    noted(engine, world, clock, photo())
    dying = MediaFetcher(engine, client, clock, DiesAfterWriting(tmp_path / "media"))
    with pytest.raises(KeyboardInterrupt):
        dying.fetch_next()
    assert not fetcher.fetch_next(), "its lease is not over"

    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert fetcher.fetch_next()

    (file,) = files(engine)
    assert (file.state, world.log.calls["media/get"]) == (MediaState.KEPT, 2)
    assert on_disk(tmp_path) == [tmp_path / "media" / file.path]


def test_a_fetcher_that_wakes_up_late_writes_nothing_down(
    fetcher: MediaFetcher,
    engine: Engine,
    client: WeComClient,
    clock: MovableClock,
    world: World,
    tmp_path: Path,
    chat: Chat,
) -> None:
    noted(engine, world, clock, photo())

    class Sleeps(MediaFolder):
        def keep(self, path: str, content: bytes) -> None:
            super().keep(path, content)
            clock.advance(seconds=LEASE.total_seconds() + 1)
            assert fetcher.fetch_next()
            clock.advance(hours=1)

    assert MediaFetcher(engine, client, clock, Sleeps(tmp_path / "media")).fetch_next()

    (file,) = files(engine)
    assert file.kept_at is not None
    assert file.kept_at < clock() - LEASE
    assert len(on_disk(tmp_path)) == 1


def test_two_workers_fetch_each_file_once(
    engine: Engine, client: WeComClient, clock: MovableClock, world: World, folder: MediaFolder, chat: Chat
) -> None:
    for _ in range(8):
        noted(engine, world, clock, photo())

    def work() -> None:
        fetcher = MediaFetcher(engine, client, clock, folder)
        while fetcher.fetch_next():
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()  # what a worker left that found the other's row locked

    assert [file.state for file in files(engine)] == [MediaState.KEPT] * 8
    assert world.log.calls["media/get"] == 8


def test_a_full_disk_loses_nothing(
    engine: Engine, client: WeComClient, clock: MovableClock, world: World, tmp_path: Path, chat: Chat
) -> None:
    noted(engine, world, clock, PDF, kind="file")
    (tmp_path / "media").write_text("no folder")
    assert MediaFetcher(engine, client, clock, MediaFolder(tmp_path / "media")).fetch_next()
    assert files(engine)[0].state is MediaState.WAITING

    (tmp_path / "media").unlink()
    clock.advance(minutes=2)
    chat.work_off()

    assert files(engine)[0].state is MediaState.KEPT


def test_a_file_whose_time_is_over_goes_and_a_crash_in_between_leaves_no_file(
    fetcher: MediaFetcher, engine: Engine, world: World, clock: MovableClock, tmp_path: Path, chat: Chat
) -> None:
    noted(engine, world, clock, PDF, kind="file")
    fetcher.fetch_next()
    (path,) = on_disk(tmp_path)
    with writing(engine) as session:
        (file,) = session.exec(select(MediaFile)).all()
        file.state = MediaState.LET_GO
    path.with_name(f"{path.name}.1234abcd").write_bytes(b"what an interrupted writer left")

    assert fetcher.fetch_next()

    assert on_disk(tmp_path) == []
    assert [(file.state, file.path, file.filename) for file in files(engine)] == [(MediaState.GONE, "", "")]
    assert not fetcher.fetch_next()
