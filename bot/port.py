"""The port on which the service listens; whoever holds the socket decides when people are refused."""

import errno
import socket
import time

import structlog

from domain.errors import DomainError

BACKLOG = 2048
# What a killed service left behind ends by itself within this time and then frees the port.
PORT_PATIENCE = 8.0

log = structlog.get_logger(__name__)


class NoPort(DomainError):
    """The service cannot listen where it should."""


def open_port(host: str, port: int) -> socket.socket:
    """The listening socket; waits for a port that is just being left, raises `NoPort` when it stays taken."""
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise NoPort(f"端口 {port} 打不开（{error.strerror}），请换一个 PORT。") from None
            if time.monotonic() > deadline:
                raise NoPort(f"端口 {port} 被别的程序占着，请停掉它，或换一个 PORT。") from None
        log.info("waiting_for_port", port=port)
        time.sleep(1.0)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
