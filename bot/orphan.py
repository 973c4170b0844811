"""A child process that outlives its parent keeps ports and locks that the next start needs."""

import ctypes
import signal
import sys


def end_with_parent() -> None:
    """Asks Linux to end this process when the one that started it is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
