"""The log as a file: turned over by size, opened anew when something else moved it, quiet on a full disk."""

import contextlib
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sequencer.cli.output import note

MAX_BYTES = 10_000_000
KEPT = 5
"""Older files beside the current one: `FILE.1` (the latest) to `FILE.5`."""


class LogFile(RotatingFileHandler):
    """Appends to FILE; OSError when it cannot be opened at first."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> None:
        super().__init__(path, maxBytes=max_bytes, backupCount=kept, encoding="utf-8")
        self._is_failing = False
        self._has_failed = False

    def emit(self, record: logging.LogRecord) -> None:
        self._follow()
        self._has_failed = False
        super().emit(record)
        if not self._has_failed:
            self._is_failing = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """What cannot be written is lost, which is told once: nobody is stopped by a log."""
        self._has_failed = True
        if not self._is_failing:
            self._is_failing = True
            with contextlib.suppress(OSError):
                note(f"the log cannot be written: {self.baseFilename}: {sys.exc_info()[1]}")
        if self.stream is not None:
            # What stands in the buffer would be tried again with each line, and at the end.
            stream, self.stream = self.stream, None
            with contextlib.suppress(OSError):
                stream.close()

    def _follow(self) -> None:
        """When logrotate moved or removed the file, go on in a new one (Windows lets nobody do that)."""
        if self.stream is None or os.name == "nt":
            return
        try:
            there, here = os.stat(self.baseFilename), os.fstat(self.stream.fileno())  # noqa: PTH116
            is_ours = (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
        except OSError:
            is_ours = False
        if not is_ours:
            stream, self.stream = self.stream, None
            stream.close()
