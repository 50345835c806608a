"""Goodbye: connections closed side by side, so that a server that does not answer holds nobody up."""

import threading
from collections.abc import Iterable
from datetime import timedelta

from sequencer.clock import Clock
from sequencer.flows.engine import Desk

GOODBYES_IN = timedelta(seconds=1)
"""How long servers may take to answer QUIT and LOGOUT, all together."""


def say_goodbye(desks: Iterable[Desk], clock: Clock) -> None:
    """QUIT and LOGOUT at each desk's servers, waiting `GOODBYES_IN` at most."""
    threads = [threading.Thread(target=_close, args=[desk], daemon=True) for desk in desks]
    for thread in threads:
        thread.start()
    started = clock.monotonic()
    for thread in threads:
        passed = clock.monotonic() - started
        thread.join(max(0.0, GOODBYES_IN.total_seconds() - passed))


def _close(desk: Desk) -> None:
    if desk.bell is not None:
        desk.bell.hush()
    desk.courier.close()
    if desk.reader is not None:
        desk.reader.close()
