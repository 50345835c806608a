"""A lane of a mailbox's queue: the messages that share a window and a place, and so open and close as one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

from sequencer.config import Closure, Window
from sequencer.core.calendar import NeverOpens, next_open, open_until
from sequencer.core.cap_counts import FAR_FUTURE
from sequencer.core.zones import Place

E = TypeVar("E")


class Lane(Generic[E]):
    """The span in which its messages may leave, on a clock that only moves on, and those that are due."""

    __slots__ = ("_calendar", "closes_at", "due", "is_parked", "never", "opens_at")

    def __init__(
        self, window: Window, place: Place, closures: Sequence[Closure], sender_zone: str, now: datetime
    ) -> None:
        self._calendar = (window, place, closures, sender_zone)
        self.opens_at = self.closes_at = now
        """Start and end of the open span that is on, or comes next."""
        self.due: list[E] = []
        """By `pick_order`: a heap."""
        self.is_parked = False
        """It was found closed, and its opening is awaited."""
        self.never = ""
        """Why it never opens (again)."""
        self.bring_up_to(now)

    def bring_up_to(self, now: datetime) -> None:
        """Have the span that is on at `now`, or comes next."""
        while self.closes_at <= now:
            try:
                opens_at = next_open(self.closes_at, *self._calendar)
            except NeverOpens as never:
                self.never = str(never)
                self.opens_at = self.closes_at = FAR_FUTURE
                return
            # Where one span runs on into the next, the lane has been open all along.
            if opens_at > self.closes_at:
                self.opens_at = opens_at
            self.closes_at = open_until(opens_at, *self._calendar) or FAR_FUTURE
