"""Closures as spans of time: the sender's own by the sender's clock, a lull abroad by the buyer's."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sequencer.config import Closure
from sequencer.core.wall_time import instant_of, wall_time
from sequencer.core.zones import Place

Span = tuple[datetime, datetime]
"""`[start, end)` in UTC."""

_ONE_DAY = timedelta(days=1)
_YEARS_AROUND = range(-1, 4)
"""Of a closure that comes every year: those that may touch the two years after an instant."""


def closed_spans(closures: Sequence[Closure], place: Place, sender_zone: str, year: int) -> tuple[Span, ...]:
    """What is closed for a buyer in `place` around `year`, by start."""
    if not closures:
        return ()
    concerned = tuple(closure for closure in closures if _concerns(closure, place))
    zone = place.zone if any(closure.countries for closure in concerned) else ""
    # Fixed dates need no year: one answer serves all of them.
    around = year if any(closure.every_year for closure in concerned) else 0
    return _spans(concerned, zone, sender_zone, around)


def closure_at(
    at: datetime, closures: Sequence[Closure], place: Place, sender_zone: str
) -> tuple[str, date] | None:
    """The closure that is on at an instant, and its last day (that before the next open one)."""
    for closure in closures:
        if _concerns(closure, place):
            today = wall_time(at, place.zone if closure.countries else sender_zone).date()
            for first, last in _stretches(closure, today.year):
                if first <= today <= last:
                    return closure.name, last
    return None


def _concerns(closure: Closure, place: Place) -> bool:
    return not closure.countries or place.country in closure.countries


@lru_cache(maxsize=4096)
def _spans(closures: tuple[Closure, ...], zone: str, sender_zone: str, year: int) -> tuple[Span, ...]:
    midnight = time(0)
    return tuple(
        sorted(
            (
                instant_of(datetime.combine(first, midnight), zone if closure.countries else sender_zone),
                instant_of(
                    datetime.combine(last + _ONE_DAY, midnight), zone if closure.countries else sender_zone
                ),
            )
            for closure in closures
            for first, last in _stretches(closure, year)
        )
    )


def _stretches(closure: Closure, year: int) -> Iterator[tuple[date, date]]:
    """First and last day of each stretch without an open day."""
    for shift in (
        (year - closure.first.year + offset for offset in _YEARS_AROUND) if closure.every_year else (0,)
    ):
        start, last = _in_year(closure.first, shift), _in_year(closure.last, shift)
        for day in sorted(_in_year(day, shift) for day in closure.open):
            if start <= day <= last:
                if start < day:
                    yield start, day - _ONE_DAY
                start = day + _ONE_DAY
        if start <= last:
            yield start, last


def _in_year(day: date, shift: int) -> date:
    """The same day so many years later; 29 February is the 28th in a year without one."""
    if shift == 0:
        return day
    try:
        return day.replace(year=day.year + shift)
    except ValueError:
        return day.replace(year=day.year + shift, day=28)
