"""Reports handled per second (rules, effect, answer, commit), by one worker and by two on PostgreSQL; and what each costs.

Statements, commits and, mostly, CPU time of the workers do not depend on who else uses the machine; the rate does. What two
workers can gain is told by two clients that share nothing: where those do not gain, there are no two cores to be had.
"""

import argparse
import multiprocessing
import multiprocessing.queues
import multiprocessing.synchronize
import tempfile
import time
from collections import Counter
from datetime import date
from statistics import median

from sqlalchemy import event, select

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
# How long the clients ask that show what two can gain, in seconds.
ASKS_FOR = 2


def main() -> None:
    """Prints one row per database and number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3, help="of one worker and two in turn on PostgreSQL")
    given = parser.parse_args()
    print(f"{'reports handled':30} per second   statements a report   reports a commit   CPU µs a report")
    with tempfile.TemporaryDirectory() as folder:
        show("SQLite, one worker", f"sqlite:///{folder}/linge.db", given.messages, 1)
    gains, free_gains = [], []
    with postgres_server(speed="") as server:
        for number in range(given.rounds):
            one = show("PostgreSQL, one worker", create_database(server.url, f"one{number}"), given.messages, 1)
            two = show("PostgreSQL, two workers", create_database(server.url, f"two{number}"), given.messages, 2)
            gains.append(two / one)
            free_gains.append(_asked_by(server.url, 2) / _asked_by(server.url, 1))
    print(f"{'two ÷ one on PostgreSQL':30} {median(gains):10.2f}   (each round: {_listed(gains)})")
    print(f"{'the same of clients alone':30} {median(free_gains):10.2f}   (each round: {_listed(free_gains)})")


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
    barrier, costs = context.Barrier(workers + 1), context.Queue()
    processes = [context.Process(target=_work, args=(url, barrier, costs)) for _ in range(workers)]
    for process in processes:
        process.start()
    barrier.wait()
    began = time.perf_counter()
    cost: Counter[str] = sum((costs.get() for _ in processes), Counter())
    rate = messages / (time.perf_counter() - began)
    for process in processes:
        process.join()
    statements, batch, cpu = cost["statements"] / messages, messages / cost["commits"], cost["cpu"] / messages
    print(f"{name:30} {rate:10.0f} {statements:21.1f} {batch:18.1f} {cpu:17.0f}")
    return rate


def _work(
    url: str, barrier: "multiprocessing.synchronize.Barrier", costs: "multiprocessing.queues.Queue[Counter[str]]"
) -> None:
    engine, cost = open_database(url), Counter[str]()
    event.listen(engine, "before_cursor_execute", lambda *_: cost.update(statements=1))
    event.listen(engine, "commit", lambda _: cost.update(commits=1))
    inbox = Inbox(engine, system_clock)
    barrier.wait()
    began = time.process_time()
    while inbox.handle_due():
        pass
    cost["cpu"] = round((time.process_time() - began) * 1e6)
    costs.put(cost)


def _asked_by(server: str, clients: int) -> float:
    """Questions a second that clients get answered which share no row, no lock and no commit."""
    context = multiprocessing.get_context("spawn")
    barrier, answered = context.Barrier(clients), context.Queue()
    processes = [context.Process(target=_ask, args=(f"{server}/postgres", barrier, answered)) for _ in range(clients)]
    for process in processes:
        process.start()
    count: int = sum(answered.get() for _ in processes)
    for process in processes:
        process.join()
    return count / ASKS_FOR


def _ask(
    url: str, barrier: "multiprocessing.synchronize.Barrier", answered: "multiprocessing.queues.Queue[int]"
) -> None:
    count, question = 0, select(1)
    with open_database(url).connect() as connection:
        barrier.wait()
        until = time.perf_counter() + ASKS_FOR
        while time.perf_counter() < until:
            connection.execute(question).all()
            count += 1
    answered.put(count)


def _listed(ratios: list[float]) -> str:
    return ", ".join(f"{ratio:.2f}" for ratio in ratios)


if __name__ == "__main__":
    main()
