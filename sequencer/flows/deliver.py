"""Deliver: one due message at a time through the gates, claimed, handed over, settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sequencer.core.enrollment import FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.ports import MailboxFault, Outgoing
from sequencer.errors import SequencerError
from sequencer.flows import effects, mail_log, own_gates, settle
from sequencer.flows.assemble import assemble_row, mint_headers
from sequencer.flows.compose import Waits, refresh
from sequencer.flows.engine import Desk
from sequencer.flows.gate_words import gates_in_words
from sequencer.flows.tell import hold_and_tell
from sequencer.store import enrollments, gates, ledger, outbox
from sequencer.store.gates import Gate, UnreadMailbox
from sequencer.store.ledger import Attempt

LOOK_AGAIN_IN = timedelta(minutes=15)
"""A message that waits for a person or a setting is looked at this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one round of delivering came to."""

    handed_over: int = 0
    again_at: datetime | None = None
    """When pace or cap next allow a message; None: they hold nothing back."""
    needs_read: bool = False
    """The mailbox's own reading got too old for the gate: read, then deliver again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    """Nothing more may leave this mailbox now."""

    again_at: datetime | None = None
    needs_read: bool = False


def deliver_due(desk: Desk, *, may_ask_for_read: bool = True) -> Delivered:
    """Hand over what is due, as far as pace and gates allow, until nothing is left or `desk.stop` is set.

    Each message is looked at once. Without `may_ask_for_read` one that needs this mailbox read again waits.
    """
    handed_over = 0
    with desk.engine.store.read() as tx:
        waiting = outbox.due_ids(tx, desk.mailbox.name, desk.engine.clock.now())
    for row_id in waiting:
        if desk.stop.is_set():
            break
        with desk.engine.store.read() as tx:
            row = outbox.by_id(tx, row_id)
        if row is None or row.state not in (OutboxState.READY, OutboxState.DEFERRED):
            continue
        result = _pace(desk, row) or _deliver_one(desk, row, may_ask_for_read=may_ask_for_read)
        handed_over += result is True
        if isinstance(result, _Stop):
            return Delivered(handed_over=handed_over, again_at=result.again_at, needs_read=result.needs_read)
    return Delivered(handed_over=handed_over)


def _pace(desk: Desk, row: OutboxRow) -> _Stop | None:
    """The gap since the mailbox's last message."""
    now = desk.engine.clock.now()
    with desk.engine.store.read() as tx:
        allowed_at = own_gates.gap_over_at(desk.engine, tx, desk.mailbox, row, now)
    return _Stop(again_at=allowed_at) if now < allowed_at else None


def _deliver_one(desk: Desk, row: OutboxRow, *, may_ask_for_read: bool) -> bool | _Stop:
    """True: content was handed over. False: this message waits, the next may go."""
    now = desk.engine.clock.now()
    delay = _wait_for_window(desk, row, now) or _rehearsal_block(desk, row, now)
    if delay is not None:
        _explain(desk, row, *delay)
        return False
    halted = _closed(desk, row, now, may_ask_for_read=may_ask_for_read)
    if halted is not None:
        return halted
    try:
        row = refresh(desk.engine, row, now)
        headers = mint_headers(desk.engine, desk.mailbox, row, now)
        outgoing = assemble_row(desk.engine, desk.mailbox, row, headers)
    except Waits as waits:
        if not waits.asks_person:
            _explain(desk, row, waits.reason, now + LOOK_AGAIN_IN)
        return False
    except SequencerError as error:
        _hold_unfit(desk, row, error, now)
        return False
    attempt = settle.new_attempt(desk.engine, row)
    with desk.engine.store.write() as tx:
        if not ledger.claim(tx, attempt, headers, desk.engine.clock.now()):
            return False
    return _hand_over(desk, attempt, outgoing)


def _hand_over(desk: Desk, attempt: Attempt, outgoing: Outgoing) -> bool | _Stop:
    """Dial, mark `sending` at the last moment, and settle; what raises leaves a row that `take` recovers."""
    was_marked = False

    def may_send() -> bool:
        nonlocal was_marked
        with desk.engine.store.write() as tx:
            # Read with the lock in hand: waiting for it makes no reading of an inbox younger.
            moment = desk.engine.clock.now()
            is_marked = not desk.stop.is_set() and ledger.mark_sending(
                tx, attempt, desk.gate_limits(moment), moment
            )
        was_marked = is_marked
        return is_marked

    outcome = desk.courier.send(outgoing, may_send)
    settle.settle(desk, attempt, outcome, was_marked=was_marked)
    return _Stop() if isinstance(outcome, MailboxFault) else was_marked


def _wait_for_window(desk: Desk, row: OutboxRow, now: datetime) -> tuple[str, datetime] | None:
    try:
        with desk.engine.store.read() as tx:
            opening = own_gates.opening(desk.engine, tx, row, now)
    except SequencerError as error:
        # A window gone from config.toml, a version gone from the database: they may come back.
        return str(error), now + LOOK_AGAIN_IN
    if opening is None:
        return "the contact is gone", now + LOOK_AGAIN_IN
    return None if opening.is_open else (f"waits for window {opening.window.name}", opening.opens_at)


def _rehearsal_block(desk: Desk, row: OutboxRow, now: datetime) -> tuple[str, datetime] | None:
    is_left_out = own_gates.is_left_out(desk.engine, row.address_key)
    return (own_gates.NOT_REHEARSED, now + LOOK_AGAIN_IN) if is_left_out else None


def _closed(desk: Desk, row: OutboxRow, now: datetime, *, may_ask_for_read: bool) -> bool | _Stop | None:
    """None: every gate is open. Asked before dialling, so that a closed gate costs no connection."""
    limits = desk.gate_limits(now)
    with desk.engine.store.read() as tx:
        shut = gates.closed_gates(tx, row.id, limits)
        unread = gates.unread_mailboxes(tx, row.id, limits) if Gate.INBOX in shut else []
    if not shut:
        return None
    if Gate.MAILBOX in shut:
        return _Stop()
    if Gate.SUPPRESSION in shut:
        _finish_suppressed(desk, row, now)
        return False
    if Gate.CAP in shut:
        with desk.engine.store.read() as tx:
            return _Stop(again_at=own_gates.cap_use(tx, desk.mailbox, now).opens_at)
    if shut == [Gate.INBOX]:
        return _wait_for_inboxes(desk, row, now, unread, may_ask_for_read=may_ask_for_read)
    _explain(desk, row, gates_in_words(shut, unread), now + LOOK_AGAIN_IN)
    return False


def _wait_for_inboxes(
    desk: Desk, row: OutboxRow, now: datetime, unread: list[UnreadMailbox], *, may_ask_for_read: bool
) -> bool | _Stop:
    """Fails closed: have them read. Whoever was only too old is asked about again once it was read."""
    own = [mailbox for mailbox in unread if mailbox.reader == desk.mailbox.name]
    is_failing = any(mailbox.failed_at is not None for mailbox in unread)
    if own == unread and desk.reader is not None and may_ask_for_read and not is_failing:
        return _Stop(needs_read=True)
    for mailbox in unread:
        desk.want(mailbox.reader)
    retry_at = now + desk.engine.config.limits.poll_every_in if is_failing else None
    _explain(desk, row, gates_in_words([Gate.INBOX], unread), retry_at)
    return False


def _finish_suppressed(desk: Desk, row: OutboxRow, now: datetime) -> None:
    with desk.engine.store.write() as tx:
        enrollment = enrollments.by_id(tx, row.enrollment_id)
        if enrollment is not None and effects.finish_enrollment(tx, enrollment, FinishReason.STOPPED, now):
            return
    _explain(desk, row, gates_in_words([Gate.SUPPRESSION], []), now + LOOK_AGAIN_IN)


def _hold_unfit(desk: Desk, row: OutboxRow, error: SequencerError, now: datetime) -> None:
    """The message can't be made as things are: its enrollment waits for a person, the queue goes on."""
    with desk.engine.store.write() as tx:
        enrollment = enrollments.by_id(tx, row.enrollment_id)
        if enrollment is not None:
            hold = Hold(reason=HoldReason.RENDER_FAILED, until=None, note=str(error))
            hold_and_tell(tx, desk.engine, enrollment, hold, now)
    mail_log.held(row.mailbox, row.enrollment_id, row.contact_id, str(error))


def _explain(desk: Desk, row: OutboxRow, reason: str, retry_at: datetime | None) -> None:
    if (reason, retry_at) == (row.reason, row.retry_at):
        return
    with desk.engine.store.write() as tx:
        outbox.explain(tx, row.id, reason, retry_at)
    if reason != row.reason:
        mail_log.waits(row, reason)
