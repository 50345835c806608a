"""Deliver in batches: a mailbox without a gap claims many messages in one durable commit.

What happens to each of them is then marked in commits that a killed process leaves behind, and a power cut
may take: a batch found under another boot of the machine is `unsure` (docs/decisions.md).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sequencer.config import Window
from sequencer.core.contact import Contact
from sequencer.core.outbox import Attachment, Headers, OutboxRow, OutboxState
from sequencer.core.pacing import ROLLING_DAY
from sequencer.core.ports import Outcome, Outgoing, Released, Sent
from sequencer.core.progress import Rhythm, Standing, closes_at, standing_after
from sequencer.core.sequence import Sequence as Steps
from sequencer.core.zones import Place
from sequencer.errors import SequencerError
from sequencer.flows import own_gates, settle
from sequencer.flows.assemble import assemble_for, mint_after
from sequencer.flows.await_copies import copies_due_in
from sequencer.flows.compose import leaves_as_it_stands
from sequencer.flows.deliver_one import Stop, deliver_one, stop_after
from sequencer.flows.engine import Desk
from sequencer.flows.settle_batch import settle_sent
from sequencer.store import contacts, gates, ledger, outbox
from sequencer.store.engine import Marks, Tx, chunks
from sequencer.store.gates import Gate
from sequencer.store.ledger import Attempt

BATCH = 50
"""Messages claimed at once: what a stop or a fault of the server has to give back."""
_NO_GAP = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A message that nothing holds back, put together."""

    attempt: Attempt
    headers: Headers
    outgoing: Outgoing
    sequence: Steps
    rhythm: Rhythm

    def standing_after(self, sent_at: datetime) -> Standing | None:
        """Where its enrollment stands once it was sent; SequencerError when that can't be told."""
        return standing_after(self.sequence, self.attempt.row.step, sent_at, self.rhythm)


def sends_batches(desk: Desk) -> bool:
    """Whether nothing is to pass between the mailbox's messages, and a power cut would be noticed."""
    mailbox = desk.mailbox
    has_gap = mailbox.min_gap_in > _NO_GAP or mailbox.gap_jitter_in > _NO_GAP
    return not has_gap and desk.engine.machine_boot is not None


def deliver_batch(desk: Desk, waiting: Sequence[int], *, may_ask_for_read: bool) -> tuple[int, Stop | None]:
    """Hand these over, in order as far as they are ready; how many left, and what keeps the others."""
    handed_over = 0
    with desk.engine.store.marks() as marks:
        for ids in chunks(waiting, BATCH):
            if desk.stop.is_set():
                break
            ready, others = _look(desk, ids)
            left, kept_back, stop = _send(desk, marks, ready)
            handed_over += left
            for row in () if stop else (*kept_back, *others):
                result = deliver_one(desk, row, may_ask_for_read=may_ask_for_read)
                if isinstance(result, Stop):
                    stop = result
                    break
                handed_over += result
            if stop is not None:
                return handed_over, stop
    return handed_over, None


def _look(desk: Desk, ids: Sequence[int]) -> tuple[list[_Ready], list[OutboxRow]]:
    """What may leave as it stands, and the rest, which is looked at one by one."""
    now = desk.engine.clock.now()
    ready: list[_Ready] = []
    others: list[OutboxRow] = []
    with desk.engine.store.read() as tx:
        rows = [
            row for row in outbox.by_ids(tx, ids) if row.state in (OutboxState.READY, OutboxState.DEFERRED)
        ]
        look = _look_up(desk, tx, rows, now)
        for row in rows:
            one = look.put_together(row)
            if one is None:
                others.append(row)
            else:
                ready.append(one)
    return ready, others


def _look_up(desk: Desk, tx: Tx, rows: Sequence[OutboxRow], now: datetime) -> "_Look":
    in_thread = {row.enrollment_id for row in rows if row.content.subject is None and not row.headers}
    return _Look(
        desk=desk,
        tx=tx,
        now=now,
        people=contacts.contacts_of(tx, {row.contact_id for row in rows}),
        shut=gates.shut_gates(tx, [row.id for row in rows], desk.gate_limits(now), but=Gate.CAP),
        threads=outbox.of_enrollments(tx, in_thread) if in_thread else {},
    )


@dataclass(slots=True, kw_only=True)
class _Look:
    """What is known at one moment of the messages of a batch."""

    desk: Desk
    tx: Tx
    now: datetime
    people: dict[int, Contact]
    shut: dict[int, list[Gate]]
    threads: dict[int, list[OutboxRow]]
    files: dict[str, Attachment] = field(default_factory=dict)
    windows: dict[tuple[Window, Place], datetime | None] = field(default_factory=dict)
    """When a window that is open closes, by whose it is; None: it is closed."""

    def put_together(self, row: OutboxRow) -> _Ready | None:
        """The message with its bytes; None when something about it has to be looked into."""
        contact, engine = self.people.get(row.contact_id), self.desk.engine
        if contact is None or self.shut[row.id] or own_gates.is_left_out(engine, row.address_key):
            return None
        try:
            sequence = engine.version(self.tx, row.version_hash).sequence
            rhythm = engine.rhythm(contact, sequence)
            until = self._closes_at(rhythm)
            if until is None or not leaves_as_it_stands(engine, row, self.now, self.files):
                return None
            mailbox, earlier = self.desk.mailbox, self.threads.get(row.enrollment_id, ())
            headers = row.headers or mint_after(earlier, mailbox, row, self.now)
            outgoing = assemble_for(contact, engine, mailbox, row, headers)
        except SequencerError:
            return None
        attempt = settle.new_attempt(engine, row, rhythm.window.name, until, in_batch=True)
        return _Ready(attempt=attempt, headers=headers, outgoing=outgoing, sequence=sequence, rhythm=rhythm)

    def _closes_at(self, rhythm: Rhythm) -> datetime | None:
        whose = (rhythm.window, rhythm.place)
        if whose not in self.windows:
            self.windows[whose] = closes_at(self.now, rhythm)
        return self.windows[whose]


def _send(desk: Desk, marks: Marks, ready: Sequence[_Ready]) -> tuple[int, list[OutboxRow], Stop | None]:
    """Claim and hand over: how many left, what was given back unsent, and why nothing more may leave."""
    if not ready:
        return 0, [], None
    batch, used = _claim(desk, ready)
    with desk.engine.store.read() as tx:
        copies = copies_due_in(tx, desk.mailbox, desk.files_sent)
    waiting, left, stop, outcome = deque(batch), 0, None, None
    while waiting and stop is None and not desk.stop.is_set() and not isinstance(outcome, Released):
        one = waiting.popleft()
        outcome, was_marked = _hand_over(desk, marks, one, used + left)
        left += was_marked
        is_written = isinstance(outcome, Sent) and settle_sent(
            desk, marks, one.attempt, outcome, next_standing=one.standing_after, copies=copies
        )
        if not is_written:
            settle.settle(desk, one.attempt, outcome, was_marked=was_marked)
            stop = stop_after(desk, outcome)
    kept_back = [one.attempt for one in waiting]
    if batch:
        settle.end_batch(desk, len(batch), kept_back)
    if stop is not None:
        return left, [], stop
    if len(batch) < len(ready) and used + len(batch) >= desk.mailbox.daily_cap:
        with desk.engine.store.read() as tx:
            return (
                left,
                [],
                Stop(again_at=own_gates.cap_use(tx, desk.mailbox, desk.engine.clock.now()).opens_at),
            )
    return left, [attempt.row for attempt in kept_back], None


def _claim(desk: Desk, ready: Sequence[_Ready]) -> tuple[list[_Ready], int]:
    """Claim as many as the cap has room for, durably; those, and what the cap had counted before."""
    with desk.engine.store.write() as tx:
        now = desk.engine.clock.now()
        used = outbox.count_sending(tx, desk.mailbox.name, now - ROLLING_DAY)
        wanted = ready[: max(0, desk.mailbox.daily_cap - used)]
        claimed = ledger.claim_all(tx, [(one.attempt, one.headers) for one in wanted], now)
    ours = {attempt.attempt_id for attempt in claimed}
    return [one for one in wanted if one.attempt.attempt_id in ours], used


def _hand_over(desk: Desk, marks: Marks, one: _Ready, used: int) -> tuple[Outcome, bool]:
    """Dial and mark `sending` at the last moment; what came of it, and whether it was marked."""
    was_marked, until = False, one.attempt.window_until

    def may_send() -> bool:
        nonlocal was_marked
        with marks.write() as tx:
            # Read with the lock in hand: waiting for it makes no reading of an inbox younger.
            moment = desk.engine.clock.now()
            is_open = not desk.stop.is_set() and (until is None or moment < until)
            was_marked = is_open and ledger.mark_sending(
                tx, one.attempt, desk.gate_limits(moment), moment, used=used
            )
        return was_marked

    return desk.courier.send(one.outgoing, may_send), was_marked
