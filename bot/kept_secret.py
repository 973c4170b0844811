"""Secrets that this machine makes for itself when none is set, and keeps in `var`."""

import os
import secrets
from pathlib import Path

VAR = Path(__file__).parents[1] / "var"


def kept_secret(path: Path, fresh: str) -> bytes:
    """What stands in the file, which only our account may read; `fresh` is written there when there is none yet.

    Raises OSError when the file can be neither read nor made.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh)
            file.flush()
            os.fsync(descriptor)
        try:
            # Two processes may start at once: the first secret stays.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
