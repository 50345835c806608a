"""The forecast: what is asked of the planner, and what it says leaves when and what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sequencer.config import Window
from sequencer.core.caps import Cap, CapKind
from sequencer.core.timing import AT_ONCE, SkipReason, Timing
from sequencer.core.wall_time import zone_info
from sequencer.core.zones import Place


class Gate(StrEnum):
    """What a planned message must pass, and what keeps it after it is due."""

    INBOX = "inbox"
    """A follow-up: every mailbox that wrote to the contact is read first."""
    TASK = "task"
    """A task comes before it; the plan takes it to be done on its due date, an overdue one at once."""
    APPROVAL = "approval"
    """A person approves it first; the plan takes the approval to come in time."""
    WINDOW = "window"
    """Due in closed hours, or its window closed before its turn came."""
    CAP = "cap"
    """The mailbox had sent its 24 hours' worth."""
    DATE_CAP = "date cap"
    """The mailbox had sent its date's worth."""
    NEW_CONTACTS = "new contacts"
    """A first mail, and the mailbox had sent its 24 hours' worth of those."""
    GROUP = "group"
    """The mailboxes of its group had sent their 24 hours' worth."""
    COMPANY = "company"
    """As many had gone to its company within 24 hours as may."""
    CONTACT = "contact"
    """As many had gone to this contact within 24 hours as may."""
    GAP = "gap"
    """Others went first, or the pause after the last message was not over."""


GATE_OF: Mapping[CapKind, Gate] = MappingProxyType(
    {
        CapKind.MAILBOX: Gate.CAP,
        CapKind.DATE: Gate.DATE_CAP,
        CapKind.NEW: Gate.NEW_CONTACTS,
        CapKind.GROUP: Gate.GROUP,
        CapKind.COMPANY: Gate.COMPANY,
        CapKind.CONTACT: Gate.CONTACT,
    }
)
"""Which gate a cap is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAhead:
    """One step that a contact still has before them, its condition already decided."""

    id: str
    timing: Timing = AT_ONCE
    is_skipped: bool = False
    """Its condition is false for this contact: its wait counts, it sends nothing."""
    is_task: bool = False
    waits_for_person: bool = False
    """A task that the steps after it wait for: taken to be done when it is due, an overdue one at once."""
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
    """When the first step is due where that is known (its message or task, `next_at`); else computed."""
    not_before: datetime | None = None
    """The end of a hold, or the retry of a deferred message; it keeps its place in the queue."""
    is_follow_up: bool = False
    """The contact has been written to already; later steps are follow-ups by themselves."""
    caps: tuple[Cap, ...] = ()
    """What bounds the messages to this contact and their company, whoever writes."""
    held: str = ""
    """Why it has no date: held for a person, suppressed, unsure … in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMessage:
    """One message and the instant at which it will leave."""

    contact: str
    """Address."""
    sequence: str
    step: str
    mailbox: str
    due_at: datetime
    """UTC; window, gap and caps included."""
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
class LaterMessage:
    """A message that is due within the span and leaves after it."""

    contact: str
    sequence: str
    step: str
    mailbox: str
    gates: tuple[Gate, ...]
    """What keeps it; never empty."""
    is_follow_up: bool
    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A cap that keeps messages of a mailbox back, and since when."""

    mailbox: str
    cap: Cap
    """Of several contacts' or companies', the first that did."""
    at: datetime
    """When it first kept one that nothing else kept."""

    @property
    def gate(self) -> Gate:
        return GATE_OF[self.cap.kind]


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
    later: tuple[LaterMessage, ...] = ()
    """By mailbox; what is due within the span and does not leave in it."""
    bindings: tuple[Binding, ...] = ()
    """By time and mailbox; one for each mailbox and kind of cap."""
    caps: Mapping[str, tuple[Cap, ...]] = field(default_factory=dict)
    """By mailbox that has something to send: what bounds it, a ramp begun with the first planned message."""

    def since(self, at: datetime) -> "Forecast":
        """The same without what leaves before `at`, and without caps that keep nothing any more by then."""
        messages = tuple(one for one in self.messages if one.due_at >= at)
        kept = {(one.mailbox, gate) for one in messages for gate in one.gates}
        kept |= {(one.mailbox, gate) for one in self.later for gate in one.gates}
        bindings = tuple(one for one in self.bindings if (one.mailbox, one.gate) in kept)
        return replace(self, messages=messages, bindings=bindings)

    def rest_on(self, gate: Gate) -> int:
        """How many messages pass this gate; of `TASK` and `APPROVAL`, how many rest on what a person does."""
        return sum(gate in message.gates for message in self.messages)
