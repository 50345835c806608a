"""Held while an answer leaves: freed by the kernel, so that whoever gets it knows that nobody is at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

WAIT_SECONDS = 60.0
"""Another rep's answer is handed over in a few seconds; a server that hangs takes longer."""


@contextmanager
def reply_lock(database: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[bool]:
    """Whether it was got within that time; it is given back at the end."""
    lock = FileLock(f"{database}.reply.lock")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
