"""Log lines on stderr: readable ones for people, JSON ones for machines; nobody's address stands in them."""

import json
import logging
import re
import traceback
from collections.abc import Collection
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sequencer.cli.log_file import LogFile
from sequencer.cli.output import printable, safe_json
from sequencer.core.wall_time import utc_text

if TYPE_CHECKING:
    from sequencer.config import Config

_FIELDS = ("mailbox", "message_row", "contact_id", "step", "detail")
_WORDS = {"message_row": "message", "contact_id": "contact"}
_ADDRESS = re.compile(r"""[^\s<>()\[\]{},;:"'=@]+@[^\s<>()\[\]{},;:"'=@]+""")
MASK = "(address)"


class _Formatter(logging.Formatter):
    """What both formats share: servers repeat addresses in their answers, and the log must not keep them."""

    def __init__(self, own: Collection[str] = (), *, with_tracebacks: bool = False) -> None:
        super().__init__()
        self._own = {one.lower() for one in own}
        self._with_tracebacks = with_tracebacks

    def masked(self, text: str) -> str:
        """The text without anybody's address but our own mailboxes'."""

        def mask(found: re.Match[str]) -> str:
            return found[0] if found[0].rstrip(".").lower() in self._own else MASK

        return _ADDRESS.sub(mask, text) if "@" in text else text

    def failure(self, record: logging.LogRecord) -> str:
        """The exception in one line, with the place in our code; empty when there is none."""
        if not record.exc_info or record.exc_info[1] is None:
            return ""
        error = record.exc_info[1]
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "sequencer" in Path(frame.filename).parts] or frames
        at = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
        return f"{type(error).__name__}{at}: {' '.join(str(error).split())}"

    def traceback(self, record: logging.LogRecord) -> str:
        """With --debug, how the exception came about."""
        wanted = self._with_tracebacks and record.exc_info
        return self.masked(self.formatException(record.exc_info)) if wanted and record.exc_info else ""


@lru_cache(maxsize=4)
def _second(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}Z"


class TextFormatter(_Formatter):
    """`2026-03-02 09:12:05Z info wang sent message 12 contact 7 mail-group/intro: …`, in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        words = [_second(int(record.created)), record.levelname.lower()]
        values = {name: getattr(record, name, None) for name in _FIELDS}
        if values["mailbox"]:
            words.append(str(values["mailbox"]))
        words.append(record.getMessage())
        for name in ("message_row", "contact_id", "step"):
            if values[name]:
                words.append(f"{_WORDS.get(name, '')} {values[name]}".strip())
        details = [str(one) for one in (values["detail"], self.failure(record)) if one]
        line = " ".join(words) + (f": {'; '.join(details)}" if details else "")
        lines = [" ".join(self.masked(line).split()), self.traceback(record)]
        return printable("\n".join(one for one in lines if one))


class JsonFormatter(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": utc_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": self.masked(record.getMessage()),
        }
        for name in _FIELDS:
            if value := getattr(record, name, None):
                line[name] = self.masked(value) if isinstance(value, str) else value
        if failure := self.failure(record):
            line["error"] = self.masked(failure)
        if trace := self.traceback(record):
            line["traceback"] = trace
        return safe_json(json.dumps(line, ensure_ascii=False))


def own_names(config: "Config") -> set[str]:
    """The addresses and logins of our own mailboxes, which a mend has to name."""
    servers = [server for box in config.mailboxes for server in (box.smtp, box.imap) if server is not None]
    return {box.address for box in config.mailboxes} | {one.username for one in servers if one.username}


def set_up_logging(
    log_format: str,
    own: Collection[str] = (),
    *,
    with_tracebacks: bool = False,
    file: Path | None = None,
) -> None:
    """Send the program's log, and its metronome's errors, to stderr or `file` in `text` or `json`."""
    make = JsonFormatter if log_format == "json" else TextFormatter
    handler: logging.Handler = logging.StreamHandler() if file is None else LogFile(file)
    handler.setFormatter(make(own, with_tracebacks=with_tracebacks))
    for name, level in (("sequencer", logging.INFO), ("apscheduler", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
    # Asked for with each record, and in none of our lines.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
