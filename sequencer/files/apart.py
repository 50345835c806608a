"""Work done in a child process, so that what it loads does not stay in a process that runs for months."""

import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

T = TypeVar("T")


def work_apart(work: Callable[[], T]) -> T | None:
    """What `work` gives, done in a forked child; None where that cannot be or when it fails.

    Whoever gets None works here, and so meets the fault as if there had been no child.
    """
    # Elsewhere there is no fork, or (macOS) libraries of the system do not survive one.
    if sys.platform != "linux" or threading.active_count() > 1:
        return None
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_end(work, sending)
    os.close(sending)
    try:
        with os.fdopen(receiving, "rb") as pipe:
            told = pipe.read()
    finally:
        _, status = os.waitpid(child, 0)
    done: T | None = pickle.loads(told) if status == 0 else None  # noqa: S301 - our own child's words
    return done


def _work_and_end(work: Callable[[], object], sending: int) -> NoReturn:
    """Of the parent's files nothing is flushed or closed on the way out: they are still the parent's."""
    code = 1
    try:
        with os.fdopen(sending, "wb") as pipe:
            pickle.dump(work(), pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)
