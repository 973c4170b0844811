"""Fetching what people sent: nothing lost, nothing that harms, and whoever sent it hears when it did not come."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

from bot.media.fetch import WECOM_KEEPS, MediaFetcher
from models.media import MediaState
from simulator import World
from tests.bot.files import PDF, files, noted, on_disk
from tests.chat import Chat
from tests.factories import DAMA, DOORS
from tests.pictures import LATITUDE, MAKER, huge, moving, photo, screenshot
from tests.times import MovableClock


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


def test_a_name_that_plays_tricks_is_shown_as_a_plain_one(chat: Chat, engine: Engine, tmp_path: Path) -> None:
    chat.world.people.kf_send_media(DAMA, DOORS[DAMA], "file", PDF, "../../合同.pdf.exe")
    chat.work_off()

    assert [file.filename for file in files(engine)] == ["合同_pdf.pdf"]
    assert [path.parents[2] for path in on_disk(tmp_path)] == [tmp_path / "media"]
