"""Where an enrollment stands next: pure arithmetic over steps, waits and the window."""

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sequencer.config import Closure, Window
from sequencer.core.closed_days import closure_at
from sequencer.core.due import Due, due_at
from sequencer.core.sequence import Sequence, Step
from sequencer.core.timing import SkipReason, Timing
from sequencer.core.waits import add_wait
from sequencer.core.windows import next_open, open_until
from sequencer.core.zones import Place

_APPROVAL_DAYS = 2
_LONGEST_CLOSURE_DAYS = 120
_NOWHERE = Place("UTC")
"""Closures for some buyers' countries keep nobody at the sender's from work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What decides when a contact may be written to."""

    window: Window
    place: Place
    closures: Many[Closure]
    sender_zone: str
    plan_ahead_in: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The next step of an enrollment and its instants (UTC)."""

    step: str
    anchor_at: datetime
    next_at: datetime
    prepare_at: datetime


def first_standing(sequence: Sequence, enrolled_at: datetime, rhythm: Rhythm) -> Standing:
    """Where a contact enrolled at `enrolled_at` begins. NeverOpens when the window never opens."""
    return standing_at(sequence.steps[0], enrolled_at, rhythm)


def standing_after(sequence: Sequence, step_id: str, ended_at: datetime, rhythm: Rhythm) -> Standing | None:
    """Where an enrollment stands once `step_id` ended at `ended_at`; None when that was the last step."""
    following = sequence.index_of(step_id) + 1
    if following >= len(sequence.steps):
        return None
    return standing_at(sequence.steps[following], ended_at, rhythm)


def standing_after_skip(sequence: Sequence, standing: Standing, rhythm: Rhythm) -> Standing | None:
    """Where it stands when a step is skipped: anchored where that step would have been, so waits add up."""
    skipped = sequence.steps[sequence.index_of(standing.step)]
    would_have_ended = add_wait(standing.anchor_at, skipped.wait, rhythm.place)
    return standing_after(sequence, standing.step, would_have_ended, rhythm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A step that is passed over."""

    step: str
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Where an enrollment goes on, and what it passes over on the way."""

    standing: Standing | None
    """None: no step is left."""
    skipped: tuple[Skipped, ...] = ()
    expires_at: datetime | None = None
    """From when on the step it stands at is skipped too."""


def skip_unwanted(
    sequence: Sequence,
    standing: Standing,
    rhythm: Rhythm,
    is_wanted: Callable[[Step], bool],
    now: datetime,
) -> Onward:
    """The first standing from this one on whose step is wanted, can be dated and is not too late."""
    at: Standing | None = standing
    skipped: list[Skipped] = []
    while at is not None:
        step = sequence.steps[sequence.index_of(at.step)]
        due = due_of(step, at.anchor_at, rhythm) if step.timing.may_be_skipped else None
        reason = _too_late(due, max(now, at.next_at))
        if reason is not SkipReason.EXPIRED and not is_wanted(step):
            reason = SkipReason.CONDITION
        if reason is None:
            return Onward(standing=at, skipped=tuple(skipped), expires_at=due.expires_at if due else None)
        skipped.append(Skipped(step=step.id, reason=reason))
        at = standing_after_skip(sequence, at, rhythm)
    return Onward(standing=None, skipped=tuple(skipped))


def _too_late(due: Due | None, at: datetime) -> SkipReason | None:
    """Why a step that would leave at `at` is skipped; None when it is not."""
    if due is None or due.skipped is not None:
        return due.skipped if due else None
    return SkipReason.EXPIRED if due.expires_at is not None and at >= due.expires_at else None


def due_of(step: Step, anchor_at: datetime, rhythm: Rhythm) -> Due:
    """When a step is due whose wait runs from `anchor_at`. NeverOpens when the window never opens."""
    return due_at(anchor_at, step.timing, rhythm.window, rhythm.place, rhythm.closures, rhythm.sender_zone)


def standing_at(step: Step, anchor_at: datetime, rhythm: Rhythm) -> Standing:
    """The instants of one step whose wait runs from `anchor_at`."""
    due = due_of(step, anchor_at, rhythm)
    # What has no time at all is passed over at once, so that the steps after it are prepared in time.
    prepare_at = anchor_at if due.skipped else _prepare_at(step, due.at, rhythm)
    return Standing(step=step.id, anchor_at=anchor_at, next_at=due.at, prepare_at=prepare_at)


def reopened(
    step: Step, anchor_at: datetime, next_at: datetime | None, now: datetime, rhythm: Rhythm
) -> Standing:
    """Where a held enrollment goes on: at the first open instant from now on, and not before it was due.

    A step with an hour or a weekday goes on at the next of them.
    """
    if next_at is not None and next_at >= now:
        at = open_at(next_at, rhythm)
    else:
        anew = Timing(at=step.at, weekdays=step.weekdays)
        at = due_at(now, anew, rhythm.window, rhythm.place, rhythm.closures, rhythm.sender_zone).at
    prepare_at = max(now, _prepare_at(step, at, rhythm))
    return Standing(step=step.id, anchor_at=anchor_at, next_at=at, prepare_at=prepare_at)


def open_at(at: datetime, rhythm: Rhythm) -> datetime:
    """The first instant from `at` on at which the window is open."""
    return next_open(at, rhythm.window, rhythm.place, rhythm.closures, rhythm.sender_zone)


def closes_at(at: datetime, rhythm: Rhythm) -> datetime | None:
    """When the window that is open at `at` closes, at most 8 days ahead; None when it is closed."""
    return open_until(at, rhythm.window, rhythm.place, rhythm.closures, rhythm.sender_zone)


def _prepare_at(step: Step, next_at: datetime, rhythm: Rhythm) -> datetime:
    if step.is_task:
        return next_at
    if step.approve == "never":
        return next_at - rhythm.plan_ahead_in
    # A person needs time: two business days of the sender.
    day = next_at.astimezone(ZoneInfo(rhythm.sender_zone))
    left = _APPROVAL_DAYS
    for _ in range(_LONGEST_CLOSURE_DAYS):
        day -= timedelta(days=1)
        is_closed = closure_at(day, rhythm.closures, _NOWHERE, rhythm.sender_zone) is not None
        left -= day.isoweekday() < 6 and not is_closed
        if not left:
            break
    return min(day.astimezone(next_at.tzinfo), next_at - rhythm.plan_ahead_in)
