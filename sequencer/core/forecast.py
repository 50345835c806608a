"""The forecast: what leaves when, by the same waits, windows and pacing that the daemon goes by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sequencer.config import Closure, Window
from sequencer.core.calendar import NeverOpens, add_wait, due_at
from sequencer.core.due import Due
from sequencer.core.mailbox_queue import Expired, MailboxPace, MailboxQueue, Queued
from sequencer.core.timing import AT_ONCE, SkipReason, Timing
from sequencer.core.wall_time import aware, zone_info
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


def forecast(
    pending: Iterable[Pending],
    mailboxes: Mapping[str, MailboxPace],
    *,
    start: datetime,
    until: datetime,
    closures: Sequence[Closure],
    sender_zone: str,
    key: bytes,
) -> Forecast:
    """What leaves from `start` (included) to `until` (excluded), later steps too.

    Each message is taken to be sent, at once and without an answer, at its planned instant. A mailbox
    sends the first of what is due and open (`pacing.pick_order`) as soon as this message's gap is over and
    the cap is open; it does not pass over the first one for another with a shorter gap. `key` is the
    workspace's.
    """
    planner = _Planner(aware(start), aware(until), tuple(closures), sender_zone)
    queues: dict[str, MailboxQueue[_Planned]] = {}
    for item in pending:
        pace = mailboxes.get(item.mailbox)
        if reason := item.held or _closed_for_good(item.mailbox, pace):
            planner.hold(item, item.steps[0], reason)
        elif pace is not None:
            if pace.name not in queues:
                queues[pace.name] = MailboxQueue(pace, key, planner.start, planner.closures, sender_zone)
            planner.enqueue(queues[pace.name], item)
    for queue in queues.values():
        planner.run(queue)
    # A stable sort: what one mailbox sends at one instant stays in the order of its queue.
    planner.messages.sort(key=lambda message: (message.due_at, message.mailbox))
    return Forecast(
        messages=tuple(planner.messages), held=tuple(planner.held), skipped=tuple(planner.skipped)
    )


def _closed_for_good(mailbox: str, pace: MailboxPace | None) -> str:
    if pace is None:
        return f"mailbox {mailbox} is not in config.toml"
    return f"mailbox {mailbox} is paused: {pace.paused}" if pace.paused else ""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A message in a queue: whose it is, and which of their steps."""

    pending: Pending
    index: int
    anchor_at: datetime
    """From which its wait ran."""
    has_written: bool = False
    """A step before it was sent."""

    @property
    def step(self) -> StepAhead:
        return self.pending.steps[self.index]


class _Planner:
    """Walks enrollments through their steps, writing down what leaves and what waits."""

    def __init__(
        self, start: datetime, until: datetime, closures: tuple[Closure, ...], sender_zone: str
    ) -> None:
        self.start = start
        self.until = until
        self.closures = closures
        self.sender_zone = sender_zone
        self.messages: list[PlannedMessage] = []
        self.held: list[HeldMessage] = []
        self.skipped: list[SkippedStep] = []

    def enqueue(self, queue: MailboxQueue[_Planned], item: Pending) -> None:
        """Put the next message of an enrollment into its mailbox's queue."""
        first = item.steps[0]
        if item.due_at is None or first.is_skipped or first.is_task:
            return self._walk(queue, item, 0, item.anchor_at)
        expires_at = None
        if first.timing.may_be_skipped:
            # Its time may have been put off since, but not that from which on it is too late.
            try:
                due = self._due(item, first, item.anchor_at)
            except NeverOpens as never:
                return self.hold(item, first, str(never))
            if due.skipped:
                return self._walk(queue, item, 0, item.anchor_at)
            expires_at = due.expires_at
        return self._add(queue, _Planned(item, 0, item.anchor_at), Due(item.due_at, expires_at))

    def run(self, queue: MailboxQueue[_Planned]) -> None:
        """Let a mailbox send until the span ends."""
        while (sent := queue.send_next(self.until)) is not None:
            planned, item = sent.message, sent.message.pending
            if isinstance(sent, Expired):
                self._skip(item, planned.step, SkipReason.EXPIRED)
                anchor = add_wait(planned.anchor_at, planned.step.timing.wait, item.place)
                over = planned.index + 1
                self._walk(queue, item, over, anchor, from_=sent.at, has_written=planned.has_written)
                continue
            self.messages.append(
                PlannedMessage(
                    **_whose(item, planned.step),
                    due_at=sent.at,
                    zone=item.place.zone,
                    gates=_gates(sent.is_follow_up, planned.step, sent.waited_for),
                    round=item.round,
                    is_zone_guessed=item.place.is_guessed,
                )
            )
            self._walk(queue, item, planned.index + 1, sent.at, has_written=True)
        for planned, reason in queue.never:
            self.hold(planned.pending, planned.step, reason)

    def hold(self, item: Pending, step: StepAhead, reason: str) -> None:
        self.held.append(HeldMessage(**_whose(item, step), reason=reason))

    def _skip(self, item: Pending, step: StepAhead, reason: SkipReason) -> None:
        self.skipped.append(SkippedStep(**_whose(item, step), reason=reason))

    def _due(self, item: Pending, step: StepAhead, anchor: datetime) -> Due:
        return due_at(anchor, step.timing, item.window, item.place, self.closures, self.sender_zone)

    def _walk(
        self,
        queue: MailboxQueue[_Planned],
        item: Pending,
        index: int,
        anchor: datetime,
        *,
        from_: datetime | None = None,
        has_written: bool = False,
    ) -> None:
        """From the end of a step to the next one that sends, and into the queue.

        `from_` is when that end was noticed, of a step that expired: nothing leaves before it.
        """
        now = max(from_ or self.start, self.start)
        for at, step in enumerate(item.steps[index:], start=index):
            try:
                due = None if step.is_skipped else self._due(item, step, anchor)
            except NeverOpens as never:
                return self.hold(item, step, str(never))
            reason = _too_late(due, now) if due is not None else None
            if reason is not None:
                self._skip(item, step, reason)
            if due is None or reason is not None:
                # Two waits add up: the window counts only for what is really sent.
                anchor = add_wait(anchor, step.timing.wait, item.place)
                continue
            if not step.is_task:
                return self._add(queue, _Planned(item, at, anchor, has_written), due, from_)
            if step.waits_for_person:
                return self.hold(item, step, "waits for this task to be done")
            anchor = due.at
        return None

    def _add(
        self, queue: MailboxQueue[_Planned], planned: _Planned, due: Due, from_: datetime | None = None
    ) -> None:
        item = planned.pending
        queue.add(
            Queued(
                message=planned,
                id=item.id,
                due_at=due.at,
                ready_at=max(due.at, item.not_before or due.at, from_ or due.at),
                is_follow_up=item.is_follow_up or planned.has_written,
                message_parts=(item.address_key, item.sequence, item.round, planned.step.id),
                expires_at=due.expires_at,
            ),
            item.window,
            item.place,
        )


def _whose(item: Pending, step: StepAhead) -> dict[str, Any]:
    """What a planned message, one that waits and a skipped step all say of themselves."""
    return {
        "contact": item.address,
        "sequence": item.sequence,
        "step": step.id,
        "mailbox": item.mailbox,
        "enrollment_id": item.id,
    }


def _too_late(due: Due, now: datetime) -> SkipReason | None:
    if due.skipped is not None:
        return due.skipped
    is_late = due.expires_at is not None and max(now, due.at) >= due.expires_at
    return SkipReason.EXPIRED if is_late else None


def _gates(is_follow_up: bool, step: StepAhead, waited_for: Sequence[str]) -> tuple[Gate, ...]:
    person = (Gate.APPROVAL,) if step.needs_approval else ()
    inbox = (Gate.INBOX,) if is_follow_up else ()
    return (*person, *inbox, *(Gate(word) for word in waited_for))
