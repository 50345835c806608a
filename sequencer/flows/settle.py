"""Settle: what an attempt came to, written by its id, and what follows for the enrollment."""

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sequencer.core.enrollment import Hold, HoldReason
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.core.pacing import is_given_up, message_key, retry_at
from sequencer.core.ports import (
    Deferred,
    MailboxFault,
    Outcome,
    Refused,
    Released,
    Sent,
    SmtpClass,
    Unsure,
)
from sequencer.core.progress import standing_after
from sequencer.errors import SequencerError
from sequencer.flows import await_copies, effects, mail_log
from sequencer.flows.engine import Desk, Engine, Unwritten
from sequencer.flows.gate_words import gates_in_words
from sequencer.flows.late_answer import take_late_answer
from sequencer.flows.tell import hold_and_tell, tell_paused
from sequencer.store import contacts, enrollments, gates, ledger, mailboxes, slow_down
from sequencer.store.database_faults import database_fault
from sequencer.store.engine import Tx
from sequencer.store.ledger import Attempt, LedgerError, Settlement


def new_attempt(
    engine: Engine, row: OutboxRow, window: str, window_until: datetime | None, *, in_batch: bool = False
) -> Attempt:
    """A try at handing `row` over, with an id of its own, while `window` is open."""
    return Attempt(
        row=row,
        attempt_id=secrets.token_hex(8),
        boot_id=engine.boot_id,
        batch_boot=engine.machine_boot if in_batch else None,
        window=window,
        window_until=window_until,
    )


def settle(desk: Desk, attempt: Attempt, outcome: Outcome, *, was_marked: bool) -> None:
    """Write the outcome and its consequences in one transaction. LedgerError when its row is gone.

    While the database cannot be written the outcome is kept, and the error raised.
    """
    known = Unwritten(attempt=attempt, outcome=outcome, was_marked=was_marked, at=desk.engine.clock.now())
    try:
        _write_or_keep(desk, known)
    except Exception:
        if known in desk.unwritten:
            # All that is left of it should the process die first.
            answer = getattr(outcome, "answer", None)
            said = f"{type(outcome).__name__.lower()} {answer.code if answer else ''}".rstrip()
            words = f"message {attempt.row.id}: {said}; kept until the database can be written"
            mail_log.mailbox_event(logging.WARNING, "not written", attempt.row.mailbox, words)
        raise


def write_kept(desk: Desk) -> None:
    """What could not be written before: else a message that the server took would be called unsure."""
    for known in list(desk.unwritten):
        desk.unwritten.remove(known)
        _write_or_keep(desk, known)


def _write_or_keep(desk: Desk, known: Unwritten) -> None:
    try:
        _write(desk, known.attempt, known.outcome, was_marked=known.was_marked, now=known.at)
    except Exception as error:
        if database_fault(error) is not None:
            desk.unwritten.append(known)
        raise


def _write(desk: Desk, attempt: Attempt, outcome: Outcome, *, was_marked: bool, now: datetime) -> None:
    engine, row = desk.engine, attempt.row
    with engine.store.write() as tx:
        if isinstance(outcome, Released):
            _release(tx, desk, attempt, now)
            return
        settlement = _settlement(tx, desk, row, outcome, now)
        if not ledger.settle(tx, attempt, settlement, now):
            follow_up = partial(_follow_up_safely, tx, desk, row, outcome, settlement, now)
            if was_marked and not take_late_answer(tx, attempt, outcome, settlement, now, follow_up):
                raise LedgerError(f"message {row.id} is no longer attempt {attempt.attempt_id}'s")
            return  # cancelled while dialling; nothing left
        if settlement.state is OutboxState.SENT:
            await_copies.expect(tx, desk.mailbox, row, now, desk.files_sent)
        _follow_up_safely(tx, desk, row, outcome, settlement, now)
    _say(desk, row, outcome, settlement)


def _say(desk: Desk, row: OutboxRow, outcome: Outcome, settlement: Settlement) -> None:
    if not isinstance(outcome, MailboxFault):
        desk.troubles.say(desk.mailbox.name, "smtp", None)
        mail_log.settled(row, settlement)
        return
    words = f"{outcome.message} ({outcome.hint})" if outcome.hint else outcome.message
    if outcome.is_lasting:
        words += f"; it is paused: mend it, then `sequencer mailboxes resume {desk.mailbox.name}`"
    level = logging.ERROR if outcome.is_lasting else logging.WARNING
    desk.troubles.say(desk.mailbox.name, "smtp", words, level)


def _follow_up_safely(
    tx: Tx, desk: Desk, row: OutboxRow, outcome: Outcome, settlement: Settlement, now: datetime
) -> None:
    """What follows from an outcome must never undo the outcome: its enrollment waits for a person instead."""
    try:
        with tx.begin_nested():
            _follow_up(tx, desk, row, outcome, settlement, now)
    except Exception as error:
        mail_log.logger.exception("stuck", extra={"mailbox": row.mailbox, "message_row": row.id})
        enrollment = enrollments.by_id(tx, row.enrollment_id)
        if enrollment is not None:
            note = str(error) if isinstance(error, SequencerError) else f"internal error: {error!r}"
            hold = Hold(reason=HoldReason.RENDER_FAILED, until=None, note=note)
            hold_and_tell(tx, desk.engine, enrollment, hold, now)


def _release(tx: Tx, desk: Desk, attempt: Attempt, now: datetime) -> None:
    limits = desk.gate_limits(now)
    shut = gates.closed_gates(tx, attempt.row.id, limits)
    unread = gates.unread_mailboxes(tx, attempt.row.id, limits)
    reason = gates_in_words(shut, unread) or _why_else(attempt, now)
    ledger.release(tx, attempt, reason=reason, retry_at=None, now=now)
    mail_log.released(attempt.row, reason)


def _why_else(attempt: Attempt, now: datetime) -> str:
    if attempt.caps_until is not None and now >= attempt.caps_until:
        return "a new day began: its caps are counted anew"
    return "the program is stopping"


def end_batch(desk: Desk, claimed: int, unsent: Sequence[Attempt]) -> None:
    """Give back what was not sent, and make what became of the others durable."""
    now = desk.engine.clock.now()
    reason = "the program is stopping" if desk.stop.is_set() else ""
    with desk.engine.store.write() as tx:
        for attempt in unsent:
            ledger.release(tx, attempt, reason=reason, retry_at=None, now=now)
        ledger.end_batch(tx, desk.mailbox.name, claimed, now)


def _settlement(tx: Tx, desk: Desk, row: OutboxRow, outcome: Outcome, now: datetime) -> Settlement:
    match outcome:
        case Sent(answer=answer, wire_id=wire_id):
            return Settlement(
                state=OutboxState.SENT, answer_code=answer.code, answer_text=answer.text, wire_id=wire_id
            )
        case Unsure(cause=cause):
            return Settlement(state=OutboxState.UNSURE, reason=cause)
        case MailboxFault(answer=answer, message=message):
            # Once a person mended what lasts and resumed the mailbox, there is nothing to wait for.
            tries = _times_asked(tx, row) if outcome.is_rate else 1
            again = None if outcome.is_lasting else _retry_at(desk, row, tries=tries, first_at=now, now=now)
            return Settlement(
                state=OutboxState.READY,
                reason=message,
                retry_at=again,
                answer_code=answer.code,
                smtp_class=SmtpClass.RATE.value if outcome.is_rate else None,
                is_try=outcome.is_rate,
            )
        case Refused(answer=answer, smtp_class=smtp_class):
            return Settlement(
                state=OutboxState.REFUSED,
                reason=f"{answer.verb}: {answer.said}",
                answer_code=answer.code,
                answer_text=answer.text,
                smtp_class=smtp_class.value,
            )
        case Deferred(answer=answer):
            return _deferral(tx, desk, row, outcome, now)
        case _:
            raise TypeError(f"no settlement for {outcome!r}")


def _deferral(tx: Tx, desk: Desk, row: OutboxRow, outcome: Deferred, now: datetime) -> Settlement:
    first_at = row.deferred_at or now
    answer, is_rate = outcome.answer, outcome.smtp_class is SmtpClass.RATE
    said = f"{answer.verb}: {answer.said}"
    # One given up on is soft, whatever its last answer was, unless that was about our own pace.
    smtp_class = SmtpClass.RATE if is_rate else SmtpClass.SOFT
    if is_given_up(first_at, now, desk.engine.config.limits.give_up_after_in):
        return Settlement(
            state=OutboxState.REFUSED,
            reason=f"given up after {row.tries + 1} tries; {said}",
            answer_code=answer.code,
            answer_text=answer.text,
            smtp_class=smtp_class.value,
            is_try=True,
        )
    tries = _times_asked(tx, row) if is_rate else row.tries + 1
    return Settlement(
        state=OutboxState.DEFERRED,
        reason=said,
        retry_at=_retry_at(desk, row, tries=tries, first_at=first_at, now=now),
        answer_code=answer.code,
        answer_text=answer.text,
        smtp_class=smtp_class.value,
        is_try=True,
    )


def _times_asked(tx: Tx, row: OutboxRow) -> int:
    """This time included: the back-off is the mailbox's, whichever of its messages is tried next."""
    return row.tries + slow_down.times_asked(tx, row.mailbox) + 1


def _retry_at(desk: Desk, row: OutboxRow, *, tries: int, first_at: datetime, now: datetime) -> datetime:
    key = message_key(row.address_key, row.sequence, row.round, row.step)
    give_up_after = desk.engine.config.limits.give_up_after_in
    return retry_at(first_at, tries, now, desk.engine.key, desk.mailbox.name, key, give_up_after)


def _follow_up(
    tx: Tx, desk: Desk, row: OutboxRow, outcome: Outcome, settlement: Settlement, now: datetime
) -> None:
    engine = desk.engine
    if isinstance(outcome, MailboxFault):
        if outcome.is_lasting:
            hint = f" ({outcome.hint})" if outcome.hint else ""
            if mailboxes.pause(tx, [desk.mailbox.name], f"{outcome.message}{hint}", now):
                tell_paused(tx, engine, desk.mailbox.name, now)
    elif settlement.state is OutboxState.SENT:
        _end_unsure_hold(tx, row, now)
        advance(tx, engine, row, ended_at=now, now=now)
    elif settlement.state is OutboxState.UNSURE:
        hold_unsure(tx, engine, row.enrollment_id, now)
    elif settlement.state is OutboxState.REFUSED:
        _end_unsure_hold(tx, row, now)
        smtp_class = SmtpClass(settlement.smtp_class or SmtpClass.SOFT)
        if smtp_class in (SmtpClass.FULL, SmtpClass.SOFT):
            advance(tx, engine, row, ended_at=now, now=now)
        effects.apply_refusal(tx, engine, row, smtp_class, now)


def advance(tx: Tx, engine: Engine, row: OutboxRow, *, ended_at: datetime, now: datetime) -> None:
    """The row's step ended at `ended_at`: its enrollment stands at the next one, or is completed.

    Where the next one can't be dated (its window is gone or never opens) the enrollment waits for a person:
    whatever comes after, what became of this message must be written.
    """
    enrollment = enrollments.by_id(tx, row.enrollment_id)
    contact = contacts.contact_of(tx, row.contact_id)
    if enrollment is None or contact is None or enrollment.step != row.step:
        return
    try:
        # Not the row's version: an edited sequence may have been applied since it was made.
        sequence = engine.version(tx, enrollment.version_hash).sequence
        standing = standing_after(sequence, row.step, ended_at, engine.rhythm(contact, sequence))
    except SequencerError as error:
        hold = Hold(reason=HoldReason.RENDER_FAILED, until=None, note=f"after step {row.step}: {error}")
        hold_and_tell(tx, engine, enrollment, hold, now)
        return
    enrollments.advance(tx, enrollment, standing, now)


def _end_unsure_hold(tx: Tx, row: OutboxRow, now: datetime) -> None:
    """A late answer says what became of a message that was taken for lost: nobody needs to find out."""
    enrollment = enrollments.by_id(tx, row.enrollment_id)
    if enrollment is None or enrollment.hold is None or enrollment.step != row.step:
        return
    if enrollment.hold.reason is HoldReason.UNSURE:
        enrollments.resume(tx, enrollment, enrollment.next_at or now, now)


def hold_unsure(tx: Tx, engine: Engine, enrollment_id: int, now: datetime) -> None:
    """The rest of the enrollment waits until a person says what became of the message."""
    enrollment = enrollments.by_id(tx, enrollment_id)
    if enrollment is not None:
        hold_and_tell(tx, engine, enrollment, Hold(reason=HoldReason.UNSURE, until=None), now)


def recover(engine: Engine, mailbox: str) -> None:
    """What a dead worker left `sending` becomes unsure and holds its enrollment; claimed goes back."""
    with engine.store.read() as tx:
        if mailbox not in ledger.unsettled_mailboxes(tx):
            return
    now = engine.clock.now()
    with engine.store.write() as tx:
        unsure = ledger.recover(tx, mailbox, now, engine.machine_boot)
        for _row_id, enrollment_id in unsure:
            hold_unsure(tx, engine, enrollment_id, now)
    for row_id, _enrollment_id in unsure:
        mail_log.mailbox_event(logging.WARNING, "unsure", mailbox, f"message {row_id}: see `outbox list`")
