"""One callback on its way to the service."""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.post import Post


class Delivery:
    """A callback: what is in it, who caused it, and what the service answered to each try."""

    __slots__ = ("_done", "agentid", "inner", "key", "name", "post", "replies", "statuses")

    def __init__(self, key: str, name: str, inner: str, agentid: int | None) -> None:
        self.key = key
        self.name = name
        self.inner = inner
        self.agentid = agentid
        self.statuses: list[int] = []
        self.replies: list[str] = []
        self.post: Post | None = None
        self._done = threading.Event()

    def __repr__(self) -> str:
        return f"<Delivery {self.name} of {self.key}: {self.statuses}>"

    @property
    def accepted(self) -> bool:
        """Whether the service answered 200 at least once."""
        return 200 in self.statuses

    @property
    def done(self) -> bool:
        """Whether no further try follows."""
        return self._done.is_set()

    def finish(self) -> None:
        """Note that no further try follows."""
        self._done.set()

    def wait(self, seconds: float) -> bool:
        """Wait until no further try follows; false when `seconds` were not enough."""
        return self._done.wait(seconds)
