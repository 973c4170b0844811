"""Backups: a whole copy while the service writes, which sends nothing until somebody has looked at it."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.backup import HELD, NoBackup, back_up, hold, release
from bot.pause import REFUSED, SENDING, PauseSwitch
from models.engine import open_database, reading, writing
from models.person import Person
from models.platform import Pause
from tests.bot.sending import Desk
from tests.times import FRIDAY, NEXT_MONDAY_AFTER_CLOSE


@pytest.fixture
def file_engine(sqlite_template: Path, tmp_path: Path) -> Engine:
    (tmp_path / "live.db").write_bytes(sqlite_template.read_bytes())
    return open_database(f"sqlite:///{tmp_path}/live.db")


def test_a_copy_made_while_others_write_is_whole(file_engine: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with writing(file_engine) as session:
                session.merge(Pause(key=f"test-{number}", until=NEXT_MONDAY_AFTER_CLOSE, reason=""))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(file_engine, tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        writer.join()
        file_engine.dispose()

    for number in range(3):
        copy = open_database(f"sqlite:///{tmp_path}/copy-{number}.db")
        with reading(copy) as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert session.get(Pause, HELD) is not None
        copy.dispose()
    assert list(tmp_path.glob("*.part*")) == []


def test_a_backup_never_replaces_a_file(file_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")

    with pytest.raises(NoBackup, match="已经有了"):
        back_up(file_engine, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "mine"
    file_engine.dispose()


def test_a_folder_that_is_not_there_is_named(file_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="没有文件夹"):
        back_up(file_engine, tmp_path / "nowhere" / "copy.db")
    file_engine.dispose()


def test_the_live_database_goes_on_sending_after_a_backup(file_engine: Engine, tmp_path: Path) -> None:
    back_up(file_engine, tmp_path / "copy.db")

    with reading(file_engine) as session:
        assert session.get(Pause, HELD) is None
    file_engine.dispose()


def test_postgresql_is_pointed_to_its_own_tool(tmp_path: Path) -> None:
    engine = open_database("postgresql+psycopg://linge@127.0.0.1:9/linge")

    with pytest.raises(NoBackup, match="pg_dump"):
        back_up(engine, tmp_path / "copy.db")


def test_letting_go_of_what_is_not_held_says_so(engine: Engine) -> None:
    hold(engine)
    hold(engine)

    assert [len(release(engine)), release(engine)] == [1, []]


def test_a_release_lifts_every_pause_and_says_which(engine: Engine) -> None:
    PauseSwitch(engine, SENDING).grow(REFUSED, "IP 不可信", now=FRIDAY)
    token = PauseSwitch(engine, "token:corp:1")
    token.grow(REFUSED, "Secret 不对", now=FRIDAY)

    assert release(engine) == ["IP 不可信", "Secret 不对"]
    assert token.standing() is None
    assert release(engine) == []


def test_what_is_held_leaves_after_the_release_and_not_before(desk: Desk, engine: Engine, lihua: Person) -> None:
    hold(engine)
    desk.reply("记好了")

    desk.send()
    before = desk.texts(lihua.account)
    release(engine)
    desk.send()

    assert before == []
    assert desk.texts(lihua.account) == ["记好了"]
