"""The whole service as its users run it: `flask serve` in processes of its own."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.callback import environment
from benchmarks.process import free_port

SECRET = "an-invented-secret-of-the-app"
STARTS_WITHIN = 30


@contextmanager
def service(database_url: str, api_url: str, log: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Its port and its supervisor, once web and worker are ready; ended with SIGTERM."""
    port = free_port()
    settings = environment(database_url) | {"WECOM_API_URL": api_url, "PORT": str(port), "WECOM_SECRET": SECRET}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"], env={**os.environ, **settings}, stdout=output, stderr=output
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/readyz", log)
            yield port, process
        finally:
            process.terminate()
            process.wait(timeout=15)


def _wait_until_ready(address: str, log: Path) -> None:
    for _ in range(STARTS_WITHIN * 10):
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the service did not get ready:\n{log.read_text(errors='replace')[-2000:]}")
