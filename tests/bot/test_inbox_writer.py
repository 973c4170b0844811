"""Messages are committed together: everybody gets an answer, a batch is one commit, and one bad row costs only itself."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import col, select

from bot import inbox_writer
from bot.inbox_writer import PATIENCE, InboxWriter, NotStored
from bot.wecom.parse import Parsed
from models.engine import reading
from models.message import InboxMessage
from tests.bot.callbacks import ON_SQLITE
from tests.times import FRIDAY


@pytest.fixture
def writer(engine: Engine) -> InboxWriter:
    return InboxWriter(engine)


def parsed(key: str, *, sender: str = "LiHua", kind: str = "text") -> Parsed:
    return Parsed(key, sender, kind, {"Content": "KR1 35 😀", "Items": {"Item": ["a", "b"]}})


def stores(writer: InboxWriter, key: str, kind: str | None = "text") -> bool:
    try:
        writer.store(parsed(key, kind=kind), now=FRIDAY)  # type: ignore[arg-type]  # a test gives a wrong one
    except NotStored:
        return False
    return True


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
    batches: list[object] = []
    event.listen(engine, "checkout", lambda *given: batches.append(given))
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: writer.store(parsed(f"{number % 200}"), now=FRIDAY), range(400)))
    assert sorted(int(row.key) for row in rows(engine)) == list(range(200))
    assert len(batches) < 400


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
    # A kind that is none at all is what both databases refuse.
    with ThreadPoolExecutor(20) as pool:
        stored = list(pool.map(lambda number: stores(writer, f"{number}", None if number == 7 else "text"), range(20)))
    assert [number for number, done in enumerate(stored) if not done] == [7]
    assert len(rows(engine)) == 19


@ON_SQLITE
def test_whoever_gives_up_waiting_does_not_stop_the_others(writer: InboxWriter, engine: Engine) -> None:
    """The database is locked for longer than one message waits: whoever was to commit next has gone by then."""
    with engine.connect() as lock, ThreadPoolExecutor(3) as pool:
        lock.begin()
        gone = [pool.submit(stores, writer, "first"), pool.submit(stores, writer, "second")]
        assert [one.result(timeout=PATIENCE + 2) for one in gone] == [False, False]
        last = pool.submit(stores, writer, "last")
        time.sleep(0.2)
        lock.rollback()
        assert last.result(timeout=5)
    assert stores(writer, "after")
    assert {"last", "after"} <= {row.key for row in rows(engine)}


def test_whoever_is_chosen_as_they_give_up_still_commits(
    writer: InboxWriter, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_writer, "PATIENCE", 0.05)
    with ThreadPoolExecutor(16) as pool:
        stored = list(pool.map(lambda number: stores(writer, f"{number}"), range(600)))
    monkeypatch.setattr(inbox_writer, "PATIENCE", PATIENCE)
    assert stores(writer, "after")
    kept = {row.key for row in rows(engine)}
    assert {f"{number}" for number, done in enumerate(stored) if done} | {"after"} <= kept


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
