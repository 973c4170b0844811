"""From the callback to the answer at the simulator, through every process of `flask serve`, at a steady rate."""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.county import make_officers
from benchmarks.service import SECRET, service
from migrations import migrate
from models.engine import open_database
from simulator import App, Corp, RunningSimulator, World

OFFICERS = 400


def main() -> None:
    """Prints p50, p95 and the worst, at each rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    print("report round trip (callback → answer)      p50 ms    p95 ms    max ms   answered")
    for rate in (20, 100):
        show(rate, given.seconds)


def show(rate: int, seconds: int) -> None:
    """One rate on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/linge.db"
        engine = open_database(url)
        migrate(engine)
        officers = make_officers(engine, OFFICERS, today=date.today())
        engine.dispose()
        world = World(corp=Corp(CORP), app=App(secret=SECRET, token=TOKEN, aes_key=AES_KEY))
        for account in officers:
            world.directory.add_member(account, account, departments=[1])
        with RunningSimulator(world) as simulator, service(url, simulator.url, Path(folder) / "log") as (port, _):
            world.connect(f"http://127.0.0.1:{port}/wecom/callback")
            latencies = _converse(world, officers, rate, rate * seconds)
    ordered = sorted(latencies)
    p50, p95, worst = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 for share in (0.5, 0.95, 1.0))
    print(f"{rate:4} messages/s {'':24} {p50:9.0f} {p95:9.0f} {worst:9.0f}   {len(ordered)} of {rate * seconds}")


def _converse(world: World, officers: list[str], rate: int, messages: int) -> list[float]:
    """Seconds from the moment each message was said to the moment its answer could be seen."""
    said: dict[str, list[float]] = {account: [] for account in officers}
    offset = time.time() - time.monotonic()
    began = time.monotonic()
    for number in range(messages):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        account = officers[number % len(officers)]
        said[account].append(time.monotonic() + offset)
        world.people.say(account, f"KR1 {number + 1}")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and sum(len(_answers(world, account)) for account in officers) < messages:
        time.sleep(0.2)
    return [
        answered - asked
        for account in officers
        for asked, answered in zip(said[account], _answers(world, account), strict=False)
    ]


def _answers(world: World, account: str) -> list[float]:
    return [post.at for post in world.inbox(account) if not post.mine]


if __name__ == "__main__":
    main()
