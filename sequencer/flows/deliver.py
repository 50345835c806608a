"""Deliver: what is due leaves, one by one as the pace allows, or in batches where there is no pace."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.flows import own_gates
from sequencer.flows.cap_room import learn_ramp
from sequencer.flows.deliver_batch import deliver_batch, sends_batches
from sequencer.flows.deliver_one import Stop, deliver_one, let_out
from sequencer.flows.engine import Desk
from sequencer.store import outbox, slow_down


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one round of delivering came to."""

    handed_over: int = 0
    again_at: datetime | None = None
    """When pace or cap next allow a message; None: they hold nothing back."""
    needs_read: bool = False
    """The mailbox's own reading got too old for the gate: read, then deliver again."""


def deliver_due(desk: Desk, *, may_ask_for_read: bool = True) -> Delivered:
    """Hand over what is due, as far as pace and gates allow, until nothing is left or `desk.stop` is set.

    Each message is looked at once. Without `may_ask_for_read` one that needs this mailbox read again waits.
    """
    with desk.engine.store.read() as tx:
        now = desk.engine.clock.now()
        asked = slow_down.asked_of(tx, desk.mailbox.name, now)
        due = outbox.due_ids(tx, desk.mailbox.name, now) if asked is None else ()
        learn_ramp(desk.engine, tx, desk.mailbox)
    waiting = array("q", due)  # 8 bytes each: a list of ints has 40
    del due
    if asked is not None:
        return Delivered(again_at=asked.until)
    if sends_batches(desk):
        handed_over, stop = deliver_batch(desk, waiting, may_ask_for_read=may_ask_for_read)
    else:
        handed_over, stop = _one_by_one(desk, waiting, may_ask_for_read=may_ask_for_read)
    if stop is None or (stop.is_of_new and handed_over):
        # Whoever has got a first mail by now may have a follow-up due: that goes before other first mails.
        return Delivered(handed_over=handed_over)
    return Delivered(handed_over=handed_over, again_at=stop.again_at, needs_read=stop.needs_read)


def _one_by_one(desk: Desk, waiting: Sequence[int], *, may_ask_for_read: bool) -> tuple[int, Stop | None]:
    handed_over = 0
    for row_id in waiting:
        if desk.stop.is_set():
            break
        with desk.engine.store.read() as tx:
            row = outbox.by_id(tx, row_id)
        if row is None or row.state not in (OutboxState.READY, OutboxState.DEFERRED):
            continue
        result = _pace(desk, row)
        if result is None:
            result = deliver_one(desk, row, may_ask_for_read=may_ask_for_read)
        if isinstance(result, Stop):
            return handed_over, result
        handed_over += result
    return handed_over, None


def _pace(desk: Desk, row: OutboxRow) -> bool | Stop | None:
    """The gap since the mailbox's last message; None: it is over.

    False: its window is closed, so that its pause keeps nobody back; nor does one during which it closes.
    """
    now = desk.engine.clock.now()
    with desk.engine.store.read() as tx:
        allowed_at = own_gates.gap_over_at(desk.engine, tx, desk.mailbox, row, now)
    if now >= allowed_at:
        return None
    opening = let_out(desk, row, now)
    if opening is None:
        return False
    closes_at = opening.closes_at(now)
    is_first = closes_at is not None and now < closes_at < allowed_at
    return Stop(again_at=closes_at if is_first else allowed_at)
