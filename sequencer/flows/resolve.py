"""Resolve: a person says what became of a message whose outcome could not be known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sequencer.core.enrollment import Enrollment, EnrollmentState, HoldReason
from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.errors import SequencerError
from sequencer.flows.await_copies import expect
from sequencer.flows.end_hold import end_hold
from sequencer.flows.engine import Engine
from sequencer.flows.settle import advance
from sequencer.store import enrollments, ledger, outbox
from sequencer.store.engine import Tx


class Resolution(StrEnum):
    """What a person may say of an unsure message."""

    SENT = "sent"
    """It arrived: the sequence goes on from when it left."""
    RESEND = "resend"
    """It did not arrive: the same message leaves once more."""
    NOT_SENT = "not-sent"
    """It did not arrive and shall not be tried again: the sequence goes on with the next step."""


CONSEQUENCES = {
    Resolution.SENT: "counts as sent at {left_at}; the sequence goes on from there",
    Resolution.RESEND: "leaves once more, with the same Message-ID; if the first copy did arrive, {address} "
    "gets it twice",
    Resolution.NOT_SENT: "is given up; the sequence goes on with the next step",
}
"""What each does, shown before it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The message and its enrollment afterwards."""

    row: OutboxRow
    enrollment: Enrollment


def require_resolvable(engine: Engine, row: OutboxRow, resolution: Resolution) -> None:
    """SequencerError when there is nothing to resolve, or when nothing may be sent any more."""
    if row.state is not OutboxState.UNSURE:
        known = f" ({row.reason})" if row.state is OutboxState.SENT and row.reason else ""
        state = row.state.value.replace("_", " ")
        raise SequencerError(f"message {row.id} is {state}{known}, not unsure: nothing to resolve")
    with engine.store.read() as tx:
        enrollment = _enrollment(tx, row)
    _require_unfinished(enrollment, resolution)


def resolve(engine: Engine, row: OutboxRow, resolution: Resolution, by: str) -> Resolved:
    """Settle the message, move its enrollment on, and end the hold that waited for it, all in one commit.

    A resend reopens this very row: no second message is made for its step. SequencerError when a late
    answer settled it meanwhile, or when a resend is asked for and the enrollment has finished.
    """
    with engine.store.write() as tx:
        now = engine.clock.now()
        _require_unfinished(_enrollment(tx, row), resolution)
        if not _settle(tx, row, resolution, by, now):
            current = outbox.by_id(tx, row.id)
            raise SequencerError(
                f"message {row.id} is {current.state if current else 'gone'} by now: not changed"
            )
        mailbox = engine.config.mailbox(row.mailbox)
        if resolution is Resolution.SENT and mailbox is not None:
            expect(tx, mailbox, row, now)
        if resolution is Resolution.RESEND:
            _end_hold(engine, tx, row, now, is_outstanding=True)
        else:
            ended_at = (row.sending_at if resolution is Resolution.SENT else None) or now
            go_on_from(tx, engine, row, ended_at=ended_at, now=now)
        settled = outbox.by_id(tx, row.id)
        return Resolved(row=settled or row, enrollment=_enrollment(tx, row))


def _settle(tx: Tx, row: OutboxRow, resolution: Resolution, by: str, now: datetime) -> bool:
    if resolution is Resolution.NOT_SENT:
        return ledger.give_up(tx, row, by=by, now=now)
    return ledger.resolve(tx, row, was_sent=resolution is Resolution.SENT, by=by, now=now)


def go_on_from(tx: Tx, engine: Engine, row: OutboxRow, *, ended_at: datetime, now: datetime) -> None:
    """It is known what became of the message: its step ended then, and nothing waits for it any more.

    SequencerError when its window never opens or is gone.
    """
    advance(tx, engine, row, ended_at=ended_at, now=now)
    _end_hold(engine, tx, row, now)


def _end_hold(engine: Engine, tx: Tx, row: OutboxRow, now: datetime, *, is_outstanding: bool = False) -> None:
    """Only the hold that waited for this message: another person's hold stays."""
    enrollment = _enrollment(tx, row)
    if enrollment.hold is None or enrollment.hold.reason is not HoldReason.UNSURE:
        return
    if end_hold(engine, tx, enrollment, now) and is_outstanding:
        # Its message stands already: nothing is to be prepared for this step.
        reopened = _enrollment(tx, row)
        enrollments.outstanding(tx, reopened, next_at=reopened.next_at)


def _require_unfinished(enrollment: Enrollment, resolution: Resolution) -> None:
    if resolution is Resolution.RESEND and enrollment.state is EnrollmentState.FINISHED:
        raise SequencerError(
            f"enrollment {enrollment.id} has finished ({enrollment.finish_reason}): nothing more may leave",
            hint="say --sent or --not-sent",
        )


def _enrollment(tx: Tx, row: OutboxRow) -> Enrollment:
    enrollment = enrollments.by_id(tx, row.enrollment_id)
    if enrollment is None:
        raise SequencerError(f"enrollment {row.enrollment_id} of message {row.id} is not in the database")
    return enrollment
