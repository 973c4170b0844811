"""A restored copy must not send old messages a second time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.backup import NoBackup, back_up, hold, release
from models.engine import open_database, reading
from models.message import OutboxMessage
from models.person import Person
from models.platform import Pause
from tests.bot.sending import Desk


def test_a_held_database_sends_nothing_until_it_is_released(engine: Engine, desk: Desk, lihua: Person) -> None:
    desk.reply("记好了")
    hold(engine)
    desk.let_pass(step=timedelta(hours=1).total_seconds(), times=3)
    assert desk.texts() == []
    assert release(engine)
    desk.let_pass(step=1, times=2)
    assert desk.texts() == ["记好了"]
    assert not release(engine)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_holds_its_outbox_and_the_original_goes_on(
    engine: Engine, desk: Desk, lihua: Person, tmp_path: Path
) -> None:
    desk.reply("记好了")
    back_up(engine, tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    with reading(copy) as session:
        assert len(session.exec(select(OutboxMessage)).all()) == 1
        assert session.exec(select(Pause)).one().until.year == 9999
    copy.dispose()
    desk.let_pass(step=1, times=2)
    assert desk.texts() == ["记好了"]
    with pytest.raises(NoBackup, match="已经有了"):
        back_up(engine, tmp_path / "copy.db")
