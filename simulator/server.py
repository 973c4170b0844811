"""The simulator's web application, and a running one for tests."""

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from flask import Flask

import simulator.api  # noqa: F401 - importing it fills the table of endpoints
from simulator.gateway import Gateway
from simulator.http_server import HttpServer
from simulator.oauth_pages import oauth_pages
from simulator.page import page
from simulator.person_api import person_api
from simulator.world import World


def create_app(world: World) -> Flask:
    """The web application over a world: /cgi-bin/*, the sign-in pages, /sim/* and the chat page."""
    app = Flask("simulator", static_folder=None)
    app.extensions["world"] = world
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it, its base class not
    app.register_blueprint(oauth_pages)
    app.register_blueprint(person_api)
    app.register_blueprint(page)
    app.wsgi_app = Gateway(world, app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way to wrap itself
    return app


class RunningSimulator:
    """A world served on a free port of this machine, until `stop` or the end of the with block."""

    def __init__(
        self, world: World | None = None, *, clock: Callable[[], datetime] | None = None, port: int = 0
    ) -> None:
        self.world = world or World(clock=clock)
        self._app = create_app(self.world)
        self._port = port
        self.listen()

    def listen(self) -> None:
        """Accept connections (again), always on the same port."""
        self._server = HttpServer("127.0.0.1", self._port, self._app)
        self._port = self._server.port
        self.url = self.world.url = f"http://127.0.0.1:{self._port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulator", daemon=True)
        self._thread.start()

    def refuse(self) -> None:
        """Be away: refuse connections until `listen`."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def stop(self) -> None:
        """End the server and the callbacks."""
        self.world.close()
        self.refuse()

    def __enter__(self) -> "RunningSimulator":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
