"""The durable callback beside a bare echo that stores nothing (E) and a naive commit per message (N), in one run."""

import argparse
import sqlite3
import statistics
import tempfile
from pathlib import Path

from benchmarks.callbacks import AES_KEY, CORP, TOKEN, Outcome, post_all, text_callback
from benchmarks.process import Server, free_port, gunicorn, running
from migrations import migrate
from models.engine import open_database
from tests.keys import DATA_KEYS

SENDERS = 200
ROUNDS = 3


def measure(server: Server, requests: list[bytes], connections: int) -> tuple[Outcome, float]:
    """One load, and the server's CPU microseconds per answer."""
    before = server.cpu_seconds()
    outcome = post_all(server.port, requests, connections=connections)
    return outcome, (server.cpu_seconds() - before) / len(requests) * 1e6


def compare(count: int, connections: int) -> None:
    """Prints a row per contender: the median of several rounds, taken in turn."""
    with tempfile.TemporaryDirectory() as folder:
        database, naive = Path(folder) / "linge.db", Path(folder) / "naive.db"
        engine = open_database(f"sqlite:///{database}")
        migrate(engine)
        engine.dispose()
        with sqlite3.connect(naive) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE naive (key TEXT PRIMARY KEY, sender TEXT, body TEXT, at REAL)")
        contenders = {
            "E echo, stores nothing": ("benchmarks.servers.echo:echo()", "sqlite://"),
            "N naive commit": ("benchmarks.servers.echo:naive()", f"sqlite:///{naive}"),
            "ours, durable": ("app:create_app()", f"sqlite:///{database}"),
        }
        results: dict[str, list[tuple[Outcome, float]]] = {name: [] for name in contenders}
        for turn in range(ROUNDS):
            for name, (target, url) in contenders.items():
                total = count // 4 if name.startswith("N") else count
                numbers = range(turn * count, turn * count + total)
                requests = [text_callback(n, sender=f"p{n % SENDERS}") for n in numbers]
                port = free_port()
                with running(gunicorn(target, port), port, environment(url)) as server:
                    post_all(
                        port, [text_callback(10**9 + turn * 1000 + n) for n in range(200)], connections=connections
                    )
                    results[name].append(measure(server, requests, connections))
        show(results, connections)


def show(results: dict[str, list[tuple[Outcome, float]]], connections: int) -> None:
    """Prints medians and the ratios to the echo."""
    base = statistics.median(outcome.per_second for outcome, _ in results["E echo, stores nothing"])
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
    for width in (16, 64):
        compare(given.requests, width)
