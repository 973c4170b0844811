"""Queueing and sending to many people: our way against objects one by one, on both databases."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, func
from sqlmodel import Session, SQLModel, col, select

import tests.keys  # noqa: F401 importing it gives this process its keys
from bot.claim import Claim, Claimed
from bot.clock import system_clock
from bot.message import Notice, Purpose, Reply
from bot.outbox import enqueue_notices
from bot.outcome import judge_answer, record
from bot.unlike import digest_of
from bot.wecom.render import render
from migrations import migrate
from models.engine import open_database, writing
from models.message import OutboxMessage, OutboxState
from models.person import Person
from models.unit import Unit
from tests.databases import create_database, postgres_server

OUTBOX = SQLModel.metadata.tables["outbox_message"]
# Objects that commit each are measured on a share, since all of them would take minutes.
SHARE = 50


def main() -> None:
    """Prints one block per database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show("SQLite", f"sqlite:///{folder}/linge.db", given.people)
    with postgres_server(speed="") as server:
        show("PostgreSQL", create_database(server.url, "sending"), given.people)


def show(name: str, url: str, count: int) -> None:
    """Measures one database."""
    engine = open_database(url)
    migrate(engine)
    people = hire(engine, count)
    print(f"\n{name}, {count} people {'':14}    seconds")
    with emptied(engine):
        ours = timed("queue: our way, words of their own", lambda: queue(engine, people, "{name}，明天停电"))
    with emptied(engine):
        objects = timed("queue: objects, one commit", lambda: add_objects(engine, people, commit_each=False))
    with emptied(engine):
        few = people[: len(people) // SHARE]
        each = SHARE * timed(
            f"queue: objects, commit each (1/{SHARE})", lambda: add_objects(engine, few, commit_each=True)
        )
    print(f"  objects ÷ ours: one commit {objects / ours:.1f}, commit each {each / ours:.0f}")
    with emptied(engine):
        timed("queue: our way, the same words", lambda: queue(engine, people, "明天停电"))
        calls: list[Claimed] = []
        claimed = timed("claim all of them", lambda: claim_all(engine, calls))
        print(f"  {len(calls)} calls, {1000 * claimed / max(1, len(calls)):.0f} ms each")
        batches = timed("mark sent: a call at a time", lambda: mark(engine, calls))
    with emptied(engine):
        queue(engine, people[: len(people) // SHARE], "{name}，明天停电")
        each = SHARE * timed(f"mark sent: objects, commit each (1/{SHARE})", lambda: mark_objects(engine))
    print(f"  objects ÷ ours: {each / batches:.0f}")
    engine.dispose()


def hire(engine: Engine, count: int) -> list[Person]:
    """So many people of one unit."""
    with writing(engine) as session:
        unit = Unit(code="U", name="城关所", category="派出所")
        session.add(unit)
        session.flush()
        rows = [
            {"account": f"p{n}", "account_key": f"p{n}", "name": f"人{n}", "unit_id": unit.id} for n in range(count)
        ]
        session.bulk_insert_mappings(Person.__mapper__, rows)  # type: ignore[attr-defined]  # SQLModel sets it at run time
    with writing(engine) as session:
        people = list(session.exec(select(Person)))
        session.expunge_all()
        return people


@contextmanager
def emptied(engine: Engine) -> Iterator[None]:
    """An outbox that is empty again afterwards."""
    yield
    with writing(engine) as session:
        session.connection().execute(OUTBOX.delete())


def timed(name: str, act: Callable[[], Any]) -> float:
    """Prints and returns how long something takes, in seconds."""
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    print(f"{name:42} {took:9.2f}", flush=True)
    return took


def queue(engine: Engine, people: list[Person], words: str) -> None:
    """What a job that tells everybody something does."""
    notices = [
        Notice(person, f"n:{person.id}", Reply(words.format(name=person.name)), Purpose.CARRIED) for person in people
    ]
    with writing(engine) as session:
        assert enqueue_notices(session, notices, now=system_clock()) == len(people)


def add_objects(engine: Engine, people: list[Person], *, commit_each: bool) -> None:
    """The same with an object for each row."""

    def add(session: Session, person: Person) -> None:
        part, now = render(person.account, Reply(f"{person.name}，明天停电"))[0], system_clock()
        row = OutboxMessage(
            key=f"n:{person.id}",
            channel="member",
            recipient=person.account_key,
            person_id=person.id,
            purpose="carried",
            payload=part.payload,
            digest=digest_of(part.payload),
            created_at=now,
            due_at=now,
        )
        session.add(row)
        session.flush()

    if not commit_each:
        with writing(engine) as session:
            for person in people:
                add(session, person)
        return
    for person in people:
        with writing(engine) as session:
            add(session, person)


def claim_all(engine: Engine, calls: list[Claimed]) -> None:
    """Claims everything that is due."""
    now = system_clock() + timedelta(seconds=1)
    while True:
        with writing(engine) as session:
            found = Claim(session, now).take(50)
        if not found:
            return
        calls += found


def mark(engine: Engine, calls: list[Claimed]) -> None:
    """Records an answer for each call."""
    now = system_clock()
    for call in calls:
        with writing(engine) as session:
            record(session, [judge_answer(one, {"errcode": 0}, began=now, now=now) for one in call.all])
    with writing(engine) as session:
        sent = select(func.count()).where(col(OutboxMessage.state) == OutboxState.SENT)
        assert session.exec(sent).one() == sum(len(call.all) for call in calls)


def mark_objects(engine: Engine) -> None:
    """The same with an object and a commit for each row."""
    with writing(engine) as session:
        ids = list(session.exec(select(OutboxMessage.id)))
    for row_id in ids:
        with writing(engine) as session:
            row = session.get_one(OutboxMessage, row_id)
            row.state, row.sent_at = OutboxState.SENT, system_clock()


if __name__ == "__main__":
    main()
