"""Withdraw: a message that can never leave is cancelled; a step that still stands is prepared afresh."""

from datetime import datetime

from sqlalchemy import exists, literal, or_, select, update

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store.engine import Tx
from sequencer.store.schema import contacts, enrollments, outbox


def withdraw(tx: Tx, row: OutboxRow, now: datetime) -> bool:
    """ready, deferred → cancelled when its enrollment is past it, or its address no longer the contact's.

    What cancels messages passes over one whose content is leaving; when the server puts that one off,
    nothing would ever end it. A hold keeps it: its enrollment may still go on.
    """
    is_past = exists(
        select(literal(1)).where(
            enrollments.c.id == outbox.c.enrollment_id,
            enrollments.c.step.is_distinct_from(outbox.c.step),
        )
    )
    is_anothers = exists(
        select(literal(1)).where(
            contacts.c.id == outbox.c.contact_id, contacts.c.address_key != outbox.c.address_key
        )
    )
    done = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.attempt == row.attempt,
            outbox.c.state.in_([OutboxState.READY, OutboxState.DEFERRED]),
            or_(is_past, is_anothers),
        )
        .values(state=OutboxState.CANCELLED, is_cancelled=True, reason="put off, and overtaken since")
    )
    if not done.rowcount:
        return False
    tx.execute(
        update(enrollments)
        .where(enrollments.c.id == row.enrollment_id, enrollments.c.step == row.step)
        .values(prepare_at=now)
    )
    return True
