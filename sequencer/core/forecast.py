"""The forecast: what is asked of the planner, and what it says leaves when and what waits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sequencer.config import Window
from sequencer.core.timing import AT_ONCE, SkipReason, Timing
from sequencer.core.wall_time import zone_info
from sequencer.core.zones import Place


class Gate(StrEnum):
    """What a planned message must pass, and what keeps it after it is due."""

    INBOX = "inbox"
    """A follow-up: every mailbox that wrote to the contact is read first."""
    APPROVAL = "approval"
    """A person approves it first; the plan takes the approval to come in time."""
    WINDOW = "window"
    """Due in closed hours, or its window closed before its turn came."""
    CAP = "cap"
    """The mailbox had sent its 24 hours' worth."""
    GAP = "gap"
    """Others went first, or the pause after the last message was not over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAhead:
    """One step that a contact still has before them, its condition already decided."""

    id: str
    timing: Timing = AT_ONCE
    is_skipped: bool = False
    """Its condition is false for this contact: its wait counts, it sends nothing."""
    is_task: bool = False
    waits_for_person: bool = False
    """A task whose end only a person knows: nothing after it has a date."""
    needs_approval: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An enrollment with steps left, as it stands now."""

    id: int
    """The enrollment's: decides between messages that have waited equally long."""
    address: str
    address_key: str
    sequence: str
    round: int
    mailbox: str
    place: Place
    window: Window
    steps: tuple[StepAhead, ...]
    """The step that comes next, then those after it."""
    anchor_at: datetime
    """From which the first step's wait runs."""
    due_at: datetime | None = None
    """When the first step is due where that is known (a row of the outbox, `next_at`); else computed."""
    not_before: datetime | None = None
    """The end of a hold, or the retry of a deferred message; it keeps its place in the queue."""
    is_follow_up: bool = False
    """The contact has been written to already; later steps are follow-ups by themselves."""
    held: str = ""
    """Why it has no date: held for a person, awaiting approval, suppressed … in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMessage:
    """One message and the instant at which it will leave."""

    contact: str
    """Address."""
    sequence: str
    step: str
    mailbox: str
    due_at: datetime
    """UTC; window, gap and cap included."""
    zone: str
    """The buyer's, IANA."""
    gates: tuple[Gate, ...] = ()
    enrollment_id: int
    round: int = 1
    is_zone_guessed: bool = False

    @property
    def local_time(self) -> datetime:
        """The same instant by the buyer's clock."""
        return self.due_at.astimezone(zone_info(self.zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """A step that has no date, and why."""

    contact: str
    sequence: str
    step: str
    mailbox: str
    reason: str
    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedStep:
    """A step that will be passed over because it has no time, or none that is not too late."""

    contact: str
    sequence: str
    step: str
    mailbox: str
    reason: SkipReason
    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What leaves within the span asked for, in order of time, and what waits without a date."""

    messages: tuple[PlannedMessage, ...]
    held: tuple[HeldMessage, ...]
    skipped: tuple[SkippedStep, ...] = ()
    """In no order; what `when` skips is not among them."""
