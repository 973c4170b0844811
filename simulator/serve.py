"""Serves a world until it is told to stop."""

import signal
import sys
import threading
from types import FrameType

from simulator.http_server import HttpServer
from simulator.server import create_app
from simulator.world import World


def serve(world: World, host: str, port: int) -> None:
    """Answer on host and port until SIGTERM or SIGINT, then end within a second."""
    server = HttpServer(host, port, create_app(world))
    world.url = f"http://{host}:{server.port}"
    sys.stdout.write(f"simulator on {world.url}\n")
    sys.stdout.flush()
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="simulator", daemon=True)
    thread.start()
    stop.wait()
    server.shutdown()
    thread.join()
    server.server_close()
