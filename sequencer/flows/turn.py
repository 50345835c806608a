"""Turn: which messages of a mailbox go before one, and how long they keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.config import Mailbox
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.pacing import PickKey, pick_order
from sequencer.errors import SequencerError
from sequencer.flows import own_gates
from sequencer.flows.cap_room import room_for
from sequencer.flows.engine import Engine
from sequencer.flows.next_message import NextMessage
from sequencer.store import gates, outbox, outbox_list, written
from sequencer.store.engine import Tx
from sequencer.store.gates import Gate

_LOOKED_AT = 50
"""Messages ahead that are looked at one by one; with more, the wait is told a little too short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The due messages of the mailbox that `deliver` looks at before this one, their window open."""

    due: tuple[OutboxRow, ...] = ()
    leaving: tuple[OutboxRow, ...] = ()
    """Those of them that may leave now."""
    over_at: datetime
    """When they have left, each after its pause, and this one's pause is over."""
    holds_back: bool = False
    """This one does not leave in the same turn."""


def ahead_of(engine: Engine, tx: Tx, mailbox: Mailbox, message: NextMessage, now: datetime) -> Ahead:
    """What goes first in the mailbox's queue; nothing before the message itself is due."""
    if not _is_in_queue(message, now):
        return Ahead(over_at=now)
    ids = outbox.due_ids(tx, mailbox.name, now)[: _LOOKED_AT + 1]
    found = {row.id: row for row in outbox_list.listed(tx, outbox_list.Filter(ids=ids))}
    queue = [found[row_id] for row_id in ids]
    due = tuple(row for row in _before(tx, message.row, queue) if _is_let_out(engine, tx, row, now))
    room = room_for(engine, tx, mailbox, [*due, message.row], now)
    has_room = room.kept_back(message.row) is None
    # What leaves counts for what comes after it.
    leaving = tuple(
        row for row in due if _may_leave(engine, tx, mailbox, row, now) and room.take(row) is not None
    )
    pauses = [own_gates.pause_before(engine, mailbox, row) for row in (*leaving[1:], message.row)]
    kept = room.kept_back(message.row) if has_room else None
    span = sum(pauses, timedelta(0))
    return Ahead(
        due=due,
        leaving=leaving,
        over_at=max(now + span, kept.opens_at if kept else now),
        holds_back=bool(leaving) and (span > timedelta(0) or kept is not None),
    )


def _is_in_queue(message: NextMessage, now: datetime) -> bool:
    row = message.row
    is_put_off = row.retry_at is not None and row.retry_at > now
    return row.due_at <= now and not is_put_off and not message.step.is_task


def _before(tx: Tx, row: OutboxRow, queue: Sequence[OutboxRow]) -> tuple[OutboxRow, ...]:
    known = [one.id for one in queue]
    if row.id in known:
        return tuple(queue[: known.index(row.id)])
    followed_up = written.last_by_contact(tx, {one.contact_id for one in (*queue, row)}).keys()

    def place(one: OutboxRow) -> PickKey:
        is_follow_up = one.contact_id in followed_up
        return pick_order(is_follow_up=is_follow_up, due_at=one.due_at, id=one.enrollment_id)

    return tuple(one for one in queue if place(one) < place(row))


def _is_let_out(engine: Engine, tx: Tx, row: OutboxRow, now: datetime) -> bool:
    """Whether its pause holds others back: one that its window or the rehearsal list keeps is passed over."""
    if own_gates.is_left_out(engine, row.address_key):
        return False
    try:
        opening = own_gates.opening(engine, tx, row, now)
    except SequencerError:
        return False
    return opening is not None and opening.is_open


def _may_leave(engine: Engine, tx: Tx, mailbox: Mailbox, row: OutboxRow, now: datetime) -> bool:
    if row.state not in (OutboxState.READY, OutboxState.DEFERRED):
        return False
    # An inbox that is too old is read before the mailbox sends.
    shut = gates.closed_gates(tx, row.id, engine.gate_limits(mailbox, now))
    return not set(shut) - {Gate.INBOX}
