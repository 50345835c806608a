"""The heartbeat file: what a monitoring program reads without opening the database."""

import contextlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sequencer.core.wall_time import utc_text

HEARTBEAT_FILE = "heartbeat.json"


def write_heartbeat(folder: Path, document: dict[str, Any]) -> None:
    """Replace the file in one step, so that nobody reads half of it. OSError when it can't be written."""
    path = folder / HEARTBEAT_FILE
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(json.dumps(document, default=_plain, indent=1) + "\n", encoding="utf-8")
        # Windows refuses while a reader has it open; the next beat comes in 15 seconds.
        os.replace(fresh, path)  # noqa: PTH105
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return utc_text(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
