"""The planner: walks enrollments through their steps by the waits, windows and pacing the daemon goes by."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sequencer.config import Closure
from sequencer.core.calendar import NeverOpens, add_wait, due_at
from sequencer.core.cap_counts import CapCounts
from sequencer.core.caps import CapKey
from sequencer.core.due import Due
from sequencer.core.forecast import (
    Binding,
    Forecast,
    Gate,
    HeldMessage,
    LaterMessage,
    Pending,
    PlannedMessage,
    SkippedStep,
    StepAhead,
)
from sequencer.core.mailbox_queue import Expired, MailboxPace, MailboxQueue, Queued, SentNext
from sequencer.core.timing import SkipReason
from sequencer.core.wall_time import aware


def forecast(
    pending: Iterable[Pending],
    mailboxes: Mapping[str, MailboxPace],
    *,
    start: datetime,
    until: datetime,
    closures: Sequence[Closure],
    sender_zone: str,
    key: bytes,
    spent: Mapping[CapKey, Sequence[datetime]] | None = None,
) -> Forecast:
    """What leaves from `start` (included) to `until` (excluded), later steps too.

    Each message is taken to be sent, at once and without an answer, at its planned instant; tasks are taken
    to be done when they are due (overdue ones at `start`) and approvals to be given at once. A mailbox
    sends the first of what is due (`pacing.pick_order`) as soon as this message's gap is over and the caps
    are open; it does not pass over the first one for another with a shorter gap. All mailboxes go forward
    together, for they share caps; at one instant in order of name. `key` is the workspace's, `spent` when
    messages were sent that count against caps of first mails, companies and contacts.
    """
    planner = _Planner(aware(start), aware(until), tuple(closures), sender_zone)
    counts = CapCounts(_spent(mailboxes.values(), spent or {}))
    queues: dict[str, MailboxQueue[_Planned]] = {}
    for item in pending:
        pace = mailboxes.get(item.mailbox)
        if reason := item.held or _closed_for_good(item.mailbox, pace):
            planner.hold(item, item.steps[0], reason)
        elif pace is not None:
            if pace.name not in queues:
                queues[pace.name] = MailboxQueue(
                    pace, key, planner.start, planner.closures, sender_zone, counts
                )
            planner.enqueue(queues[pace.name], item)
    planner.run(queues)
    return planner.told(queues)


def _spent(
    paces: Iterable[MailboxPace], others: Mapping[CapKey, Sequence[datetime]]
) -> dict[CapKey, list[datetime]]:
    """What was sent, by the caps it counts against: a group's is that of all its mailboxes."""
    spent = {key: list(times) for key, times in others.items()}
    for pace in paces:
        for cap in pace.caps:
            spent.setdefault(cap.key, []).extend(pace.sending_times)
    return spent


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
    rests_on_task: bool = False
    """A task before it was taken to be done."""

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
        self.mailboxes_of: dict[str, list[str]] = {}
        """By address key: the mailbox of each of their enrollments."""
        self.turns: list[tuple[datetime, str]] = []
        self.turn_of: dict[str, datetime | None] = {}
        """When each mailbox comes next; another time in `turns` is out of date."""

    def enqueue(self, queue: MailboxQueue[_Planned], item: Pending) -> None:
        """Put the next message of an enrollment into its mailbox's queue."""
        self.mailboxes_of.setdefault(item.address_key, []).append(item.mailbox)
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

    def run(self, queues: Mapping[str, MailboxQueue[_Planned]]) -> None:
        """Let the mailboxes send until the span ends, whoever comes first by time and name."""
        for name in sorted(queues):
            self._come(name, self.start)
        while self.turns and self.turns[0][0] < self.until:
            at, name = self.turns[0]
            if self.turn_of[name] != at:
                heapq.heappop(self.turns)
                continue
            happened = queues[name].advance(at)
            if happened is None or isinstance(happened, datetime):
                heapq.heappop(self.turns)
                self._come(name, happened)
            elif isinstance(happened, Expired):
                self._expire(queues[name], happened)
            else:
                self._send(queues[name], happened)
                self._follow_up(queues, happened)

    def _come(self, name: str, at: datetime | None) -> None:
        self.turn_of[name] = at
        if at is not None:
            heapq.heappush(self.turns, (at, name))

    def _follow_up(self, queues: Mapping[str, MailboxQueue[_Planned]], sent: SentNext[_Planned]) -> None:
        """After somebody's first mail the others they get are follow-ups, whoever sends them."""
        key = sent.message.pending.address_key
        if sent.is_follow_up or len(self.mailboxes_of[key]) == 1:
            return
        for name in sorted(set(self.mailboxes_of[key])):
            turn = self.turn_of[name]
            if queues[name].follow_up(key) and (turn is None or sent.at < turn):
                self._come(name, sent.at)

    def told(self, queues: Mapping[str, MailboxQueue[_Planned]]) -> Forecast:
        """All that was found, with what stands in the queues at the end."""
        later = []
        bindings: list[Binding] = []
        for _name, queue in sorted(queues.items()):
            for planned, reason in queue.never:
                self.hold(planned.pending, planned.step, reason)
            for queued, gates in queue.left(self.until):
                whose = _whose(queued.message.pending, queued.message.step)
                later.append(LaterMessage(**whose, gates=gates, is_follow_up=queued.is_follow_up))
            bindings.extend(queue.bindings.values())
        return Forecast(
            messages=tuple(self.messages),
            held=tuple(self.held),
            skipped=tuple(self.skipped),
            later=tuple(later),
            bindings=tuple(sorted(bindings, key=lambda one: (one.at, one.mailbox))),
            caps={name: queue.caps for name, queue in queues.items()},
        )

    def _expire(self, queue: MailboxQueue[_Planned], expired: Expired[_Planned]) -> None:
        planned, item = expired.message, expired.message.pending
        self._skip(item, planned.step, SkipReason.EXPIRED)
        anchor = add_wait(planned.anchor_at, planned.step.timing.wait, item.place)
        over, written, rests = planned.index + 1, planned.has_written, planned.rests_on_task
        self._walk(queue, item, over, anchor, from_=expired.at, has_written=written, rests_on_task=rests)

    def _send(self, queue: MailboxQueue[_Planned], sent: SentNext[_Planned]) -> None:
        planned, item = sent.message, sent.message.pending
        self.messages.append(
            PlannedMessage(
                **_whose(item, planned.step),
                due_at=sent.at,
                zone=item.place.zone,
                gates=_gates(sent.is_follow_up, planned, sent.waited_for),
                round=item.round,
                is_zone_guessed=item.place.is_guessed,
            )
        )
        over, rests = planned.index + 1, planned.rests_on_task
        self._walk(queue, item, over, sent.at, has_written=True, rests_on_task=rests)

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
        rests_on_task: bool = False,
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
                return self._add(queue, _Planned(item, at, anchor, has_written, rests_on_task), due, from_)
            ends_at = (item.due_at if at == 0 else None) or due.at
            anchor = max(ends_at, now) if step.waits_for_person else ends_at
            rests_on_task = rests_on_task or step.waits_for_person
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
                # What kept it before the plan begins is past.
                ready_at=max(due.at, item.not_before or due.at, from_ or due.at, self.start),
                is_follow_up=item.is_follow_up or planned.has_written,
                message_parts=(item.address_key, item.sequence, item.round, planned.step.id),
                caps=item.caps,
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


def _gates(is_follow_up: bool, planned: _Planned, waited_for: Sequence[Gate]) -> tuple[Gate, ...]:
    task = (Gate.TASK,) if planned.rests_on_task else ()
    person = (Gate.APPROVAL,) if planned.step.needs_approval else ()
    inbox = (Gate.INBOX,) if is_follow_up else ()
    return (*task, *person, *inbox, *waited_for)
