"""When a window is open: its hours on the buyer's working days, minus the sender's closures."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain

from sequencer.config import Closure, Window
from sequencer.core.closed_days import Span, closed_spans, closure_at
from sequencer.core.days_off import days_of
from sequencer.core.wall_time import aware, instant_of, wall_time
from sequencer.core.zones import Place
from sequencer.errors import SequencerError

LOOK_AHEAD_DAYS = 2 * 366
_ONE_DAY = timedelta(days=1)
_JOINED_DAYS = 8
"""Open spans that touch are followed this far; a window that never closes is not followed for ever."""


class NeverOpens(SequencerError):
    """A window that does not open within two years: its hours, days, holidays and closures leave nothing."""


def next_open(
    at: datetime, window: Window, place: Place, closures: Sequence[Closure], sender_zone: str
) -> datetime:
    """The first instant at or after `at` at which the window is open for a buyer in `place` (UTC).

    Hours and days are those of the window's zone (`buyer`, `sender` or an IANA name); the work week and
    the public holidays are the buyer's; closures hold in `sender_zone`, those of some countries by the
    buyer's clock. A span past midnight belongs to
    the day on which it starts. Raises NeverOpens, and ValueError when `at` is naive.
    """
    at = aware(at)
    for start, end in _open_spans(at, window, place, tuple(closures), sender_zone):
        if end > at:
            return max(start, at)
    raise NeverOpens(f"window {window.name!r} does not open within two years for {_where(place)}")


def is_open(
    at: datetime, window: Window, place: Place, closures: Sequence[Closure], sender_zone: str
) -> bool:
    """Whether the window is open at that instant."""
    return open_until(at, window, place, closures, sender_zone) is not None


def open_until(
    at: datetime, window: Window, place: Place, closures: Sequence[Closure], sender_zone: str
) -> datetime | None:
    """When the window that is open at `at` closes (UTC), at most 8 days ahead; None when it is closed."""
    at = aware(at)
    until: datetime | None = None
    for start, end in _open_spans(at, window, place, tuple(closures), sender_zone, days=_JOINED_DAYS):
        if start <= (until or at):
            if end > (until or at):
                until = end
        else:
            break
    return until


def why_closed(
    at: datetime, window: Window, place: Place, closures: Sequence[Closure], sender_zone: str
) -> str:
    """Which rule shuts a window at an instant at which it is: closure, holiday, day or hour, in words."""
    zone = window_zone(window, place, sender_zone)
    wall = wall_time(at, zone)
    day = wall.date()
    closed = closure_at(at, closures, place, sender_zone)
    if closed is not None:
        return f"closure {closed[0]} until {closed[1]:%Y-%m-%d}"
    book = days_of(place, day.year)
    if window.holidays == "buyer" and day in book.holidays:
        return f"public holiday in {place.country}: {book.holidays[day]}"
    if not _is_worked(day, window, place):
        of = f" in {place.country}" if place.country else ""
        return f"{wall:%A} is weekend{of}" if window.days is None else f"{wall:%A} is none of its days"
    hours = ", ".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in window.hours)
    return f"hours: it is {wall:%a %H:%M} in {zone}, open {hours}"


def window_zone(window: Window, place: Place, sender_zone: str) -> str:
    """The IANA zone in which the window's hours are meant."""
    return {"buyer": place.zone, "sender": sender_zone}.get(window.zone, window.zone)


def _open_spans(
    at: datetime,
    window: Window,
    place: Place,
    closures: tuple[Closure, ...],
    sender_zone: str,
    days: int = LOOK_AHEAD_DAYS,
) -> Iterator[Span]:
    """Open spans in order of start, from the one that may have begun the day before `at`."""
    zone = window_zone(window, place, sender_zone)
    today = wall_time(at, zone).date()
    closed = closed_spans(closures, place, sender_zone, today.year)
    # The day before: its span may run past midnight.
    for offset in range(-1, days + 1):
        day = today + offset * _ONE_DAY
        if _is_worked(day, window, place):
            spans = _spans_of_day(day, window.hours, zone)
            yield from chain.from_iterable(_without(span, closed) for span in spans) if closed else spans


def _is_worked(day: date, window: Window, place: Place) -> bool:
    if window.days is not None and day.isoweekday() not in window.days:
        return False
    if window.days is not None and window.holidays != "buyer":
        return True  # a day book costs the holidays package: 12 MB
    book = days_of(place, day.year)
    if window.holidays == "buyer" and day in book.holidays:
        return False
    return window.days is not None or not book.is_weekend(day)


@lru_cache(maxsize=32768)
def _spans_of_day(day: date, hours: tuple[tuple[time, time], ...], zone: str) -> tuple[Span, ...]:
    spans = []
    for first, last in hours:
        ends_on = day if last > first else day + _ONE_DAY
        start = instant_of(datetime.combine(day, first), zone)
        end = instant_of(datetime.combine(ends_on, last), zone)
        if start < end:  # hours that summer time skips altogether
            spans.append((start, end))
    return tuple(sorted(spans))


def _without(span: Span, closed: tuple[Span, ...]) -> Iterator[Span]:
    """What is left of a span when the closed ones are cut out."""
    start, end = span
    for closed_from, closed_until in closed:
        if closed_until <= start:
            continue
        if closed_from >= end:
            break
        if start < closed_from:
            yield start, closed_from
        start = closed_until
        if start >= end:
            return
    yield start, end


def _where(place: Place) -> str:
    return f"{place.country} ({place.zone})" if place.country else place.zone
