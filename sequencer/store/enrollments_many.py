"""The arrows of enrollments for many at once: one statement a table, whatever their number.

Each function takes at most MAX_ROWS_PER_WRITE enrollments and writes what its namesake in
`store/enrollments.py` writes for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, tuple_, update

from sequencer.core.enrollment import (
    REPLACED_BY_LATER_FINISH,
    Enrollment,
    EnrollmentState,
    FinishReason,
    Hold,
)
from sequencer.core.progress import Standing
from sequencer.store import outbox as outbox_rows
from sequencer.store.engine import Tx
from sequencer.store.enrollments import finished_values
from sequencer.store.events import Event, record_many
from sequencer.store.schema import enrollments, tasks

E = EnrollmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """A held enrollment about to go on."""

    enrollment: Enrollment
    standing: Standing


def hold_many(
    tx: Tx, chosen: Sequence[Enrollment], by_person: Hold, now: datetime, *, by: str = ""
) -> set[int]:
    """active, held until a date → held until a person acts; returns the ids of those that changed.

    Enrollments that a person's hold keeps already stay as they are. Unsent messages are cancelled.
    """
    if by_person.until is not None:
        raise ValueError("only a person's hold is stronger than any date")
    open_to_it = or_(enrollments.c.state == E.ACTIVE, enrollments.c.held_until.is_not(None))
    values = {
        "state": E.HELD,
        "hold_reason": by_person.reason,
        "held_until": None,
        "hold_note": by_person.note,
    }
    changed = _change(tx, chosen, (enrollments.c.state != E.FINISHED, open_to_it), values)
    outbox_rows.cancel_unsent(tx, changed, f"held: {by_person.reason}")
    _record(tx, now, "held", chosen, changed, reason=by_person.reason.value, **_said_by(by))
    return changed


def resume_many(tx: Tx, reopenings: Sequence[Reopening], now: datetime, *, by: str = "") -> set[int]:
    """held → active; returns the ids of those that were still held, and for the reason that was seen."""
    chosen = [one.enrollment for one in reopenings]
    seen = [(one.id, one.hold.reason) for one in chosen if one.hold is not None]
    held = (enrollments.c.state == E.HELD, tuple_(enrollments.c.id, enrollments.c.hold_reason).in_(seen))
    gone = dict.fromkeys(("hold_reason", "held_until", "hold_note"))
    changed = _change(tx, chosen, held, {"state": E.ACTIVE, **gone})
    times = [
        {
            "of_id": one.enrollment.id,
            "new_next_at": one.standing.next_at,
            "new_prepare_at": one.standing.prepare_at,
        }
        for one in reopenings
        if one.enrollment.id in changed
    ]
    if times:
        to: dict[str, Any] = {"next_at": bindparam("new_next_at"), "prepare_at": bindparam("new_prepare_at")}
        tx.execute(update(enrollments).where(enrollments.c.id == bindparam("of_id")).values(to), times)
    _record(tx, now, "resumed", chosen, changed, **_said_by(by))
    return changed


def finish_many(
    tx: Tx, chosen: Sequence[Enrollment], reason: FinishReason, now: datetime, *, by: str = ""
) -> set[int]:
    """active, held, completed → finished; returns the ids of those that changed.

    Unsent messages and open tasks of their steps are cancelled.
    """
    replaceable = or_(
        enrollments.c.state != E.FINISHED, enrollments.c.finish_reason == REPLACED_BY_LATER_FINISH
    )
    changed = _change(tx, chosen, (replaceable,), finished_values(reason, now))
    outbox_rows.cancel_unsent(tx, changed, f"finished: {reason}")
    tx.execute(
        update(tasks)
        .where(
            tasks.c.enrollment_id.in_(changed),
            tasks.c.step.is_not(None),
            tasks.c.done_at.is_(None),
            tasks.c.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    _record(tx, now, "finished", chosen, changed, reason=reason.value, **_said_by(by))
    return changed


def _change(tx: Tx, chosen: Sequence[Enrollment], conditions: Iterable[Any], values: Any) -> set[int]:
    done = tx.execute(
        update(enrollments)
        .where(enrollments.c.id.in_([one.id for one in chosen]), *conditions)
        .values(**values)
        .returning(enrollments.c.id)
    )
    return {int(row.id) for row in done}


def _said_by(by: str) -> dict[str, str]:
    return {"by": by} if by else {}


def _record(
    tx: Tx, now: datetime, kind: str, chosen: Iterable[Enrollment], changed: set[int], **data: Any
) -> None:
    record_many(
        tx,
        now,
        (
            Event(kind=kind, contact_id=one.contact_id, enrollment_id=one.id, mailbox=one.mailbox, data=data)
            for one in chosen
            if one.id in changed
        ),
    )
