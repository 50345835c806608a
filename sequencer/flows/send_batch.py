"""Send a batch: claimed in one durable commit, then marked, handed over and settled one after the other."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sequencer.core.caps import CapKind
from sequencer.core.outbox import Headers
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.ports import Outcome, Outgoing, Released, Sent
from sequencer.flows import settle
from sequencer.flows.await_copies import copies_due_in
from sequencer.flows.cap_room import counts_until, room_for
from sequencer.flows.deliver_one import Stop, keep_back, stop_after
from sequencer.flows.engine import Desk
from sequencer.flows.settle_batch import Course, LastSent
from sequencer.store import ledger, outbox
from sequencer.store.engine import Marks, MarkTx, Tx
from sequencer.store.ledger import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A message that nothing holds back, put together."""

    course: Course
    headers: Headers
    outgoing: Outgoing

    def counted(self, caps: Mapping[str, Sequence[int]], until: datetime | None) -> "Ready":
        """With what its caps counted."""
        attempt = replace(self.course.attempt, caps=caps or None, caps_until=until)
        return replace(self, course=replace(self.course, attempt=attempt))


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBatch:
    """What a batch came to."""

    handed_over: int = 0
    kept_back: Sequence[int] = ()
    """Outbox ids of what was given back, or not claimed after all: to be looked at one by one."""
    stop: Stop | None = None
    """Why nothing more may leave."""


class BatchSender:
    """Sends the batches of one round of delivering."""

    def __init__(self, desk: Desk, marks: Marks) -> None:
        self._desk = desk
        self._marks = marks
        self._used: int | None = None
        """What counts against the cap at most; None: to be counted."""
        self._unended = 0
        """How many messages were claimed whose end is not recorded yet."""

    def forget_use(self) -> None:
        """Something else sent for the mailbox: count anew."""
        self._used = None

    def send(self, ready: Sequence[Ready]) -> SentBatch:
        """Claim and hand over, in order, as many as the caps have room for."""
        if not ready:
            return SentBatch()
        desk = self._desk
        batch, used = self._claim(ready)
        waiting, left, stop = self._hand_over_all(batch, used)
        self._used = used + left
        if waiting:
            desk.courier.close()  # the next one's envelope may have left already
        kept_back = [one.course.attempt for one in waiting]
        self._unended += len(batch)
        if kept_back or stop is not None or len(batch) < len(ready):
            self.end(kept_back)
        if stop is not None:
            return SentBatch(handed_over=left, stop=stop)
        ours = {one.course.attempt.row.id for one in batch}
        others = [one.course.attempt.row for one in ready if one.course.attempt.row.id not in ours]
        stop, with_room = keep_back(desk, others) if others else (None, [])
        again = [*(one.row.id for one in kept_back), *with_room]
        is_over = stop is not None and not stop.is_of_new
        return SentBatch(handed_over=left, kept_back=() if is_over else again, stop=stop)

    def end(self, unsent: Sequence[Attempt] = ()) -> None:
        """Make what became of the messages durable where no further claim does; give `unsent` back."""
        if self._unended:
            settle.end_batch(self._desk, self._unended, unsent)
        self._unended = 0

    def _claim(self, ready: Sequence[Ready]) -> tuple[list[Ready], int]:
        """Claim them durably, and the batch before ends; those claimed, and what counted against the cap.

        Rows leave the count as they grow old, so that what was counted and sent since is never too little.
        """
        desk = self._desk
        with desk.engine.store.write() as tx:
            now = desk.engine.clock.now()
            used, cap = self._used, desk.gate_limits(now).cap
            if used is None or used + len(ready) > cap:
                used = outbox.count_sending(tx, desk.mailbox.name, now - ROLLING_DAY)
            wanted = self._with_room(tx, ready[: max(0, cap - used)], now)
            claimed = ledger.claim_all(tx, [(one.course.attempt, one.headers) for one in wanted], now)
            if self._unended:
                ledger.end_batch(tx, desk.mailbox.name, self._unended, now)
        self._unended = 0
        ours = {attempt.attempt_id for attempt in claimed}
        return [one for one in wanted if one.course.attempt.attempt_id in ours], used

    def _with_room(self, tx: Tx, ready: Sequence[Ready], now: datetime) -> list[Ready]:
        """Those for which the other caps have room; each counts for those after it."""
        desk, rows = self._desk, [one.course.attempt.row for one in ready]
        room = room_for(desk.engine, tx, desk.mailbox, rows, now, but=CapKind.MAILBOX)
        until = counts_until(desk.engine.caps_of(desk.mailbox), now)
        counted = ((one, room.take(row)) for one, row in zip(ready, rows, strict=True))
        return [one.counted(caps, until) for one, caps in counted if caps is not None]

    def _hand_over_all(self, batch: Sequence[Ready], used: int) -> tuple[Sequence[Ready], int, Stop | None]:
        """Those that were not sent, how many left, and why nothing more may leave."""
        desk = self._desk
        with desk.engine.store.read() as tx:
            copies = copies_due_in(tx, desk.mailbox, desk.files_sent)
        last = LastSent(desk, self._marks, copies)
        waiting, left, stop, outcome = deque(batch), 0, None, None
        try:
            while waiting and stop is None and not desk.stop.is_set() and not isinstance(outcome, Released):
                one = waiting.popleft()
                then = waiting[0].outgoing if waiting else None
                outcome, was_marked = self._hand_over(one, then, last, used + left)
                left += was_marked
                if not (isinstance(outcome, Sent) and last.keep(one.course, outcome)):
                    last.write()
                    settle.settle(desk, one.course.attempt, outcome, was_marked=was_marked)
                    stop = stop_after(desk, outcome)
        except Exception:
            last.write()
            raise
        last.write()
        return waiting, left, stop

    def _hand_over(
        self, one: Ready, then: Outgoing | None, last: LastSent, used: int
    ) -> tuple[Outcome, bool]:
        """Dial and mark `sending` at the last moment; what came of it, and whether it was marked."""
        was_marked = False

        def may_send() -> bool:
            nonlocal was_marked
            with self._marks.write() as tx:
                was_marked = self._mark(tx, one, used)
            return was_marked

        def may_send_after() -> bool:
            nonlocal was_marked
            try:
                with self._marks.write() as tx:
                    has_written = last.write_in(tx)
                    was_marked = self._mark(tx, one, used)
            except Exception:
                if not last.is_waiting:
                    raise
                was_marked = False
                last.write()
                return may_send()
            if has_written:
                last.was_written()
            return was_marked

        outcome = self._desk.courier.send(one.outgoing, may_send_after, then=then, idle=last.write)
        return outcome, was_marked

    def _mark(self, tx: MarkTx, one: Ready, used: int) -> bool:
        desk, attempt = self._desk, one.course.attempt
        until = attempt.window_until
        # Read with the lock in hand: waiting for it makes no reading of an inbox younger.
        moment = desk.engine.clock.now()
        is_open = not desk.stop.is_set() and (until is None or moment < until)
        return is_open and ledger.mark_sending(tx, attempt, desk.gate_limits(moment), moment, used=used)
