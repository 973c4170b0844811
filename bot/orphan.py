"""A child process that outlives its parent keeps ports and locks that the next start needs."""

import ctypes
import os
import signal
import sys


def end_with_parent(by: int = signal.SIGTERM) -> None:
    """Asks Linux to end this process with a signal when the one that started it is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, by)


def end_at_once_with(parent: int) -> None:
    """Ends this process with its parent, whatever it is doing, even if the parent is gone already."""
    # A handler that came with a fork, or is about to be replaced, would swallow a gentler signal.
    end_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
