"""`sequencer` with a clock that a test moves: `CLOCK=FILE python -m tests.e2e.moved ARGUMENTS…`

The whole command line runs as it is, `run` included; only the Clock comes from here, and mailboxes are
looked at each second, since nothing else could tell the daemon that days have passed.
"""

import logging
import os
import sys
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sequencer.cli import main, session
from sequencer.clock import Clock
from sequencer.config import Config
from tests.e2e.launcher import MovedClock


class MovedSession(session.Session):
    """A run of the command line on a moved clock."""

    @cached_property
    def clock(self) -> Clock:
        return MovedClock(Path(os.environ["CLOCK"]))

    @cached_property
    def config(self) -> Config:
        config = super().config
        return replace(config, limits=replace(config.limits, poll_every_in=timedelta(seconds=1)))


class MovedRecord(logging.LogRecord):
    """A log line that bears the moved time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.created = MovedClock(Path(os.environ["CLOCK"])).now().timestamp()


if __name__ == "__main__":
    logging.setLogRecordFactory(MovedRecord)
    session.Session = MovedSession  # type: ignore[misc]  # before any command asks for it
    main(sys.argv[1:])
