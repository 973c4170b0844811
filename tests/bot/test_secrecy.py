"""Words on their way through the whole service stand nowhere in the database; keys are changed; a spoilt row stops nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import SQLModel, col, select

from bot.data_keys import data_keys
from bot.rekey import CannotRekey, rekey
from bot.settings import BadSettings, Settings
from domain.errors import DomainError
from models.engine import reading, writing
from models.message import OutboxMessage, OutboxState
from models.okr import Report
from models.person import Person
from models.platform import DataKey
from models.secrecy import parse_keys, use_keys
from models.voice import Feedback
from services.queue import reveal
from tests.bot.sending import Desk
from tests.chat import Chat
from tests.factories import Cast
from tests.keys import DATA_KEYS
from tests.times import FRIDAY

WORDS = "李奶奶"
OLDER, NEWER = DATA_KEYS, "newer:bmV3ZXIga2V5IGZvciB0ZXN0cyB0aGF0IHJvdGF0ZSE="


@pytest.fixture(autouse=True)
def keys_put_back() -> Iterator[None]:
    yield
    use_keys(parse_keys(OLDER))


def dump(engine: Engine) -> str:
    """Everything that stands in the database, as whoever steals the file would read it."""
    with engine.connect() as connection:
        tables = SQLModel.metadata.sorted_tables
        return "\n".join(
            str(row) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
        )


def spoil(engine: Engine, table: str, column: str) -> None:
    """Alters the newest row's text."""
    with engine.begin() as connection:
        connection.execute(
            text(
                f"UPDATE {table} SET {column} = 'test:' || substr({column}, 9) WHERE id = (SELECT max(id) FROM {table})"
            )
        )


def settings(**given: object) -> Settings:
    return Settings.model_validate({"data_keys": None, **given})


def test_what_people_say_stands_nowhere_in_clear(chat: Chat, engine: Engine) -> None:
    chat.say(f"KR1 35 有困难，{WORDS}家一直没人")
    chat.say(f"意见反馈 {WORDS}看不清字")
    chat.say(f"问 李花 {WORDS}家去了没有", sender="wangsuo")
    chat.say("意见反馈")
    chat.say("请假")

    found = dump(engine)

    with reading(engine) as session:
        assert any(WORDS in one.text for one in session.exec(select(Report)))
        assert any(WORDS in one.text for one in session.exec(select(Feedback)))
    assert WORDS not in found
    assert WORDS.encode("unicode_escape").decode() not in found
    assert "test:" in found


def test_everything_moves_to_the_first_key_and_then_needs_no_other(chat: Chat, engine: Engine) -> None:
    chat.say(f"意见反馈 {WORDS}看不清字")
    both = parse_keys(f"{NEWER},{OLDER}")
    use_keys(both)

    changed, again = rekey(engine, both), rekey(engine, both)

    assert changed > 3
    assert again == 0
    assert "'test:" not in dump(engine)
    use_keys(parse_keys(NEWER))
    with reading(engine) as session:
        assert [WORDS in one.text for one in session.exec(select(Feedback))] == [True]
        assert session.exec(select(DataKey.id)).all() == []


def test_what_cannot_be_read_keeps_the_old_key_needed(chat: Chat, engine: Engine) -> None:
    chat.say(f"意见反馈 {WORDS}看不清字")
    spoil(engine, "feedback", "text")
    both = parse_keys(f"{NEWER},{OLDER}")
    use_keys(both)

    with pytest.raises(CannotRekey, match=r"feedback\.text"):
        rekey(engine, both)

    with reading(engine) as session:
        assert session.exec(select(DataKey.id)).all() == ["test"]


def test_an_altered_message_out_rests_and_the_others_leave(desk: Desk, engine: Engine, county: Cast) -> None:
    desk.reply("这一条没有", to="wangsuo")
    spoilt = desk.reply("这一条会被改动")
    spoil(engine, "outbox_message", "payload")

    desk.send()

    with reading(engine) as session:
        states = session.exec(select(OutboxMessage.id, OutboxMessage.state).order_by(col(OutboxMessage.id))).all()
        error = session.exec(select(OutboxMessage.error).where(OutboxMessage.id == spoilt)).one()
    assert [state for _, state in states] == [OutboxState.SENT, OutboxState.DEAD]
    assert "原文读不出来" in error
    with writing(engine) as session, pytest.raises(DomainError, match="原文读不出来"):
        reveal(session, spoilt, "看看为什么没到", by=county.lihua, now=FRIDAY)


def test_the_digest_of_a_message_cannot_be_guessed_without_the_key(desk: Desk, engine: Engine) -> None:
    desk.reply("请假已批准")
    with reading(engine) as session:
        under_one = session.exec(select(OutboxMessage.digest)).one()
    use_keys(parse_keys(f"{NEWER},{OLDER}"))

    desk.reply("请假已批准")

    with reading(engine) as session:
        under_another = session.exec(select(OutboxMessage.digest).order_by(col(OutboxMessage.id).desc()).limit(1)).one()
    assert len({under_one, under_another}) == 2


def test_equal_texts_are_told_apart_across_a_change_of_keys(desk: Desk, lihua: Person) -> None:
    desk.reply("收到了")
    desk.send()
    use_keys(parse_keys(f"{NEWER},{OLDER}"))
    desk.reply("收到了")
    desk.let_pass(step=5, times=2)

    assert len({post.text for post in desk.world.inbox(lihua.account)}) == 2


def test_a_key_is_made_once_for_a_machine_that_was_given_none(tmp_path: Path) -> None:
    folder = tmp_path / "var"

    made, again = data_keys(settings(), folder), data_keys(settings(), folder)

    assert made.first.fingerprint == again.first.fingerprint
    assert made.first.cipher == "AES-256-GCM"
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("data_keys", 0o600)]


def test_keys_that_are_set_go_before_the_file(tmp_path: Path) -> None:
    assert data_keys(settings(data_keys=SecretStr(OLDER)), tmp_path).first.id == "test"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["", "nonsense", "k1:AAAA"])
def test_a_spoilt_file_of_keys_ends_the_start_with_a_sentence(tmp_path: Path, kept: str) -> None:
    (tmp_path / "data_keys").write_text(kept)

    with pytest.raises(BadSettings, match=r"^DATA_KEYS（var/data_keys） 不对：应当是 编号:密钥"):
        data_keys(settings(), tmp_path)


def test_where_no_key_can_be_kept_the_setting_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(BadSettings, match=r"^DATA_KEYS 没有设置"):
        data_keys(settings(), tmp_path / "var")
