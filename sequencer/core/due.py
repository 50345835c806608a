"""The one answer to when a step is due: daemon, forecast, `why` and every page of the documents ask here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sequencer.config import Closure, Window
from sequencer.core.countries import folded
from sequencer.core.days_off import business_days_before, holidays_between
from sequencer.core.timing import BeforeHoliday, SkipReason, Timing, Wait
from sequencer.core.waits import add_wait
from sequencer.core.wall_time import aware, instant_of, wall_time
from sequencer.core.windows import next_open
from sequencer.core.zones import Place

_ONE_DAY = timedelta(days=1)
_WEEKDAYS_AHEAD = 60
"""Days in which a weekday that is worked is looked for; in the Gulf `on: friday` finds none."""
_DAYS_BACK = 7
"""How far before its day a greeting may leave when that day and those after it are closed."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due, and until when."""

    at: datetime
    """UTC, window applied; of a step that is skipped, the end of its wait."""
    expires_at: datetime | None = None
    """From this instant on it is skipped; None: never."""
    skipped: SkipReason | None = None
    """Why it has no time at all."""


def due_at(
    anchor: datetime,
    timing: Timing,
    window: Window,
    place: Place,
    closures: Sequence[Closure],
    sender_zone: str,
) -> Due:
    """When the step after `anchor` is due: its wait, its day and time of day, then the next open window.

    The wait is over as `add_wait` has it; with `at`, one that counts days is over when its last day begins.
    `at` is by the buyer's clock: where the window is shut then, the step is due at its next opening on that
    day, else at that time (or the first opening after it) on the next day it opens, else when it opens.
    `on` takes the first of its days on which the window opens, a weekday within 60 days; where there is
    none, the opening after the first of them. `before_holiday`: see `_before_holiday`.
    Raises NeverOpens, and ValueError when `anchor` is naive.
    """
    anchor = aware(anchor)
    over = add_wait(anchor, timing.wait, place)
    ready = over
    if timing.at is not None and timing.wait.counts_days:
        ready = instant_of(datetime.combine(wall_time(over, place.zone).date(), time(0)), place.zone)
    clock = _Clock(ready, timing.at, window, place, tuple(closures), sender_zone)
    if timing.before_holiday is not None:
        return _before_holiday(clock, timing.before_holiday, timing.lasts or timing.before_holiday.lead) or (
            Due(over, skipped=SkipReason.NO_HOLIDAY)
        )
    if timing.weekdays or timing.dates:
        at = _on_days(clock, timing)
        if at is None:
            return Due(over, skipped=SkipReason.DATES_OVER)
    elif timing.at is None:
        at = clock.opening(ready)
    else:
        at = clock.from_day(clock.today if clock.start_of(clock.today) else clock.today + _ONE_DAY)
    return Due(at, add_wait(at, timing.lasts, place) if timing.lasts else None)


@dataclass(frozen=True, slots=True)
class _Clock:
    """The buyer's days from the end of the wait on, and when the window opens on them."""

    ready: datetime
    at: time | None
    window: Window
    place: Place
    closures: tuple[Closure, ...]
    sender_zone: str

    @property
    def today(self) -> date:
        return self.day_of(self.ready)

    def day_of(self, at: datetime) -> date:
        return wall_time(at, self.place.zone).date()

    def opening(self, at: datetime) -> datetime:
        return next_open(at, self.window, self.place, self.closures, self.sender_zone)

    def midnight(self, day: date) -> datetime:
        return instant_of(datetime.combine(day, time(0)), self.place.zone)

    def start_of(self, day: date) -> datetime | None:
        """From when on the step may leave on that day; None: its time of day comes too early."""
        if self.at is None:
            return max(self.ready, self.midnight(day))
        at = instant_of(datetime.combine(day, self.at), self.place.zone)
        return at if at >= self.ready else None

    def opening_on(self, day: date) -> datetime | None:
        """When it leaves on that very day; None when the window does not let it."""
        start = self.start_of(day)
        if start is None:
            return None
        opens_at = self.opening(start)
        return opens_at if self.day_of(opens_at) == day else None

    def from_day(self, day: date) -> datetime:
        """When it leaves from that day on; a day that has no `start_of` is taken as the next one."""
        opens_at = self.opening(self.start_of(day) or self.midnight(day + _ONE_DAY))
        later = self.day_of(opens_at)
        # On another day its own time of day comes first again.
        return opens_at if later == day else self.opening_on(later) or opens_at


def _on_days(clock: _Clock, timing: Timing) -> datetime | None:
    """The first of the step's days on which the window opens, else what follows the first of them."""
    today = clock.today
    ahead = (today + n * _ONE_DAY for n in range(_WEEKDAYS_AHEAD + 1))
    wanted = {day for day in ahead if day.isoweekday() in timing.weekdays}
    wanted |= {day for day in timing.dates if day >= today}
    days = [day for day in sorted(wanted) if clock.start_of(day) is not None]
    if not days:
        return None
    for day in days:
        opens_at = clock.opening_on(day)
        if opens_at is not None:
            return opens_at
    return clock.from_day(days[0])


def _before_holiday(clock: _Clock, before: BeforeHoliday, lasts: Wait) -> Due | None:
    """The day so long before a holiday; None when no holiday comes that it could be before.

    Where that day is closed, the last open one of the week before it is taken, else the first open one
    after it, before the holiday and before the step expires. A holiday for which all that is past or closed
    is passed over for the next one.
    """
    for holiday in _holidays(clock, before):
        day = _lead_day(holiday, before.lead, clock.place)
        until = min(_end_of(clock, day, lasts), clock.midnight(holiday))
        back = (day - n * _ONE_DAY for n in range(_DAYS_BACK + 1))
        forth = (day + n * _ONE_DAY for n in range(1, (holiday - day).days))
        for candidate in (*back, *forth):
            at = clock.opening_on(candidate) if candidate >= clock.today else None
            if at is not None and at < until:
                return Due(at, min(add_wait(at, lasts, clock.place), clock.midnight(holiday)))
    return None


def _end_of(clock: _Clock, day: date, lasts: Wait) -> datetime:
    """Until when a step that is due on `day` may leave."""
    return add_wait(clock.midnight(day) + _ONE_DAY - timedelta(seconds=1), lasts, clock.place)


def _lead_day(holiday: date, lead: Wait, place: Place) -> date:
    if lead.unit == "bd":
        return business_days_before(holiday, lead.amount, place)
    return holiday - lead.days * _ONE_DAY


def _holidays(clock: _Clock, before: BeforeHoliday) -> Iterator[date]:
    """The first days of the holidays that come, one that lasts for days counted once."""
    today, name = clock.today, folded(before.name)
    last = today + before.within.days * _ONE_DAY
    previous = today - 2 * _ONE_DAY
    for day, known_as in holidays_between(clock.place, today - _ONE_DAY, last):
        if name and name not in folded(known_as):
            continue
        if day - previous > _ONE_DAY and day > today:
            yield day
        previous = day
