"""Memory of each process of the service after it has worked a little, and the start of a command."""

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.callbacks import AES_KEY, CORP, TOKEN
from benchmarks.county import make_officers
from benchmarks.process import family, resident
from benchmarks.service import SECRET, service
from migrations import migrate
from models.engine import open_database
from simulator import App, Corp, RunningSimulator, World


def main() -> None:
    """Prints a row per process, and the median start of `flask commands`."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/linge.db"
        engine = open_database(url)
        migrate(engine)
        officers = make_officers(engine, 50, today=date.today())
        engine.dispose()
        world = World(corp=Corp(CORP), app=App(secret=SECRET, token=TOKEN, aes_key=AES_KEY))
        for account in officers:
            world.directory.add_member(account, account, departments=[1])
        with RunningSimulator(world) as simulator, service(url, simulator.url, Path(folder) / "log") as (port, process):
            world.connect(f"http://127.0.0.1:{port}/wecom/callback")
            for number, account in enumerate(officers * 4):
                world.people.say(account, f"KR1 {number + 1}")
            world.settle()
            time.sleep(2)
            print("process                                    resident MB")
            for pid in family(process.pid):
                print(f"{_name(pid):42} {resident(pid):10.0f}")
    starts = [_start_of_commands() for _ in range(5)]
    print(f"start of `flask commands`, seconds {'':8} {statistics.median(starts):10.2f}")


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return next((word for word in words if word in ("serve", "worker", "clock", "bot.web")), "unknown")


def _start_of_commands() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "flask", "commands"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
