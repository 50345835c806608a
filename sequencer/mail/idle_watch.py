"""One thread that watches the sockets of all connections that wait in IDLE, and says which has something."""

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sequencer.clock import Clock, SystemClock

LONGEST_WAIT_IN = timedelta(minutes=5)
"""RFC 2177 asks for less than 29 minutes; Lark ends an IDLE after 10, some routers forget it after 5."""
_SEES_CHANGES = tuple(
    getattr(selectors, name) for name in ("EpollSelector", "KqueueSelector") if hasattr(selectors, name)
)
"""Selectors whose wait takes in what is added meanwhile; any other has to be woken."""


@dataclass(slots=True, eq=False)
class _Wait:
    name: str
    watched: socket.socket
    """A twin of the connection's own: nobody else closes it."""
    ring: Callable[[], None]
    from_at: float
    until_at: float
    is_registered: bool = False


class IdleWatch:
    """Rings once for each connection that is watched: when something comes, or its wait has lasted enough.

    It never reads a byte. The thread lives while there is something to watch.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        """Guards everything below; held for no longer than a system call."""
        self._waits: dict[str, _Wait] = {}
        self._thread: threading.Thread | None = None
        self._selector: selectors.BaseSelector | None = None
        self._nudge: socket.socket | None = None

    def watch(self, name: str, watched: socket.socket, ring: Callable[[], None], quiet_in: timedelta) -> None:
        """Ring when `watched` can be read, though not within `quiet_in`; it is closed afterwards."""
        now = self._clock.monotonic()
        wait = _Wait(
            name=name,
            watched=watched,
            ring=ring,
            from_at=now + quiet_in.total_seconds(),
            until_at=now + LONGEST_WAIT_IN.total_seconds(),
        )
        with self._lock:
            self._drop(name)
            self._waits[name] = wait
            is_new = self._thread is None
            if is_new:
                self._begin()
            is_late = quiet_in > timedelta()
            if not is_late:
                self._register(wait)
            if not is_new and (is_late or not isinstance(self._selector, _SEES_CHANGES)):
                self._wake()

    def forget(self, name: str) -> None:
        """No longer watch it."""
        with self._lock:
            self._drop(name)
            if not self._waits or not isinstance(self._selector, _SEES_CHANGES):
                self._wake()

    def _begin(self) -> None:
        self._nudge, nudged = socket.socketpair()
        nudged.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(nudged, selectors.EVENT_READ)
        self._thread = threading.Thread(
            target=self._run, args=[self._selector, nudged], name="idle", daemon=True
        )
        self._thread.start()

    def _register(self, wait: _Wait) -> None:
        if self._selector is not None and not wait.is_registered:
            self._selector.register(wait.watched, selectors.EVENT_READ, wait)
            wait.is_registered = True

    def _drop(self, name: str) -> _Wait | None:
        wait = self._waits.pop(name, None)
        if wait is not None:
            if wait.is_registered and self._selector is not None:
                self._selector.unregister(wait.watched)
            wait.watched.close()
        return wait

    def _wake(self) -> None:
        if self._nudge is not None:
            with suppress(OSError):
                self._nudge.send(b".")

    def _run(self, selector: selectors.BaseSelector, nudged: socket.socket) -> None:
        with nudged, selector:
            while (wait_in := self._next_in()) is not None:
                ready = [key.data for key, _events in selector.select(wait_in)]
                with suppress(OSError):
                    nudged.recv(4096)
                for wait in (*ready, *self._over()):
                    if wait is not None and self._is_taken(wait):
                        wait.ring()

    def _next_in(self) -> float | None:
        """Seconds until something is to be done by the clock; None when nothing is watched any more."""
        with self._lock:
            if not self._waits:
                if self._nudge is not None:
                    self._nudge.close()
                self._thread = self._selector = self._nudge = None
                return None
            now = self._clock.monotonic()
            for wait in self._waits.values():
                if wait.from_at <= now:
                    self._register(wait)
            instants = (one.until_at if one.is_registered else one.from_at for one in self._waits.values())
            return max(0.0, min(instants) - now)

    def _over(self) -> list[_Wait]:
        now = self._clock.monotonic()
        with self._lock:
            return [wait for wait in self._waits.values() if wait.until_at <= now]

    def _is_taken(self, wait: _Wait) -> bool:
        """Whether it is still watched, and rings now."""
        with self._lock:
            return self._waits.get(wait.name) is wait and self._drop(wait.name) is wait
