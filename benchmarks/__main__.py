"""Every benchmark, one after the other: what `make bench` prints."""

import subprocess
import sys

PROGRAMS = ("callback", "round_trip", "handling", "sending", "memory", "workbook", "tickets", "close")

for program in PROGRAMS:
    print(f"\n== {program}", flush=True)
    # Each in a process of its own, so that none measures what another left behind.
    subprocess.run([sys.executable, "-m", f"benchmarks.{program}"], check=True)
