"""Where an enrollment stands next: pure arithmetic over steps, waits and the window."""

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sequencer.config import Closure, Window
from sequencer.core.calendar import add_wait, next_open, open_until
from sequencer.core.sequence import Sequence, Step
from sequencer.core.zones import Place

_APPROVAL_DAYS = 2


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


def skip_unwanted(
    sequence: Sequence, standing: Standing, rhythm: Rhythm, is_wanted: Callable[[Step], bool]
) -> Standing | None:
    """The first standing from this one on whose step is wanted; None when no such step is left."""
    at: Standing | None = standing
    while at is not None and not is_wanted(sequence.steps[sequence.index_of(at.step)]):
        at = standing_after_skip(sequence, at, rhythm)
    return at


def standing_at(step: Step, anchor_at: datetime, rhythm: Rhythm) -> Standing:
    """The instants of one step whose wait runs from `anchor_at`."""
    next_at = open_at(add_wait(anchor_at, step.wait, rhythm.place), rhythm)
    return Standing(
        step=step.id, anchor_at=anchor_at, next_at=next_at, prepare_at=_prepare_at(step, next_at, rhythm)
    )


def reopened(
    step: Step, anchor_at: datetime, next_at: datetime | None, now: datetime, rhythm: Rhythm
) -> Standing:
    """Where a held enrollment goes on: at the first open instant from now on, and not before it was due."""
    at = open_at(max(now, next_at or now), rhythm)
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
    while left:
        day -= timedelta(days=1)
        if day.isoweekday() < 6:
            left -= 1
    return min(day.astimezone(next_at.tzinfo), next_at - rhythm.plan_ahead_in)
