"""Where fetched files lie: under random names, in folders of two levels, readable for our account alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


class MediaFolder:
    """Files below one folder by the path that a row of table `media_file` names."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @staticmethod
    def draw() -> str:
        """A new path that nobody can guess, without an ending that a program would open."""
        name = secrets.token_hex(16)
        return f"{name[:2]}/{name[2:4]}/{name}"

    def find(self, path: str) -> Path | None:
        """The file at a path; None when it is not there."""
        file = self._root / path
        return file if path and file.is_file() else None

    def keep(self, path: str, content: bytes) -> None:
        """Puts a file there as a whole, on the disk itself when this returns; one that is there is replaced.

        Raises OSError.
        """
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")  # two may write at once
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as writer:
            writer.write(content)
            writer.flush()
            os.fsync(descriptor)
        draft.replace(file)
        _sync(file.parent)

    def remove(self, path: str) -> None:
        """Deletes the file at a path, with what an interrupted writer left of it; nothing to do is fine."""
        if not path:
            return
        file = self._root / path
        for name in file.parent.glob(f"{file.name}*"):
            name.unlink(missing_ok=True)
        # The two folders go with their last file.
        with suppress(OSError):
            file.parent.rmdir()
            file.parent.parent.rmdir()


def _sync(folder: Path) -> None:
    """A new name is safe only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
