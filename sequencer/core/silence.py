"""When a mailbox that used to receive mail has had none for so long that something must be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sequencer.config import Closure
from sequencer.core.wall_time import instant_of, wall_time

ENOUGH_DAYS = 5
"""Days with mail that a mailbox must have had: of a new one nothing can be expected."""
_USUAL_GAPS = 3
"""A mailbox that gets a mail a week is not silent after three days, but after three weeks."""
_LONGEST = timedelta(days=366)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What is known of the mail that a mailbox got, whoever wrote it."""

    first_at: datetime
    last_at: datetime
    days: int
    """On which something came (UTC)."""

    def with_more(self, came_at: Sequence[datetime]) -> "Arrivals":
        """After more mail has come; what is older than the latest changes nothing but the beginning."""
        later = sorted(at for at in came_at if at > self.last_at)
        days = {at.astimezone(UTC).date() for at in later} - {self.last_at.astimezone(UTC).date()}
        return Arrivals(
            first_at=min((self.first_at, *came_at)),
            last_at=later[-1] if later else self.last_at,
            days=self.days + len(days),
        )


def arrivals_of(came_at: Sequence[datetime]) -> Arrivals | None:
    """Of the first mail that is known; None when there is none."""
    if not came_at:
        return None
    return Arrivals(first_at=min(came_at), last_at=min(came_at), days=1).with_more(came_at)


def is_silent(
    known: Arrivals | None, now: datetime, after: timedelta, closures: Sequence[Closure], zone: str
) -> bool:
    """Whether a mailbox in `zone` has been silent for `after`, not counting weekends and closures.

    Nor is it before three times as long as it usually takes from one day with mail to the next. `after` of
    nothing: never.
    """
    if known is None or known.days < ENOUGH_DAYS or not after:
        return False
    usual = (known.last_at - known.first_at) / (known.days - 1)
    silence = now - known.last_at
    if silence < max(after, _USUAL_GAPS * usual):
        return False
    return silence >= _LONGEST or silence - _days_off(known.last_at, now, closures, zone) >= after


def _days_off(start: datetime, end: datetime, closures: Sequence[Closure], zone: str) -> timedelta:
    """How much of the time between is weekend or closure in `zone`."""
    day, off = wall_time(start, zone).date(), timedelta()
    while (begins := instant_of(datetime.combine(day, time()), zone)) < end:
        day += _ONE_DAY
        if _is_off(day - _ONE_DAY, closures):
            ends = instant_of(datetime.combine(day, time()), zone)
            off += max(timedelta(), min(end, ends) - max(start, begins))
    return off


def _is_off(day: date, closures: Sequence[Closure]) -> bool:
    return day.isoweekday() >= _SATURDAY or any(one.first <= day <= one.last for one in closures)
