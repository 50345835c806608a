"""The only reader of time: everything else takes a Clock, or a `now` read from one."""

import contextlib
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_LINUX_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""random(4): a new one each time the kernel starts."""


class Clock(Protocol):
    """Where the program learns what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards; only differences mean something."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until `event` is set, at most `seconds`; True when it is set."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


class VirtualClock:
    """A clock that moves only when told, for the demo, simulations and tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Time passes at once."""
        if not event.is_set():
            self.advance(timedelta(seconds=seconds))
        return event.is_set()

    def advance(self, by: timedelta) -> datetime:
        """Move forward; returns the new now."""
        self._now += by
        self._elapsed += by.total_seconds()
        return self._now

    def set(self, now: datetime) -> datetime:
        """Move to an instant at or after the present one; ValueError for an earlier one."""
        if now < self._now:
            raise ValueError(f"a clock does not run backwards: {now} is before {self._now}")
        return self.advance(now - self._now)


def machine_boot() -> str | None:
    """Names the time since the machine was started; None where the system does not tell."""
    with contextlib.suppress(OSError):
        return _LINUX_BOOT.read_text(encoding="ascii").strip() or None
    return None
