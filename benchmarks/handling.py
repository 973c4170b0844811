"""Reports handled per second: rules, effect, answer and one commit each; by one worker, and by two on PostgreSQL."""

import argparse
import multiprocessing
import tempfile
import time
from datetime import date

import handlers  # noqa: F401 importing it registers every handler
import tests.keys  # noqa: F401 importing it gives this process its keys
from benchmarks.callbacks import CORP
from benchmarks.county import make_officers
from bot.clock import system_clock
from bot.inbox import Inbox
from bot.inbox_writer import InboxWriter
from bot.wecom.parse import Parsed
from migrations import migrate
from models.engine import open_database
from tests.databases import create_database, postgres_server

OFFICERS = 500


def main() -> None:
    """Prints one row per database and number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    given = parser.parse_args()
    print("reports handled                            per second")
    with tempfile.TemporaryDirectory() as folder:
        show("SQLite, one worker", f"sqlite:///{folder}/linge.db", given.messages, 1)
    with postgres_server(speed="") as server:
        one = show("PostgreSQL, one worker", create_database(server.url, "one"), given.messages, 1)
        two = show("PostgreSQL, two workers", create_database(server.url, "two"), given.messages, 2)
    print(f"two ÷ one on PostgreSQL {'':18} {two / one:10.2f}")


def show(name: str, url: str, messages: int, workers: int) -> float:
    """Fills an inbox, lets the workers empty it, and prints the rate."""
    engine = open_database(url)
    migrate(engine)
    officers = make_officers(engine, OFFICERS, today=date.today())
    writer = InboxWriter(engine)
    for number in range(messages):
        account = officers[number % len(officers)]
        fields = {"ToUserName": CORP, "FromUserName": account, "MsgType": "text", "Content": f"KR1 {number + 1}"}
        writer.store(Parsed(f"bench{number}", account, "text", fields), now=system_clock())
    engine.dispose()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(workers + 1)
    processes = [context.Process(target=_work, args=(url, barrier)) for _ in range(workers)]
    for process in processes:
        process.start()
    barrier.wait()
    began = time.perf_counter()
    for process in processes:
        process.join()
    rate = messages / (time.perf_counter() - began)
    print(f"{name:42} {rate:10.0f}")
    return rate


def _work(url: str, barrier: "multiprocessing.synchronize.Barrier") -> None:
    inbox = Inbox(open_database(url), system_clock)
    barrier.wait()
    while inbox.handle_next():
        pass


if __name__ == "__main__":
    main()
