"""Questions about enrollments, and the only writers of their states (docs/states.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Update, insert, null, or_, select, update

from sequencer.core.enrollment import (
    REPLACED_BY_LATER_FINISH,
    Enrollment,
    EnrollmentState,
    FinishReason,
    Hold,
    HoldReason,
    stronger_hold,
)
from sequencer.core.progress import Standing
from sequencer.store import outbox as outbox_rows
from sequencer.store.by_state import stands_in
from sequencer.store.engine import MarkTx, Tx
from sequencer.store.events import Event, record, record_many
from sequencer.store.prepared import Prepared, Question, instant, param
from sequencer.store.schema import contacts, enrollments

E = EnrollmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnrollment:
    """A contact about to enter a sequence."""

    contact_id: int
    sequence: str
    round: int
    version_hash: str
    rep: str
    mailbox: str
    standing: Standing


def add_many(tx: Tx, new: Sequence[NewEnrollment], now: datetime) -> None:
    """Insert enrollments; a rep who enrolls an unowned contact becomes its owner."""
    if not new:
        return
    tx.execute(
        insert(enrollments),
        [
            {
                "contact_id": one.contact_id,
                "sequence": one.sequence,
                "round": one.round,
                "version_hash": one.version_hash,
                "rep": one.rep,
                "mailbox": one.mailbox,
                "state": E.ACTIVE,
                "step": one.standing.step,
                "anchor_at": one.standing.anchor_at,
                "next_at": one.standing.next_at,
                "prepare_at": one.standing.prepare_at,
                "created_at": now,
            }
            for one in new
        ],
    )
    for rep in {one.rep for one in new}:
        ids = [one.contact_id for one in new if one.rep == rep]
        tx.execute(
            update(contacts).where(contacts.c.id.in_(ids), contacts.c.owner.is_(None)).values(owner=rep)
        )
    record_many(tx, now, (Event(kind="enrolled", contact_id=one.contact_id) for one in new))


def by_id(tx: Tx, enrollment_id: int) -> Enrollment | None:
    """One enrollment."""
    row = tx.execute(select(enrollments).where(enrollments.c.id == enrollment_id)).mappings().first()
    return enrollment_of(row) if row else None


def listed(
    tx: Tx,
    *,
    ids: Iterable[int] | None = None,
    contact_ids: Iterable[int] | None = None,
    sequence: str | None = None,
    states: Sequence[EnrollmentState] = (),
    limit: int | None = None,
) -> list[Enrollment]:
    """Enrollments by any of these filters, oldest first."""
    query = select(enrollments).order_by(enrollments.c.id).limit(limit)
    if ids is not None:
        query = query.where(enrollments.c.id.in_(list(ids)))
    if contact_ids is not None:
        query = query.where(enrollments.c.contact_id.in_(list(contact_ids)))
    if sequence is not None:
        query = query.where(enrollments.c.sequence == sequence)
    if states:
        is_about_few = ids is not None or contact_ids is not None
        in_state = enrollments.c.state.in_(list(states)) if is_about_few else stands_in(enrollments, states)
        query = query.where(in_state)
    return [enrollment_of(row) for row in tx.execute(query).mappings()]


def advance(tx: Tx, enrollment: Enrollment, standing: Standing | None, now: datetime) -> bool:
    """The step is done: stand at the next one, or (None) finish as completed.

    Conditional on the step, so that one outcome advances once. A hold stays; a finish stays.
    """
    if enrollment.step is None:
        return False
    row = StepDone(
        enrollment_id=enrollment.id,
        contact_id=enrollment.contact_id,
        mailbox=enrollment.mailbox,
        step=enrollment.step,
    )
    return end_step(tx, row, standing, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """What is needed of an enrollment to go on from a step."""

    enrollment_id: int
    contact_id: int
    mailbox: str
    step: str


def end_step(tx: Tx | MarkTx, done: StepDone, standing: Standing | None, now: datetime) -> bool:
    """See `advance`."""
    which = {"enrollment": done.enrollment_id, "ended": done.step}
    if standing is not None:
        return bool(
            _ADVANCE.run(
                tx,
                which
                | {
                    "next_step": standing.step,
                    "anchor": standing.anchor_at,
                    "next": standing.next_at,
                    "prepare": standing.prepare_at,
                },
            )
        )
    is_over = bool(_COMPLETE.run(tx, which | {"now": now}))
    if is_over:
        event = Event(
            kind="finished",
            contact_id=done.contact_id,
            enrollment_id=done.enrollment_id,
            mailbox=done.mailbox,
            data={"reason": FinishReason.COMPLETED.value},
        )
        record(tx, now, event)
    return is_over


def _stands_there() -> Update:
    return update(enrollments).where(
        enrollments.c.id == param("enrollment", enrollments.c.id),
        enrollments.c.step == param("ended", enrollments.c.step),
        enrollments.c.state != E.FINISHED,
    )


def _to_complete() -> Update:
    values = finished_values(FinishReason.COMPLETED, None) | {"finished_at": instant("now")}
    return _stands_there().values({name: null() if one is None else one for name, one in values.items()})


_ADVANCE = Prepared(
    lambda: _stands_there().values(
        step=param("next_step", enrollments.c.step),
        anchor_at=instant("anchor"),
        next_at=instant("next"),
        prepare_at=instant("prepare"),
    )
)
_COMPLETE = Prepared(_to_complete)


def outstanding(
    tx: Tx, enrollment: Enrollment, *, next_at: datetime | None, expires_at: datetime | None = None
) -> bool:
    """The step's message or task is made: nothing to prepare until it ends, or at `expires_at` is too late.

    False: the enrollment was held, finished or moved since it was read; make nothing.
    """
    done = tx.execute(
        update(enrollments)
        .where(
            enrollments.c.id == enrollment.id,
            enrollments.c.step == enrollment.step,
            enrollments.c.version_hash == enrollment.version_hash,
            enrollments.c.state == E.ACTIVE,
            enrollments.c.prepare_at.is_not(None),
        )
        .values(prepare_at=expires_at, next_at=next_at)
    )
    return bool(done.rowcount)


def waiting_at(tx: Tx, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Step and version of those of these enrollments whose message or task is still to be made."""
    return {row["id"]: (row["step"], row["version_hash"]) for row in _WAITING_AT.rows(tx, list(ids))}


_WAITING_AT = Question(
    lambda ids: select(enrollments.c.id, enrollments.c.step, enrollments.c.version_hash).where(
        enrollments.c.id.in_(ids),
        enrollments.c.state == E.ACTIVE,
        enrollments.c.prepare_at.is_not(None),
        enrollments.c.step.is_not(None),
    )
)


def all_outstanding(tx: Tx, ids: Collection[int]) -> None:
    """Their messages are made, due when they were: nothing to prepare until they end."""
    tx.execute(update(enrollments).where(enrollments.c.id.in_(list(ids))).values(prepare_at=None))


def hold(tx: Tx, enrollment: Enrollment, new: Hold, now: datetime) -> bool:
    """active, held → held by the stronger of two holds; unsent messages are cancelled."""
    if enrollment.state is E.FINISHED:
        return False
    kept = stronger_hold(enrollment.hold, new)
    tx.execute(
        update(enrollments)
        .where(enrollments.c.id == enrollment.id, enrollments.c.state != E.FINISHED)
        .values(state=E.HELD, hold_reason=kept.reason, held_until=kept.until, hold_note=kept.note)
    )
    outbox_rows.cancel_unsent(tx, [enrollment.id], f"held: {kept.reason}")
    _record(tx, now, "held", enrollment, reason=kept.reason.value)
    return True


def resume(
    tx: Tx, enrollment: Enrollment, next_at: datetime, now: datetime, *, prepare_at: datetime | None = None
) -> bool:
    """held → active; the step it stands at is prepared afresh at `prepare_at` (now)."""
    done = tx.execute(
        update(enrollments)
        .where(enrollments.c.id == enrollment.id, enrollments.c.state == E.HELD)
        .values(
            state=E.ACTIVE,
            hold_reason=None,
            held_until=None,
            hold_note=None,
            next_at=next_at,
            prepare_at=prepare_at or now,
        )
    )
    if done.rowcount:
        _record(tx, now, "resumed", enrollment)
    return bool(done.rowcount)


def finish(tx: Tx, enrollment: Enrollment, reason: FinishReason, now: datetime) -> bool:
    """active, held → finished; `completed` alone is replaced by a later finish. Cancels unsent messages."""
    replaceable = or_(
        enrollments.c.state != E.FINISHED, enrollments.c.finish_reason == REPLACED_BY_LATER_FINISH
    )
    done = tx.execute(
        update(enrollments)
        .where(enrollments.c.id == enrollment.id, replaceable)
        .values(**finished_values(reason, now))
    )
    if done.rowcount:
        outbox_rows.cancel_unsent(tx, [enrollment.id], f"finished: {reason}")
        _record(tx, now, "finished", enrollment, reason=reason.value)
    return bool(done.rowcount)


def finished_values(reason: FinishReason, now: datetime | None) -> dict[str, Any]:
    """The columns of an enrollment that finishes."""
    gone = dict.fromkeys(("hold_reason", "held_until", "hold_note", "next_at", "prepare_at", "step"))
    return {"state": E.FINISHED, "finish_reason": reason, "finished_at": now, **gone}


def _record(tx: Tx, now: datetime, kind: str, enrollment: Enrollment, **data: Any) -> None:
    event = Event(
        kind=kind, contact_id=enrollment.contact_id, enrollment_id=enrollment.id, mailbox=enrollment.mailbox
    )
    event.data.update(data)
    record(tx, now, event)


def enrollment_of(row: Any) -> Enrollment:
    """An enrollments row as a core value."""
    hold = None
    if row["hold_reason"] is not None:
        hold = Hold(
            reason=HoldReason(row["hold_reason"]), until=row["held_until"], note=row["hold_note"] or ""
        )
    same = (
        *("id", "contact_id", "sequence", "round", "version_hash", "rep", "mailbox", "finished_at"),
        *("step", "anchor_at", "next_at", "prepare_at", "created_at"),
    )
    return Enrollment(
        **{name: row[name] for name in same},
        state=EnrollmentState(row["state"]),
        passed=tuple(row["passed"]),
        hold=hold,
        finish_reason=FinishReason(row["finish_reason"]) if row["finish_reason"] else None,
    )
