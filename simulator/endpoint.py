"""The table of API endpoints, filled by the modules of simulator.api."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.corp import App
from simulator.errors import ApiError

if TYPE_CHECKING:
    from simulator.world import World

Answer = dict[str, Any]


@dataclass(slots=True)
class Upload:
    """A file sent as multipart field `media`."""

    filename: str
    content: bytes


@dataclass(slots=True)
class Download:
    """A file as the answer of an endpoint."""

    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One API call after its token and its JSON were checked; `caller` is None for the 通讯录同步 secret."""

    world: "World"
    query: dict[str, str]
    caller: App | None = None
    body: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""
    upload: Upload | None = None

    @property
    def app(self) -> App:
        """The app that calls; 48002 for a secret without an app."""
        if self.caller is None:
            raise ApiError(48002)
        return self.caller

    def app_named(self, agentid: object) -> App:
        """The calling app, checked against the agentid it names: 40056 for a bad one, 301002 for another app's."""
        if isinstance(agentid, bool) or not str(agentid).isdigit():
            raise ApiError(40056)
        if int(str(agentid)) != self.app.agentid:
            raise ApiError(301002)
        return self.app


Endpoint = Callable[[Call], Answer | Download | None]


@dataclass(slots=True, frozen=True)
class Route:
    """How an endpoint is called."""

    method: str
    endpoint: Endpoint
    token: bool
    counted: bool


ROUTES: dict[str, Route] = {}


def endpoint(method: str, path: str, *, token: bool = True, counted: bool = True) -> Callable[[Endpoint], Endpoint]:
    """Serve /cgi-bin/`path`; `counted` calls fall under the frequency limit."""

    def register(function: Endpoint) -> Endpoint:
        if path in ROUTES:
            raise ValueError(f"{path} is served twice")
        ROUTES[path] = Route(method, function, token, counted)
        return function

    return register
