"""The one writer per process: everybody gets an answer, a batch is one commit, and one bad row costs only itself."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import col, select

from bot.inbox_writer import InboxWriter, NotStored
from bot.wecom.parse import Parsed
from models.engine import reading
from models.message import InboxMessage
from tests.bot.callbacks import ON_SQLITE
from tests.times import FRIDAY


@pytest.fixture
def writer(engine: Engine) -> Iterator[InboxWriter]:
    writer = InboxWriter(engine)
    yield writer
    writer.close()


def parsed(key: str, *, sender: str = "LiHua", kind: str = "text") -> Parsed:
    return Parsed(key, sender, kind, {"Content": "KR1 35 😀", "Items": {"Item": ["a", "b"]}})


def rows(engine: Engine) -> list[InboxMessage]:
    with reading(engine) as session:
        found = list(session.exec(select(InboxMessage).order_by(col(InboxMessage.id))))
        session.expunge_all()
        return found


def test_what_is_stored_reads_as_it_was_given(writer: InboxWriter, engine: Engine) -> None:
    writer.store(parsed("a"), now=FRIDAY)
    (row,) = rows(engine)
    assert (row.key, row.sender, row.kind, row.attempts, row.error) == ("a", "lihua", "text", 0, "")
    assert (row.received_at, row.due_at, row.handled_at) == (FRIDAY, FRIDAY, None)
    assert row.body == '{"Content": "KR1 35 😀", "Items": {"Item": ["a", "b"]}}'


def test_many_threads_are_all_answered_and_a_key_stands_once(writer: InboxWriter, engine: Engine) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: writer.store(parsed(f"{number % 200}"), now=FRIDAY), range(400)))
    assert sorted(int(row.key) for row in rows(engine)) == list(range(200))
    assert len(commits) < 400


def test_the_order_of_one_senders_messages_is_kept(writer: InboxWriter, engine: Engine) -> None:
    def store(sender: int) -> None:
        for number in range(20):
            writer.store(parsed(f"{sender}:{number:02}", sender=f"p{sender}"), now=FRIDAY)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store, range(8)))
    for sender in range(8):
        own = [row.key for row in rows(engine) if row.sender == f"p{sender}"]
        assert own == sorted(own)
        assert len(own) == 20


def test_one_row_the_database_will_not_take_costs_only_itself(writer: InboxWriter, engine: Engine) -> None:
    def store(number: int) -> bool:
        try:
            # A kind that is none at all is what both databases refuse.
            writer.store(parsed(f"{number}", kind=None if number == 7 else "text"), now=FRIDAY)  # type: ignore[arg-type]  # wrong on purpose
        except NotStored:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        stored = list(pool.map(store, range(20)))
    assert [number for number, done in enumerate(stored) if not done] == [7]
    assert len(rows(engine)) == 19


@ON_SQLITE
def test_closing_stores_what_has_gathered(writer: InboxWriter, engine: Engine) -> None:
    threads = [
        threading.Thread(target=writer.store, args=(parsed(f"{number}"),), kwargs={"now": FRIDAY})
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    writer.close()
    for thread in threads:
        thread.join()
    assert len(rows(engine)) == 20


@ON_SQLITE
def test_it_goes_on_after_it_was_closed(writer: InboxWriter, engine: Engine) -> None:
    writer.close()
    writer.store(parsed("a"), now=FRIDAY)
    writer.close()
    writer.close()
    writer.store(parsed("b"), now=FRIDAY)
    assert [row.key for row in rows(engine)] == ["a", "b"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_refused_row_is_not_waited_for(writer: InboxWriter, engine: Engine) -> None:
    """Without its table nothing will be better in four seconds."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox_message RENAME TO gone"))
    with pytest.raises(NotStored):
        writer.store(parsed("a"), now=FRIDAY)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO inbox_message"))
    writer.store(parsed("a"), now=FRIDAY)
    assert len(rows(engine)) == 1
