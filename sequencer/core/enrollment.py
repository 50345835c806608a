"""An enrollment: one contact in one sequence, and the states it can be in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EnrollmentState(StrEnum):
    ACTIVE = "active"
    HELD = "held"
    FINISHED = "finished"


class FinishReason(StrEnum):
    COMPLETED = "completed"
    REPLIED = "replied"
    COMPANY_REPLIED = "company_replied"
    BOUNCED = "bounced"
    LEFT = "left"
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"
    TAKEN_OVER = "taken_over"
    STOPPED = "stopped"
    FAILED = "failed"


class HoldReason(StrEnum):
    PAUSED = "paused"
    """A person paused it (`enrollments pause`)."""
    COMPANY_REPLIED = "company_replied"
    OUT_OF_OFFICE = "out_of_office"
    SOFT_BOUNCE = "soft_bounce"
    """Mailbox full or a final temporary failure: seven days, then the next step."""
    BOUNCE_REFUSED = "bounce_refused"
    """Refused for policy, content or rate: the fault is ours, a person looks."""
    ADDRESS_CHANGED = "address_changed"
    CHALLENGE = "challenge"
    AMBIGUOUS = "ambiguous"
    UNSURE = "unsure"
    """A message whose outcome is unknown; the rest waits for it."""
    RENDER_FAILED = "render_failed"


ENROLLMENT_ARROWS: frozenset[tuple[EnrollmentState, EnrollmentState]] = frozenset(
    {
        (EnrollmentState.ACTIVE, EnrollmentState.HELD),
        (EnrollmentState.HELD, EnrollmentState.ACTIVE),
        (EnrollmentState.ACTIVE, EnrollmentState.FINISHED),
        (EnrollmentState.HELD, EnrollmentState.FINISHED),
    }
)

REPLACED_BY_LATER_FINISH: FinishReason = FinishReason.COMPLETED
"""The only finish that a later reply, bounce, opt-out or complaint replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why an enrollment waits: until an instant, or (None) until a person acts."""

    reason: HoldReason
    until: datetime | None
    note: str = ""
    """What a person must know to end it."""


def stronger_hold(current: Hold | None, new: Hold) -> Hold:
    """One hold at a time: a person's beats a date, a later date beats an earlier, none shortens another."""
    if current is None:
        return new
    if current.until is None:
        return current
    if new.until is None or new.until > current.until:
        return new
    return current


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One row of `enrollments`."""

    id: int
    contact_id: int
    sequence: str
    round: int
    version_hash: str
    rep: str
    mailbox: str
    state: EnrollmentState
    hold: Hold | None = None
    finish_reason: FinishReason | None = None
    finished_at: datetime | None = None
    step: str | None
    """The step that comes next; None when finished."""
    anchor_at: datetime
    """The end of the step before, from which the next wait runs."""
    next_at: datetime | None
    """When the next step is due, its window applied; None while a task is outstanding."""
    prepare_at: datetime | None = None
    """When the next step is prepared; while its message is outstanding, when that is too late to leave
    (None: never)."""
    passed: tuple[str, ...] = ()
    """Steps it had when an edited version was applied: they never come again, wherever they stand now."""
    created_at: datetime
