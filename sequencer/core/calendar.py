"""When a step is due: the wait after the step before, in the buyer's calendar, then the next open window."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sequencer.config import Closure, Window
from sequencer.core.days_off import business_days_after, is_day_off
from sequencer.core.sequence import Wait
from sequencer.core.wall_time import aware, instant_of, wall_time
from sequencer.core.windows import NeverOpens, is_open, next_open, open_until
from sequencer.core.zones import Place

__all__ = [
    "NeverOpens",
    "add_wait",
    "business_days_after",
    "due_at",
    "is_day_off",
    "is_open",
    "next_open",
    "open_until",
]


def add_wait(anchor: datetime, wait: Wait, place: Place) -> datetime:
    """The instant (UTC) at which the wait that began at `anchor` is over, windows not yet applied.

    `m` and `h` are elapsed time; `d` and `w` calendar days, keeping the wall time of the buyer's zone;
    `bd` business days of the buyer's country (and state) from the anchor's local date, keeping the wall
    time. A wall time that summer time skips is the next one that exists; one shown twice is the first.
    A wait of 0 is the anchor. ValueError when `anchor` is naive.
    """
    anchor = aware(anchor)
    if wait.amount == 0:
        return anchor
    if wait.unit == "m":
        return anchor + timedelta(minutes=wait.amount)
    if wait.unit == "h":
        return anchor + timedelta(hours=wait.amount)
    wall = wall_time(anchor, place.zone)
    if wait.unit == "bd":
        day = business_days_after(wall.date(), wait.amount, place.country, place.state)
        return instant_of(datetime.combine(day, wall.time()), place.zone)
    days = wait.amount * (7 if wait.unit == "w" else 1)
    return instant_of(wall + timedelta(days=days), place.zone)


def due_at(
    anchor: datetime,
    wait: Wait,
    window: Window,
    place: Place,
    closures: Sequence[Closure],
    sender_zone: str,
) -> datetime:
    """When the step after `anchor` is due (UTC): its wait, then the next open window.

    Raises NeverOpens, and ValueError when `anchor` is naive.
    """
    return next_open(add_wait(anchor, wait, place), window, place, closures, sender_zone)
