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

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record) + self.terminator
            if 0 < self._length() > self.maxBytes - len(line.encode()):
                self.doRollover()
            stream = self.stream = self.stream or self._open()
            stream.write(line)
            stream.flush()
        except Exception:
            self.handleError(record)
        else:
            self._is_failing = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """What cannot be written is lost, which is told once: nobody is stopped by a log."""
        if not self._is_failing:
            self._is_failing = True
            with contextlib.suppress(OSError):
                note(f"the log cannot be written: {self.baseFilename}: {sys.exc_info()[1]}")
        if self.stream is not None:
            # What stands in the buffer would be tried again with each line, and at the end.
            stream, self.stream = self.stream, None
            with contextlib.suppress(OSError):
                stream.close()

    def _length(self) -> int:
        """Bytes in the file; 0 when logrotate moved or removed it (no Windows allows that): it is left."""
        if self.stream is None:
            return 0
        here = os.fstat(self.stream.fileno())
        if os.name == "nt":
            return here.st_size
        try:
            there = os.stat(self.baseFilename)  # noqa: PTH116
        except OSError:
            there = None
        if there is None or (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
            stream, self.stream = self.stream, None
            stream.close()
            return 0
        return there.st_size
