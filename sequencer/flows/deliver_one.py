"""Deliver one: a due message through window and gates, claimed, handed over, settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sequencer.core.enrollment import FinishReason, Hold, HoldReason
from sequencer.core.outbox import OutboxRow
from sequencer.core.ports import Deferred, MailboxFault, Outcome, Outgoing, SmtpClass
from sequencer.errors import SequencerError
from sequencer.files.assets import MissingAsset
from sequencer.flows import effects, mail_log, own_gates, settle
from sequencer.flows.assemble import assemble_row, mint_headers
from sequencer.flows.cap_room import KeptBack, Scope, counts_until, room_for
from sequencer.flows.compose import Waits, refresh
from sequencer.flows.engine import Desk
from sequencer.flows.gate_words import gates_in_words
from sequencer.flows.own_gates import Opening
from sequencer.flows.tell import hold_and_tell
from sequencer.store import enrollments, gates, ledger, outbox
from sequencer.store.engine import Tx
from sequencer.store.gates import Gate, UnreadMailbox
from sequencer.store.ledger import Attempt
from sequencer.store.withdraw import withdraw

LOOK_AGAIN_IN = timedelta(minutes=15)
"""A message that waits for a person or a setting is looked at this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Nothing more may leave this mailbox now."""

    again_at: datetime | None = None
    """When pace or caps next allow a message."""
    needs_read: bool = False
    is_of_new: bool = False
    """Only what would be the first mail to somebody may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """This message waits."""

    reason: str
    until: datetime


def deliver_one(desk: Desk, row: OutboxRow, *, may_ask_for_read: bool) -> bool | Stop:
    """True: content was handed over. False: this message waits, the next may go."""
    now = desk.engine.clock.now()
    opening = let_out(desk, row, now)
    if opening is None:
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
    except MissingAsset as error:
        _explain(desk, row, str(error), now + LOOK_AGAIN_IN)
        return False
    except SequencerError as error:
        _hold_unfit(desk, row, error, now)
        return False
    attempt = settle.new_attempt(desk.engine, row, opening.window.name, opening.closes_at(now))
    with desk.engine.store.write() as tx:
        at = desk.engine.clock.now()
        room = room_for(desk.engine, tx, desk.mailbox, [row], at)
        kept = room.kept_back(row)
        if kept is None:
            attempt = replace(attempt, caps=room.take(row) or None, caps_until=counts_until(room.own, at))
            if not ledger.claim(tx, attempt, headers, at):
                return False
    if kept is not None:
        return _keep_back(desk, row, kept)
    return _hand_over(desk, attempt, outgoing)


def _keep_back(desk: Desk, row: OutboxRow, kept: KeptBack) -> bool | Stop:
    """What a full cap comes to."""
    if kept.scope is not Scope.MESSAGE:
        return Stop(again_at=kept.opens_at, is_of_new=kept.scope is Scope.NEW)
    _explain(desk, row, kept.reason, kept.opens_at)
    return False


def keep_back(desk: Desk, rows: Sequence[OutboxRow]) -> tuple[Stop | None, list[int]]:
    """Of what a batch had no room for: what stops the others too, and the ids of those for which there is."""
    stop: Stop | None = None
    with_room: list[int] = []
    with desk.engine.store.write() as tx:
        room = room_for(desk.engine, tx, desk.mailbox, rows, desk.engine.clock.now())
        for row in rows:
            kept = room.kept_back(row)
            if kept is None:
                with_room.append(row.id)
            elif kept.scope is Scope.MESSAGE:
                _note(tx, row, kept.reason, kept.opens_at)
            else:
                stop = Stop(again_at=kept.opens_at, is_of_new=kept.scope is Scope.NEW)
                if not stop.is_of_new:
                    break
    return stop, with_room


def _hand_over(desk: Desk, attempt: Attempt, outgoing: Outgoing) -> bool | Stop:
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
    return stop_after(desk, outcome) or was_marked


def stop_after(desk: Desk, outcome: Outcome) -> Stop | None:
    """Whether this outcome keeps the mailbox's other messages back: a fault of its own, or a rate."""
    asked = None
    if _is_rate(outcome):
        asked = own_gates.asked_to_slow_down(desk.engine, desk.mailbox.name)
    if asked is None and not isinstance(outcome, MailboxFault):
        return None
    return Stop(again_at=asked.until if asked else None)


def _is_rate(outcome: Outcome) -> bool:
    """The server asks for fewer messages: the next one would be answered likewise."""
    if isinstance(outcome, MailboxFault):
        return outcome.is_rate
    return isinstance(outcome, Deferred) and outcome.smtp_class is SmtpClass.RATE


def let_out(desk: Desk, row: OutboxRow, now: datetime) -> Opening | None:
    """The window that lets the message out; None: it waits, and says why and until when."""
    opening = _window_of(desk, row, now)
    if isinstance(opening, Delay):
        _explain(desk, row, opening.reason, opening.until)
        return None
    return opening


def _window_of(desk: Desk, row: OutboxRow, now: datetime) -> Opening | Delay:
    if own_gates.is_left_out(desk.engine, row.address_key):
        return Delay(reason=own_gates.NOT_REHEARSED, until=now + LOOK_AGAIN_IN)
    try:
        with desk.engine.store.read() as tx:
            opening = own_gates.opening(desk.engine, tx, row, now)
    except SequencerError as error:
        # A window gone from config.toml, a version gone from the database: they may come back.
        return Delay(reason=str(error), until=now + LOOK_AGAIN_IN)
    if opening is None:
        return Delay(reason="the contact is gone", until=now + LOOK_AGAIN_IN)
    if opening.is_open:
        return opening
    return Delay(reason=f"waits for window {opening.window.name}", until=opening.opens_at)


def _closed(desk: Desk, row: OutboxRow, now: datetime, *, may_ask_for_read: bool) -> bool | Stop | None:
    """None: every gate is open. Asked before dialling, so that a closed gate costs no connection."""
    limits = desk.gate_limits(now)
    with desk.engine.store.read() as tx:
        shut = gates.closed_gates(tx, row.id, limits)
        unread = gates.unread_mailboxes(tx, row.id, limits) if Gate.INBOX in shut else []
        kept = room_for(desk.engine, tx, desk.mailbox, [row], now).kept_back(row)
    if not shut and kept is None:
        return None
    if Gate.MAILBOX in shut:
        return Stop()
    if Gate.ENROLLMENT in shut or Gate.ADDRESS in shut:
        with desk.engine.store.write() as tx:
            if withdraw(tx, row, now):
                return False
    if Gate.SUPPRESSION in shut:
        _finish_suppressed(desk, row, now)
        return False
    if kept is not None:
        return _keep_back(desk, row, kept)
    if shut == [Gate.INBOX]:
        return _wait_for_inboxes(desk, row, now, unread, may_ask_for_read=may_ask_for_read)
    _explain(desk, row, gates_in_words(shut, unread), now + LOOK_AGAIN_IN)
    return False


def _wait_for_inboxes(
    desk: Desk, row: OutboxRow, now: datetime, unread: list[UnreadMailbox], *, may_ask_for_read: bool
) -> bool | Stop:
    """Fails closed: have them read. Whoever was only too old is asked about again once it was read."""
    own = [mailbox for mailbox in unread if mailbox.reader == desk.mailbox.name]
    is_failing = any(mailbox.failed_at is not None for mailbox in unread)
    if own == unread and desk.reader is not None and may_ask_for_read and not is_failing:
        return Stop(needs_read=True)
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
    """Note why the message waits, and log it where that is another reason than before."""
    if (reason, retry_at) == (row.reason, row.retry_at):
        return
    with desk.engine.store.write() as tx:
        _note(tx, row, reason, retry_at)


def _note(tx: Tx, row: OutboxRow, reason: str, retry_at: datetime | None) -> None:
    outbox.explain(tx, row.id, reason, retry_at)
    if reason != row.reason:
        mail_log.waits(row, reason)
