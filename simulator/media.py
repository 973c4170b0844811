"""Temporary media: kept three days, with their file names."""

import itertools
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.errors import ApiError

LIFE_SECONDS = 3 * 86400
SMALLEST = 6
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
CONTENT_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}
STARTS = {"image": (b"\xff\xd8", b"\x89PNG"), "voice": (b"#!AMR", b"\x02#!SILK")}


@dataclass(slots=True)
class Medium:
    """One uploaded file; `webhook` is set when only that robot may use it."""

    media_id: str
    kind: str
    filename: str
    content: bytes
    created_at: float
    webhook: str = ""

    @property
    def content_type(self) -> str:
        """The type a download names."""
        return "image/png" if self.content.startswith(b"\x89PNG") else CONTENT_TYPES[self.kind]


class Media:
    """Keeps uploaded files by media_id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: dict[str, Medium] = {}
        self._numbers = itertools.count(1)

    def upload(self, kind: str, filename: str, content: bytes, *, webhook: str = "") -> Medium:
        """Check and keep a file: 40004 bad type, 44001 empty, 40006 too small, 45001 too large, 40009 not a picture."""
        if kind not in LIMITS:
            raise ApiError(40004)
        if not content:
            raise ApiError(44001)
        if len(content) < SMALLEST:
            raise ApiError(40006)
        if len(content) > LIMITS[kind]:
            raise ApiError(45001)
        if kind in STARTS and not content.startswith(STARTS[kind]):
            raise ApiError(40009 if kind == "image" else 40005, "invalid file type")
        return self.keep(kind, filename, content, webhook=webhook)

    def keep(self, kind: str, filename: str, content: bytes, *, webhook: str = "") -> Medium:
        """Keep a file that a person sent, unchecked."""
        media_id = f"SIMMEDIA-{next(self._numbers):05d}"
        self._media[media_id] = Medium(media_id, kind, filename, content, self._clock.timestamp(), webhook)
        return self._media[media_id]

    def find(self, media_id: str) -> Medium | None:
        """The file with this id, expired or not."""
        return self._media.get(media_id)

    def usable(self, media_id: str, kind: str = "", *, webhook: str = "") -> Medium:
        """A file that may be sent as `kind`: 40007 unknown, 40145 expired, 40004 of another kind."""
        medium = self._media.get(media_id)
        if medium is None or medium.webhook != webhook:
            raise ApiError(40007)
        if self._clock.timestamp() - medium.created_at > LIFE_SECONDS:
            raise ApiError(40145)
        if kind and medium.kind != kind:
            raise ApiError(40004)
        return medium
