"""The web processes: granian answers on the listening socket that the supervisor holds.

It is twice as fast as gunicorn's threads at what nearly all requests are, a callback of a kilobyte (docs/performance.md):
it parses and waits outside the interpreter's lock. Behind a load balancer gunicorn serves the same application.
"""

import os
import socket
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]  # its own modules import it from there
from granian.server.mp import MPServer

from bot.orphan import end_at_once_with
from bot.port import BACKLOG

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication

PROCESSES = 2
THREADS = 16
# Requests that a process takes on before it leaves further ones in the queue of the socket.
CONCURRENT = 512
# What is in hand may be finished, in seconds, before a process is killed; less than the supervisor's own grace.
GRACE = 6
# Milliseconds for somebody to send the head of a request.
HEAD_WITHIN = 10_000


class InheritedServer(MPServer):
    """Granian on a socket that is already listening; by itself it opens one, and refuses people while it restarts."""

    descriptor: int

    def _init_shared_socket(self) -> None:
        # The stubs leave the constructor out; granian itself calls it so when it passes a socket on.
        hold = cast("Callable[[int, bool, int], SocketHolder]", SocketHolder)
        self._shd = hold(self.descriptor, False, BACKLOG)  # type: ignore[assignment]  # declared None until it is open
        self._sfd = self.descriptor  # type: ignore[assignment]  # the same
        self._sso = socket.socket(fileno=self.descriptor)


def load_application(parent: int) -> "WSGIApplication":
    """The application of one web process, which ends with the process that started it."""
    end_at_once_with(parent)
    # By its name, as a server is told it: the composition root imports the runtime, never the other way round.
    return cast("WSGIApplication", import_module("app").create_app())


def serve(descriptor: int) -> None:
    """Answers on a listening socket until SIGTERM."""
    server = InheritedServer(
        "app:create_app",
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=CONCURRENT,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_WITHIN),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_enabled=False,
    )
    server.descriptor = descriptor
    server.serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
