"""The end of a wait, in the buyer's calendar."""

from datetime import datetime, timedelta

from sequencer.core.days_off import business_days_after
from sequencer.core.timing import Wait
from sequencer.core.wall_time import aware, instant_of, wall_time
from sequencer.core.zones import Place


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
        day = business_days_after(wall.date(), wait.amount, place.country, place.state, place.calendar)
        return instant_of(datetime.combine(day, wall.time()), place.zone)
    return instant_of(wall + timedelta(days=wait.days), place.zone)
