"""Messages while processes are killed, the API fails and callbacks are doubled: nothing may be lost or doubled.

Runs the whole service (`flask serve`) against the simulated WeCom. Every two seconds one of its processes is killed
with SIGKILL; with PostgreSQL the database is restarted every seven. At the end the invariants are recounted from the
database, the phones and the log, and the exit status says whether all of them hold.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.county import make_officers
from benchmarks.process import family
from benchmarks.service import SECRET, service
from migrations import migrate
from models.engine import open_database, reading, writing
from models.message import InboxMessage, InboxState, OutboxMessage, OutboxState
from models.okr import CheckIn, Report
from services.audit import first_broken, seal
from simulator import App, Corp, RunningSimulator, World
from tests.databases import PostgresServer, create_database, postgres_server

KILL_EVERY = 2.0
RESTART_DATABASE_EVERY = 7.0
API_FAULTS = 0.03
DUPLICATES = 0.08
PER_SECOND = 20
# The platform takes 30 messages a minute per member; ours are paced below that, so each officer says few.
EACH_SAYS = 10


@dataclass(frozen=True)
class Said:
    """One message an officer sent: its text is unlike every other, and what each delivery was answered (0: nothing)."""

    account: str
    text: str
    statuses: tuple[int, ...]

    @property
    def acknowledged(self) -> bool:
        return 200 in self.statuses


def main() -> int:
    """Runs one soak; 0 when every invariant holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database(given.database, Path(folder)) as (url, restart):
        engine = open_database(url)
        migrate(engine)
        officers = make_officers(engine, -(-given.messages // EACH_SAYS), today=date.today())
        world = World(corp=Corp(CORP), app=App(secret=SECRET, token=TOKEN, aes_key=AES_KEY))
        with RunningSimulator(world) as simulator, service(url, simulator.url, Path(folder) / "log") as (port, process):
            for account in officers:
                world.directory.add_member(account, account, departments=[1])
            world.connect(f"http://127.0.0.1:{port}/wecom/callback")
            world.pusher.duplicate_rate = DUPLICATES
            world.pusher.seed(given.seed)
            world.faults.mix(API_FAULTS, seed=given.seed)
            started = time.monotonic()
            stop = threading.Event()
            killers = _start_killers(process, stop, given.seed, restart)
            said = _converse(world, officers, given.messages)
            stop.set()
            for killer in killers:
                killer.join()
            world.faults.clear()
            _wait_until_done(engine)
            seconds = time.monotonic() - started
            killed = killers[0].count
        faults = _recount(engine, world, said, (Path(folder) / "log").read_text(errors="replace"))
        engine.dispose()
    acknowledged = sum(one.acknowledged for one in said)
    print(f"{given.database}: {len(said)} messages, {acknowledged} acknowledged, {killed} kills, {seconds:.0f} s")
    for name, count in faults.items():
        print(f"  {name:42} {count}")
    return 1 if any(faults.values()) else 0


class _Killer(threading.Thread):
    """Does something every so often until told to stop."""

    def __init__(self, every: float, act: "Iterator[None]", stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._every, self._act, self._stop_event, self.count = every, act, stop, 0

    def run(self) -> None:
        while not self._stop_event.wait(self._every):
            next(self._act)
            self.count += 1


def _start_killers(
    process: "subprocess.Popen[bytes]", stop: threading.Event, seed: int, restart: "Iterator[None] | None"
) -> list[_Killer]:
    killers = [_Killer(KILL_EVERY, _kill_one(process.pid, random.Random(seed)), stop)]
    if restart is not None:
        killers.append(_Killer(RESTART_DATABASE_EVERY, restart, stop))
    for killer in killers:
        killer.start()
    return killers


def _kill_one(supervisor: int, chance: random.Random) -> Iterator[None]:
    """Kills a random process of the service, never the supervisor: that is what keeps the port."""
    while True:
        children = [pid for pid in family(supervisor) if pid != supervisor]
        if children:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(children), signal.SIGKILL)
        yield


def _converse(world: World, officers: list[str], messages: int) -> list[Said]:
    """Officers report in turn, on schedule; each message names a value nobody else has said."""
    deliveries = []
    began = time.monotonic()
    for number in range(messages):
        account = officers[number % len(officers)]
        words = f"KR1 {number + 1}"
        deliveries.append((account, words, world.people.say(account, words)))
        time.sleep(max(0.0, began + (number + 1) / PER_SECOND - time.monotonic()))
    for _, _, delivery in deliveries:
        delivery.wait(60)
    return [Said(account, words, tuple(delivery.statuses)) for account, words, delivery in deliveries]


def _wait_until_done(engine: Engine) -> None:
    """Until nothing waits in the inbox or the outbox, or two minutes have passed."""
    deadline = time.monotonic() + 120
    open_out = [OutboxState.QUEUED, OutboxState.SENDING]
    while time.monotonic() < deadline:
        with reading(engine) as session:
            waiting = session.exec(select(InboxMessage.id).where(InboxMessage.state == InboxState.NEW).limit(1)).first()
            leaving = session.exec(
                select(OutboxMessage.id).where(OutboxMessage.state.in_(open_out)).limit(1)  # type: ignore[attr-defined]  # a column
            ).first()
        if waiting is None and leaving is None:
            return
        time.sleep(0.5)


def _recount(engine: Engine, world: World, said: list[Said], log: str) -> dict[str, int]:
    """Every way in which the promises could be broken, with how often they were."""
    with reading(engine) as session:
        reports = Counter(session.exec(select(Report.text)).all())
        check_ins = len(session.exec(select(CheckIn.id)).all())
        dead = len(session.exec(select(InboxMessage.id).where(InboxMessage.state == InboxState.DEAD)).all())
        unsent = len(session.exec(select(OutboxMessage.id).where(OutboxMessage.state != OutboxState.SENT)).all())
    replies: Counter[str] = Counter()
    for account in {one.account for one in said}:
        for post in world.inbox(account):
            if not post.mine:
                replies.update(line.split("/")[0] for line in post.text.split("\n") if line.startswith("KR1 "))
    expected = {one.text: f"KR1 入户走访 {one.text[4:]}" for one in said if one.acknowledged}
    with writing(engine) as session:
        while seal(session):
            session.flush()
        broken = first_broken(session)
        intact = _is_intact(session, engine.dialect.name)
    return {
        "I1 acknowledged without effect": sum(reports[words] == 0 for words in expected),
        "I1 acknowledged without a reply": sum(replies[reply] == 0 for reply in expected.values()),
        "I2 effects doubled": sum(count - 1 for count in reports.values()) + abs(check_ins - sum(reports.values())),
        "I2 replies doubled": sum(max(0, replies[reply] - 1) for reply in expected.values()),
        "I4 answers other than 200 and 503": sum(
            status not in (0, 200, 503) for one in said for status in one.statuses
        ),
        "I5 audit chain broken": 0 if broken is None else 1,
        "I6 database damaged": 0 if intact else 1,
        "I7 secrets or texts in the log": sum(
            log.count(word) for word in (SECRET, TOKEN, AES_KEY, "access_token=", "KR1")
        ),
        "dead messages": dead,
        "messages not sent": unsent,
    }


def _is_intact(session: Session, dialect: str) -> bool:
    if dialect == "sqlite":
        return bool(session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok")
    counts = set()
    for way in ("seqscan", "indexscan"):
        # Each reads the table its own way: a row that only the heap or only the index has shows as a difference.
        session.execute(text(f"SET LOCAL enable_seqscan = {'on' if way == 'seqscan' else 'off'}"))
        session.execute(text(f"SET LOCAL enable_indexonlyscan = {'on' if way == 'indexscan' else 'off'}"))
        counts.add(session.execute(text("SELECT count(key) FROM inbox_message")).scalar_one())
    return len(counts) == 1


@contextmanager
def _database(kind: str, folder: Path) -> "Iterator[tuple[str, Iterator[None] | None]]":
    if kind == "sqlite":
        yield f"sqlite:///{folder}/linge.db", None
        return
    with postgres_server(speed="") as server:
        yield create_database(server.url, "soak"), _restart_again_and_again(server)


def _restart_again_and_again(server: PostgresServer) -> Iterator[None]:
    while True:
        server.restart()
        yield


if __name__ == "__main__":
    sys.exit(main())
