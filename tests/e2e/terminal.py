"""A terminal of a given width in which a command believes to run; what a person would see in it."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

WIDTH = 150


def in_terminal(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[str, int]:
    """Run a command with standard output and errors on a pseudo-terminal; its words and its exit code."""
    ours, theirs = pty.openpty()
    shape = {"TERM": "dumb", "COLUMNS": str(WIDTH), "LINES": "50"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, **shape},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = bytearray()
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # how Linux tells that nobody writes any more
            break
        if not more:
            break
        seen += more
    os.close(ours)
    return seen.decode().replace("\r\n", "\n"), process.wait(60)
