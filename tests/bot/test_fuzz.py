"""No input makes an error, a hang or a row that WeCom did not sign."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_seeded_odd_requests_break_no_promise() -> None:
    command = [sys.executable, "-m", "benchmarks.fuzz", "--callbacks", "4000", "--seed", "1"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    assert "broken promises          0" in ended.stdout
