"""The durable callback beside a bare echo that stores nothing (E) and a naive commit per message (N), in one run."""

import argparse
import itertools
import sqlite3
import statistics
import tempfile
from pathlib import Path

from benchmarks.callbacks import AES_KEY, CORP, TOKEN, Outcome, post_all, text_callback
from benchmarks.process import free_port, granian, gunicorn, running, web
from migrations import migrate
from models.engine import open_database
from tests.keys import DATA_KEYS

SENDERS = 200
ROUNDS = 3
SCHEDULED = 2000
SECONDS = 8
ECHO, GRANIAN, NAIVE, BEHIND, OURS = (
    "E echo, stores nothing, gunicorn",
    "the same echo under granian",
    "N naive commit, gunicorn",
    "ours, durable, behind gunicorn",
    "ours, durable, flask serve",
)


class Contest:
    """The contenders over databases of their own in one folder; each round starts its server anew."""

    def __init__(self, folder: Path) -> None:
        engine = open_database(f"sqlite:///{folder}/linge.db")
        migrate(engine)
        engine.dispose()
        with sqlite3.connect(folder / "naive.db") as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE naive (key TEXT PRIMARY KEY, sender TEXT, body TEXT, at REAL)")
        self._ours, self._naive = f"sqlite:///{folder}/linge.db", f"sqlite:///{folder}/naive.db"
        self._numbers = itertools.count(1)

    def load(self, name: str, count: int, *, connections: int, per_second: float = 0.0) -> tuple[Outcome, float]:
        """One load on a fresh server, and the server's CPU microseconds per answer."""
        port = free_port()
        command = {
            ECHO: gunicorn("benchmarks.servers.echo:echo()", port),
            GRANIAN: granian("benchmarks.servers.echo:echo", port),
            NAIVE: gunicorn("benchmarks.servers.echo:naive()", port),
            BEHIND: gunicorn("app:create_app()", port),
            OURS: web(),
        }[name]
        with running(command, port, environment(self._naive if name == NAIVE else self._ours)) as server:
            post_all(port, self._requests(200), connections=connections)
            requests = self._requests(count)
            before = server.cpu_seconds()
            outcome = post_all(port, requests, connections=connections, per_second=per_second)
            return outcome, (server.cpu_seconds() - before) / count * 1e6

    def _requests(self, count: int) -> list[bytes]:
        numbers = itertools.islice(self._numbers, count)
        return [text_callback(number, sender=f"p{number % SENDERS}") for number in numbers]


def compare(contest: Contest, count: int, connections: int) -> None:
    """Prints a row per contender: the median of several rounds, taken in turn."""
    results: dict[str, list[tuple[Outcome, float]]] = {name: [] for name in (ECHO, GRANIAN, NAIVE, BEHIND, OURS)}
    for _ in range(ROUNDS):
        for name, rounds in results.items():
            rounds.append(contest.load(name, count // 4 if name == NAIVE else count, connections=connections))
    show(results, connections)


def keep_to_schedule(contest: Contest) -> None:
    """Prints how long the naive server and ours take to answer what arrives at 2000 a second, whoever is ready."""
    print(f"\n{SCHEDULED}/s on schedule for {SECONDS} s{'':12} answered/s   p50 ms   p99 ms   max ms  refused")
    for name in (NAIVE, OURS):
        outcome, _ = contest.load(name, SCHEDULED * SECONDS, connections=128, per_second=SCHEDULED)
        p50, p99, worst = (outcome.percentile(share) for share in (0.5, 0.99, 1.0))
        print(f"{name:36} {outcome.per_second:12.0f} {p50:8.1f} {p99:8.1f} {worst:8.1f} {outcome.refused:8}")


def show(results: dict[str, list[tuple[Outcome, float]]], connections: int) -> None:
    """Prints medians and the ratios to the echo."""
    base = statistics.median(outcome.per_second for outcome, _ in results[ECHO])
    print(f"\n{connections} connections{'':24} requests/s    ÷ E   p50 ms   p99 ms   max ms   CPU µs  refused")
    for name, rounds in results.items():
        rate = statistics.median(outcome.per_second for outcome, _ in rounds)
        p50, p99, worst = (
            statistics.median(outcome.percentile(share) for outcome, _ in rounds) for share in (0.5, 0.99, 1.0)
        )
        cpu = statistics.median(cost for _, cost in rounds)
        refused = sum(outcome.refused for outcome, _ in rounds)
        print(f"{name:36} {rate:12.0f} {rate / base:6.2f} {p50:8.1f} {p99:8.1f} {worst:8.1f} {cpu:8.0f} {refused:8}")


def environment(database_url: str) -> dict[str, str]:
    """Settings of a service that takes callbacks and sends nothing."""
    return {
        "DATABASE_URL": database_url,
        "WECOM_CORP_ID": CORP,
        "WECOM_AGENT_ID": "1000002",
        "WECOM_SECRET": "bench-secret",
        "WECOM_TOKEN": TOKEN,
        "WECOM_AES_KEY": AES_KEY,
        "WECOM_API_URL": "http://127.0.0.1:9",
        "SECRET_KEY": "benchmark-session-key",
        "DATA_KEYS": DATA_KEYS,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=8000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        contenders = Contest(Path(place))
        for width in (16, 64):
            compare(contenders, given.requests, width)
        keep_to_schedule(contenders)
