"""A small threaded WSGI server that keeps connections alive, which werkzeug's and the standard library's do not."""

import contextlib
import io
import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LONGEST_LINE = 1 << 16
log = logging.getLogger(__name__)


class BadRequestError(Exception):
    """What came is not HTTP/1.1."""


class _Connection(socketserver.StreamRequestHandler):
    """Answers the requests of one connection, one after the other."""

    disable_nagle_algorithm = True
    wbufsize = -1
    server: "HttpServer"

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            while self._answer_one():
                pass

    def _answer_one(self) -> bool:
        line = self.rfile.readline(LONGEST_LINE)
        if not line.strip():
            return False
        try:
            environ = self._environ(line)
        except (BadRequestError, ValueError):
            self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return False
        asked = str(environ.get("HTTP_CONNECTION", "")).lower()
        keep = asked != "close" and str(environ["SERVER_PROTOCOL"]) == "HTTP/1.1"
        status, headers, body = self._run(environ)
        head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        if not any(name.lower() == "content-length" for name, _ in headers):
            head.append(f"Content-Length: {len(body)}")
        if not keep:
            head.append("Connection: close")
        sent = "\r\n".join([*head, "", ""]).encode("latin-1")
        self.wfile.write(sent if environ["REQUEST_METHOD"] == "HEAD" else sent + body)
        self.wfile.flush()
        return keep

    def _run(self, environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
        answer: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
            answer[:] = [status, headers]

        try:
            chunks: Iterable[bytes] = self.server.app(environ, start_response)
            try:
                body = b"".join(chunks)
            finally:
                close = getattr(chunks, "close", None)
                if close:
                    close()
        except ConnectionError:
            raise
        except Exception:
            log.exception("the simulator failed to answer %s", environ["PATH_INFO"])
            return "500 Internal Server Error", [], b""
        return answer[0], answer[1], body

    def _environ(self, line: bytes) -> "WSGIEnvironment":
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequestError
        path, _, query = parts[1].partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": parts[0],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.host,
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": parts[2],
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        while (header := self.rfile.readline(LONGEST_LINE)) not in (b"\r\n", b"\n"):
            name, colon, value = header.decode("latin-1").partition(":")
            if not colon:
                raise BadRequestError
            environ["HTTP_" + name.upper().replace("-", "_")] = value.strip()
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        body = self._body(environ)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        return environ

    def _body(self, environ: "WSGIEnvironment") -> bytes:
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        if environ.pop("HTTP_TRANSFER_ENCODING", "").lower() != "chunked":
            return self.rfile.read(int(environ.pop("HTTP_CONTENT_LENGTH", "0")))
        chunks = []
        while size := int(self.rfile.readline(LONGEST_LINE).partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline(LONGEST_LINE)
        self.rfile.readline(LONGEST_LINE)
        return b"".join(chunks)


class HttpServer(socketserver.ThreadingTCPServer):
    """Accepts bursts of connections and ends the kept-alive ones when it closes."""

    request_queue_size = 512
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, app: "WSGIApplication") -> None:
        self.app = app
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((host, port), _Connection)
        self.host, self.port = self.server_address[:2]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in its own thread."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening and end all connections."""
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()
