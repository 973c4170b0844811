"""A quarter of 1 000 requests in fast motion on a real database: no ticket without an owner, no clock wrong.

The lives are seeded; people go on leave and move, the service is restarted while it writes. At the end every promise
is recounted from the log, minute by minute, and the exit status says whether all of them held.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from migrations import migrate
from models.engine import open_database, reading
from tests.databases import create_database, postgres_server
from tests.simulated.promises import broken
from tests.simulated.quarter import Quarter


def main() -> int:
    """Lives through one quarter; 0 when every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.database == "sqlite":
            return _live(f"sqlite:///{folder}/linge.db", Path(folder), given.tickets, given.seed)
        with postgres_server(speed="") as server:
            return _live(create_database(server.url, "quarter"), Path(folder), given.tickets, given.seed)


def _live(url: str, folder: Path, tickets: int, seed: int) -> int:
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    quarter = Quarter(url, folder, tickets, seed)
    started = time.monotonic()
    quarter.live()
    with reading(quarter.engine) as session:
        found = broken(session, quarter)
    dialect = quarter.engine.dialect.name
    quarter.engine.dispose()
    acts, seconds = sum(quarter.acts.values()), time.monotonic() - started
    print(f"{dialect}: {tickets} tickets, {acts} acts, {quarter.restarts} restarts, {seconds:.0f} s")
    for promise, faults in found.items():
        print(f"  {promise:42} {len(faults)}")
        for fault in faults[:5]:
            print(f"    {fault}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
