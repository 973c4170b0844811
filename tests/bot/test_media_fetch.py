"""Fetching what people sent: nothing lost, nothing that harms, and whoever sent it hears when it did not come."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.media_fetch import LEASE, WECOM_KEEPS, MediaFetcher
from bot.media_folder import MediaFolder
from bot.wecom.client import WeComClient
from models.engine import reading, writing
from models.media import MediaFile, MediaState
from services import media
from simulator import World
from tests.chat import Chat
from tests.factories import DAMA, DOORS
from tests.pictures import LATITUDE, MAKER, huge, moving, photo, screenshot
from tests.times import MovableClock

PDF = b"%PDF-1.7 some pages"


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    """The folder of the service."""
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def fetcher(engine: Engine, client: WeComClient, clock: MovableClock, folder: MediaFolder) -> MediaFetcher:
    """Another worker beside the one of the chat."""
    return MediaFetcher(engine, client, clock, folder)


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


def test_a_photo_is_kept_upright_and_without_where_it_was_taken(chat: Chat, engine: Engine, tmp_path: Path) -> None:
    content = photo()
    assert MAKER.encode() in content
    chat.world.people.send_media("lihua", "image", content, "IMG_1.jpg")
    chat.work_off()

    (file,) = files(engine)
    (path,) = on_disk(tmp_path)
    kept = path.read_bytes()
    picture = Image.open(io.BytesIO(kept))
    assert (file.state, file.content_type, file.filename) == (MediaState.KEPT, "image/jpeg", "IMG_1.jpg")
    assert (file.media_id, file.size, file.lease_until) == ("", len(kept), None)
    assert (picture.size, dict(picture.getexif()), "comment" in picture.info) == ((48, 64), {}, False)
    assert MAKER.encode() not in kept
    assert b"taken at home" not in kept
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)[2] == LATITUDE


def test_nobody_but_our_account_reads_what_lies_there_and_nothing_can_be_run(
    chat: Chat, engine: Engine, tmp_path: Path
) -> None:
    chat.customer_send("file", b"MZ\x90 a program")

    (path,) = on_disk(tmp_path)
    assert (path.suffix, path.stat().st_mode & 0o777) == ("", 0o600)
    assert path.parent.parent.parent == tmp_path / "media"
    assert files(engine)[0].filename == "file.bin"


@pytest.mark.parametrize(("content", "kept_as"), [(screenshot(), "image/png"), (moving(), "image/png")])
def test_other_pictures_are_kept_as_pixels(chat: Chat, engine: Engine, content: bytes, kept_as: str) -> None:
    chat.customer_send("image", content)

    assert [(file.state, file.content_type) for file in files(engine)] == [(MediaState.KEPT, kept_as)]


def test_a_photo_sent_as_a_file_loses_its_place_too(chat: Chat, engine: Engine, tmp_path: Path) -> None:
    chat.customer_send("file", photo())

    assert files(engine)[0].filename == "file.jpg"
    assert MAKER.encode() not in on_disk(tmp_path)[0].read_bytes()


@pytest.mark.parametrize(
    ("kind", "content", "state", "told"),
    [
        (
            "file",
            b"%PDF" + b"0" * (21 << 20),
            MediaState.TOO_LARGE,
            "您 15:07 发来的文件没存下来：太大了。请发小一点的：图片 10 兆、其他 20 兆以内。",
        ),
        (
            "image",
            photo() + b"0" * (10 << 20),
            MediaState.TOO_LARGE,
            "您 15:07 发来的图片没存下来：太大了。请发小一点的：图片 10 兆、其他 20 兆以内。",
        ),
        (
            "image",
            b"<html><script>alert(1)</script>",
            MediaState.FAILED,
            "您 15:07 发来的图片没存下来：读不出图片内容。请换成普通照片或截图再发一次。",
        ),
        (
            "image",
            b"\0\0\0\x18ftypheic a place is in here",
            MediaState.FAILED,
            "您 15:07 发来的图片没存下来：读不出图片内容。请换成普通照片或截图再发一次。",
        ),
        (
            "image",
            photo()[:400],
            MediaState.FAILED,
            "您 15:07 发来的图片没存下来：读不出图片内容。请换成普通照片或截图再发一次。",
        ),
        (
            "image",
            huge(),
            MediaState.FAILED,
            "您 15:07 发来的图片没存下来：图片的像素太多。请换成普通照片或截图再发一次。",
        ),
    ],
    ids=["file of 21 MB", "picture of 10 MB", "page", "odd format", "cut short", "bomb"],
)
def test_what_cannot_be_kept_is_said_to_its_sender(
    chat: Chat, engine: Engine, tmp_path: Path, kind: str, content: bytes, state: MediaState, told: str
) -> None:
    said = chat.customer_send(kind, content, customer=DAMA)

    assert told in said
    assert [(file.state, file.media_id, file.path) for file in files(engine)] == [(state, "", "")]
    assert on_disk(tmp_path) == []


@pytest.mark.parametrize("errcode", [40007, 40145])
def test_what_wecom_no_longer_has_is_said(chat: Chat, engine: Engine, errcode: int) -> None:
    chat.world.faults.add("errcode", path="media/get", errcode=errcode)
    chat.world.people.send_media("lihua", "image", photo())
    chat.work_off()

    assert chat.inbox("lihua")[-1].text == "你 15:07 发来的图片没存下来：企业微信那边已经没有了。请再发一次。"
    assert files(engine)[0].state is MediaState.EXPIRED


def test_a_busy_wecom_is_asked_again_until_three_days_are_over(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.world.faults.add("errcode", path="media/get", errcode=-1)
    chat.world.people.send_media("lihua", "image", photo())
    chat.work_off()
    assert (files(engine)[0].state, files(engine)[0].attempts) == (MediaState.WAITING, 1)

    tries = 0
    while files(engine)[0].state is MediaState.WAITING:
        clock.set(max(files(engine)[0].due_at, clock()))
        chat.work_off()
        tries += 1

    assert clock() - files(engine)[0].received_at > WECOM_KEEPS
    assert 60 < tries < 90
    assert "你 11月20日15:07 发来的图片没存下来：三天里都没取到。" in chat.inbox("lihua")[-1].text


def test_what_failed_for_a_while_comes_in_the_end(chat: Chat, engine: Engine, clock: MovableClock) -> None:
    chat.world.faults.add("http", path="media/get", times=2)
    chat.world.people.send_media("lihua", "image", photo())
    for _ in range(3):
        chat.work_off()
        clock.advance(minutes=2)

    assert [(file.state, file.attempts, file.error) for file in files(engine)] == [(MediaState.KEPT, 3, "")]


def test_while_wecom_refuses_us_nobody_hammers_it(
    fetcher: MediaFetcher, engine: Engine, world: World, clock: MovableClock, chat: Chat
) -> None:
    world.faults.add("errcode", path="media/get", errcode=48002)
    for _ in range(5):
        noted(engine, world, clock, photo())
    while fetcher.fetch_next():
        pass

    assert world.log.calls["media/get"] == 1


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


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\windows\\合同.pdf", "合同.pdf"),
        ("发票.pdf.exe", "发票_pdf.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("..", "文件.pdf"),
        ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        ("长" * 300 + ".pdf", "长" * 76 + ".pdf"),
    ],
)
def test_a_name_that_plays_tricks_is_shown_as_a_plain_one(chat: Chat, engine: Engine, claimed: str, shown: str) -> None:
    chat.world.people.kf_send_media(DAMA, DOORS[DAMA], "file", PDF, claimed)
    chat.work_off()

    assert [file.filename for file in files(engine)] == [shown]
