"""Deliver in batches: a mailbox without a gap claims many messages in one durable commit.

What happens to each of them is then marked in commits that a killed process leaves behind, and a power cut
may take: a batch found under another boot of the machine is `unsure` (docs/decisions.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from sequencer.config import Window
from sequencer.core.contact import Contact
from sequencer.core.outbox import Attachment, OutboxRow, OutboxState
from sequencer.core.progress import Rhythm, closes_at
from sequencer.core.zones import Place
from sequencer.errors import SequencerError
from sequencer.flows import own_gates, settle
from sequencer.flows.assemble import assemble_for, mint_after
from sequencer.flows.compose import leaves_as_it_stands
from sequencer.flows.deliver_one import Stop, deliver_one
from sequencer.flows.engine import Desk
from sequencer.flows.send_batch import BatchSender, Ready
from sequencer.flows.settle_batch import Course
from sequencer.store import contacts, gates, outbox
from sequencer.store.engine import Tx, chunks
from sequencer.store.gates import Gate

BATCH = 50
"""Messages claimed at once: what a stop or a fault of the server has to give back."""
_NO_GAP = timedelta(0)
_LEAVES = (OutboxState.READY, OutboxState.DEFERRED)


def sends_batches(desk: Desk) -> bool:
    """Whether nothing is to pass between the mailbox's messages, and a power cut would be noticed."""
    mailbox = desk.mailbox
    has_gap = mailbox.min_gap_in > _NO_GAP or mailbox.gap_jitter_in > _NO_GAP
    return not has_gap and desk.engine.machine_boot is not None


def deliver_batch(desk: Desk, waiting: Sequence[int], *, may_ask_for_read: bool) -> tuple[int, Stop | None]:
    """Hand these over in their order; how many left, and what keeps the others.

    Whoever waits longer is not overtaken for having to be looked into: the cap may be reached meanwhile.
    """
    with desk.engine.store.marks() as marks:
        sender = BatchSender(desk, marks)
        done = _send_all(desk, sender, waiting, may_ask_for_read=may_ask_for_read)
        sender.end()
    return done


def _send_all(
    desk: Desk, sender: BatchSender, waiting: Sequence[int], *, may_ask_for_read: bool
) -> tuple[int, Stop | None]:
    handed_over = 0
    for ids in chunks(waiting, BATCH):
        left, stop = _send(desk, sender, ids, may_ask_for_read=may_ask_for_read)
        handed_over += left
        if stop is not None or desk.stop.is_set():
            return handed_over, stop
    return handed_over, None


def _send(
    desk: Desk, sender: BatchSender, ids: Sequence[int], *, may_ask_for_read: bool
) -> tuple[int, Stop | None]:
    """One batch, whose rows and bytes are given up on return, before the next is looked at."""
    handed_over = 0
    for _is_ready, run in groupby(_look(desk, ids), key=lambda one: isinstance(one, Ready)):
        if desk.stop.is_set():
            break
        left, stop = _deliver_run(desk, sender, list(run), may_ask_for_read=may_ask_for_read)
        handed_over += left
        if stop is not None:
            return handed_over, stop
    return handed_over, None


def _deliver_run(
    desk: Desk, sender: BatchSender, run: Sequence[Ready | OutboxRow], *, may_ask_for_read: bool
) -> tuple[int, Stop | None]:
    """Those that follow each other and are all ready, or all to be looked at one by one."""
    batch = sender.send([one for one in run if isinstance(one, Ready)])
    handed_over = batch.handed_over
    if batch.stop is not None and not batch.stop.is_of_new:
        return handed_over, batch.stop
    others = [one for one in run if not isinstance(one, Ready)]
    for row in (*_anew(desk, batch.kept_back), *others):
        sender.forget_use()
        result = deliver_one(desk, row, may_ask_for_read=may_ask_for_read)
        if isinstance(result, Stop):
            return handed_over, result
        handed_over += result
    return handed_over, batch.stop


def _anew(desk: Desk, ids: Sequence[int]) -> list[OutboxRow]:
    """As they stand by now: their claim gave them an attempt and a Message-ID."""
    if not ids:
        return []
    with desk.engine.store.read() as tx:
        return [row for row in outbox.by_ids(tx, ids) if row.state in _LEAVES]


def _look(desk: Desk, ids: Sequence[int]) -> list[Ready | OutboxRow]:
    """What may leave as it stands, put together, and what is to be looked at one by one, in order."""
    now = desk.engine.clock.now()
    with desk.engine.store.read() as tx:
        rows = [row for row in outbox.by_ids(tx, ids) if row.state in _LEAVES]
        look = _look_up(desk, tx, rows, now)
        return [look.put_together(row) or row for row in rows]


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

    def put_together(self, row: OutboxRow) -> Ready | None:
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
        course = Course(attempt=attempt, sequence=sequence, rhythm=rhythm)
        return Ready(course=course, headers=headers, outgoing=outgoing)

    def _closes_at(self, rhythm: Rhythm) -> datetime | None:
        whose = (rhythm.window, rhythm.place)
        if whose not in self.windows:
            self.windows[whose] = closes_at(self.now, rhythm)
        return self.windows[whose]
