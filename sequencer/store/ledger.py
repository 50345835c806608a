"""The ledger: the only writer of a message's way from claim to outcome (docs/states.md).

Every arrow is one conditional UPDATE. A crash anywhere leaves a row whose state says no less than
what the server may hold: intents and outcomes are durable before and after the content leaves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update

from sequencer.core.outbox import OUTBOX_ARROWS, Headers, OutboxRow, OutboxState
from sequencer.errors import SequencerError
from sequencer.store import gates
from sequencer.store.columns import is_any_of
from sequencer.store.engine import MarkTx, Tx
from sequencer.store.events import Event, record, record_many
from sequencer.store.ledger_statements import CLAIM, CLAIMED, MARK, MARK_IN_BATCH, SENT
from sequencer.store.schema import outbox

S = OutboxState
_REASON_LENGTH = 500


class LedgerError(SequencerError):
    """An outcome found no row to stand in: the database was changed behind the program's back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at handing a row over; outcomes are written by its id."""

    row: OutboxRow
    attempt_id: str
    boot_id: str
    """Of the process that tries."""
    batch_boot: str | None = None
    """Of the machine, where the claim is one of a batch."""
    window: str | None = None
    """The window that is open at the claim."""
    window_until: datetime | None = None
    caps: Mapping[str, Sequence[int]] | None = None
    """By cap: what the claim counted before it, and the limit; None: no cap but the mailbox's own."""
    caps_until: datetime | None = None
    """From then on its caps are those of another date; None: they never are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Where an attempt ended."""

    state: OutboxState
    reason: str = ""
    retry_at: datetime | None = None
    answer_code: int | None = None
    answer_text: str | None = None
    wire_id: str | None = None
    smtp_class: str | None = None
    is_try: bool = False
    """A server said "later": counts as a try."""


def claim(tx: Tx, attempt: Attempt, headers: Headers, now: datetime) -> bool:
    """ready, deferred → claimed, with the headers minted. False: somebody changed the row meanwhile."""
    return bool(claim_all(tx, [(attempt, headers)], now))


def claim_all(tx: Tx, wanted: Sequence[tuple[Attempt, Headers]], now: datetime) -> list[Attempt]:
    """Claim each as `claim` does; returns those that were claimed."""
    done = CLAIM.run_many(tx, (_claim_values(attempt, headers, now) for attempt, headers in wanted))
    claimed = [attempt for attempt, _ in wanted]
    if done != len(wanted):
        ours = {row["attempt_id"] for row in CLAIMED.rows(tx, [one.row.id for one in claimed])}
        claimed = [one for one in claimed if one.attempt_id in ours]
    record_many(tx, now, (_event("claimed", one.row, attempt=one.row.attempt + 1) for one in claimed))
    return claimed


def _claim_values(attempt: Attempt, headers: Headers, now: datetime) -> dict[str, Any]:
    row = attempt.row
    return {
        "row_id": row.id,
        "rendered": row.rendered_at,
        "attempt": attempt.attempt_id,
        "boot": attempt.boot_id,
        "batch": attempt.batch_boot,
        "of_window": attempt.window,
        "until": attempt.window_until,
        "now": now,
        "message": headers.message_id,
        "date": headers.date_at,
        "about": headers.subject,
        "reply_to": headers.in_reply_to,
        "cites": list(headers.references),
        "counted": None if attempt.caps is None else dict(attempt.caps),
    }


def mark_sending(
    tx: Tx | MarkTx, attempt: Attempt, limits: gates.GateLimits, now: datetime, *, used: int | None = None
) -> bool:
    """claimed → sending, only while every gate is open. False: something closed; nothing may leave.

    A claim that counted by another date is none any more. `used` is what the attempt's batch counted against
    the cap before it; without, it is counted now.
    """
    if attempt.caps_until is not None and now >= attempt.caps_until:
        return False
    values = limits.values() | {"row_id": attempt.row.id, "attempt": attempt.attempt_id, "now": now}
    is_marked = MARK.run(tx, values) if used is None else MARK_IN_BATCH.run(tx, values | {"used": used})
    if is_marked:
        record(tx, now, _event("sending", attempt.row))
    return bool(is_marked)


def settle_sent(
    tx: MarkTx, attempt: Attempt, settlement: Settlement, now: datetime, copy_due_at: datetime | None
) -> bool:
    """sending → sent for a message of a batch. False: it is not this attempt's, see `settle`."""
    values = {
        "row_id": attempt.row.id,
        "attempt": attempt.attempt_id,
        "now": now,
        "wire": settlement.wire_id,
        "code": settlement.answer_code,
        "said": (settlement.answer_text or "")[:_REASON_LENGTH] or None,
        "copy": copy_due_at,
    }
    is_written = SENT.run(tx, values)
    if is_written:
        record(tx, now, _event(S.SENT.value, attempt.row, code=settlement.answer_code))
    return bool(is_written)


def end_batch(tx: Tx, mailbox: str, count: int, now: datetime) -> None:
    """A durable commit carries all the small ones before it: what became of the batch stays from now on."""
    record(tx, now, Event(kind="batch", mailbox=mailbox, data={"claimed": count}))


def release(tx: Tx, attempt: Attempt, *, reason: str, retry_at: datetime | None, now: datetime) -> bool:
    """claimed → ready or (as it was) deferred: nothing left. False when the row was cancelled meanwhile."""
    back_to = S.DEFERRED if attempt.row.deferred_at else S.READY
    done = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == attempt.row.id,
            outbox.c.state == S.CLAIMED,
            outbox.c.attempt_id == attempt.attempt_id,
        )
        .values(state=back_to, reason=reason[:_REASON_LENGTH], retry_at=retry_at)
    )
    if done.rowcount:
        record(tx, now, _event("released", attempt.row))
    return bool(done.rowcount)


def settle(tx: Tx, attempt: Attempt, settlement: Settlement, now: datetime) -> bool:
    """Write an attempt's outcome, by its id. False: the row is no longer this attempt's.

    The worker that dialled may turn its own `unsure` into sent or refused when the late answer comes.
    """
    target = settlement.state
    own = {S.CLAIMED, S.SENDING} | ({S.UNSURE} if target in (S.SENT, S.REFUSED) else set())
    sources = [state for state in own if (state, target) in OUTBOX_ARROWS]
    values: dict[str, Any] = {
        "state": target,
        "reason": settlement.reason[:_REASON_LENGTH],
        "retry_at": settlement.retry_at,
        "answer_code": settlement.answer_code,
        "answer_text": (settlement.answer_text or "")[:_REASON_LENGTH] or None,
        "smtp_class": settlement.smtp_class,
    }
    if target is S.SENT:
        values |= {"sent_at": now, "wire_id": settlement.wire_id}
    if target is S.DEFERRED:
        values["deferred_at"] = func.coalesce(outbox.c.deferred_at, now)
    if settlement.is_try:
        values["tries"] = outbox.c.tries + 1
    done = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == attempt.row.id,
            outbox.c.attempt_id == attempt.attempt_id,
            outbox.c.state.in_(sources),
        )
        .values(**values)
    )
    if done.rowcount:
        record(tx, now, _event(target.value, attempt.row, code=settlement.answer_code))
    return bool(done.rowcount)


def recover(tx: Tx, mailbox: str, now: datetime, machine_boot: str | None = None) -> list[tuple[int, int]]:
    """On taking a mailbox: its `sending` rows become unsure, its claimed rows ready or deferred again.

    A row claimed in a batch under another boot of the machine becomes unsure too: the mark that its content
    was leaving may have gone with the power. Returns (outbox id, enrollment id) of the rows now unsure.
    """
    of_mailbox = _unsettled(mailbox)
    was_lost = and_(
        outbox.c.state == S.CLAIMED,
        outbox.c.batch_boot.is_not(None),
        or_(literal(machine_boot is None), outbox.c.batch_boot != machine_boot),
    )
    left, lost = "the program ended while the message was leaving", "the machine went down in its batch"
    unsure = _call_unsure(tx, and_(of_mailbox, outbox.c.state == S.SENDING), left, now)
    # Its claim is the last that is known of when a lost one may have left.
    unsure += _call_unsure(tx, and_(of_mailbox, was_lost), lost, now, sending_at=outbox.c.claimed_at)
    for has_deferral, back_to in ((True, S.DEFERRED), (False, S.READY)):
        was_deferred = outbox.c.deferred_at.is_not(None)
        tx.execute(
            update(outbox)
            .where(
                of_mailbox,
                is_any_of(outbox.c.state, S.CLAIMED),
                was_deferred if has_deferral else ~was_deferred,
            )
            .values(state=back_to, reason="the program ended before the message left")
        )
    return unsure


def _unsettled(mailbox: str) -> ColumnElement[bool]:
    """What ix_outbox_unsettled holds of a mailbox."""
    return and_(outbox.c.mailbox == mailbox, is_any_of(outbox.c.state, S.CLAIMED, S.SENDING))


def _call_unsure(
    tx: Tx, which: ColumnElement[bool], reason: str, now: datetime, **values: Any
) -> list[tuple[int, int]]:
    changed = update(outbox).where(which).values(state=S.UNSURE, reason=reason, **values)
    rows = tx.execute(
        changed.returning(outbox.c.id, outbox.c.enrollment_id, outbox.c.contact_id, outbox.c.mailbox)
    ).all()
    record_many(
        tx,
        now,
        (
            Event(
                kind="unsure",
                contact_id=row.contact_id,
                enrollment_id=row.enrollment_id,
                outbox_id=row.id,
                mailbox=row.mailbox,
                data={"by": "recovery"},
            )
            for row in rows
        ),
    )
    return sorted((row.id, row.enrollment_id) for row in rows)


def resolve(tx: Tx, row: OutboxRow, *, was_sent: bool, by: str, now: datetime) -> bool:
    """unsure → sent, or → ready for a resend that a person ordered (a new attempt of the same row)."""
    target = S.SENT if was_sent else S.READY
    # When the content left is the best that is known of when it was sent. A resend keeps its Message-ID,
    # so that a buyer's program that did get the first copy can fold the two.
    values: dict[str, Any] = {"sent_at": outbox.c.sending_at} if was_sent else {"retry_at": None}
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.state == S.UNSURE)
        .values(state=target, reason=f"resolved by {by}", **values)
    )
    if done.rowcount:
        record(tx, now, _event("resolved", row, to=target.value, by=by))
    return bool(done.rowcount)


def give_up(tx: Tx, row: OutboxRow, *, by: str, now: datetime) -> bool:
    """unsure → refused: a person says that it did not arrive and shall not be tried again."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.state == S.UNSURE)
        .values(state=S.REFUSED, reason=f"did not arrive, says {by}")
    )
    if done.rowcount:
        record(tx, now, _event("resolved", row, to=S.REFUSED.value, by=by))
    return bool(done.rowcount)


def _event(kind: str, row: OutboxRow, **data: Any) -> Event:
    return Event(
        kind=kind,
        contact_id=row.contact_id,
        enrollment_id=row.enrollment_id,
        outbox_id=row.id,
        mailbox=row.mailbox,
        data={key: value for key, value in data.items() if value is not None},
    )


def unsettled_mailboxes(tx: Tx) -> list[str]:
    """The mailboxes of which a message is claimed or sending."""
    query = select(outbox.c.mailbox).where(is_any_of(outbox.c.state, S.CLAIMED, S.SENDING)).distinct()
    return sorted(row.mailbox for row in tx.execute(query))


def is_sending(tx: Tx, mailbox: str) -> bool:
    """Whether content of this mailbox is leaving at this moment."""
    query = select(func.count()).where(_unsettled(mailbox), outbox.c.state == S.SENDING)
    return bool(tx.execute(query).scalar())


def look_again(tx: Tx, mailbox: str) -> None:
    """Forget when waiting messages were to be looked at again: settings may have changed."""
    tx.execute(
        update(outbox)
        .where(outbox.c.mailbox == mailbox, is_any_of(outbox.c.state, S.READY))
        .values(retry_at=None)
    )
