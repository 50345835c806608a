"""Applying an edited sequence: who runs it and what is under way for them, and their move in one write."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from sequencer.core.enrollment import Enrollment, FinishReason
from sequencer.core.outbox import UNSENT, OutboxState
from sequencer.store import outbox as outbox_rows
from sequencer.store.by_state import RUNNING, stands_in
from sequencer.store.engine import Tx, chunks
from sequencer.store.enrollments import enrollment_of, finished_values
from sequencer.store.events import Event, record, record_many
from sequencer.store.schema import enrollments, events, outbox, sequence_versions, tasks

APPLIED = "sequence_applied"
"""The event of a lead's decision about an edited sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A running enrollment and what there is of its step."""

    enrollment: Enrollment
    message_state: OutboxState | None
    """Of the step's message, if there is one that is not cancelled."""
    message_due_at: datetime | None
    has_task: bool
    """The step's task is open."""

    @property
    def is_under_way(self) -> bool:
        """The step's message left, is leaving, or nobody knows."""
        return self.message_state is not None and self.message_state not in UNSENT

    @property
    def has_unsent(self) -> bool:
        """The step's message waits to be sent."""
        return self.message_state is not None and self.message_state in UNSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A running enrollment about to go over to another version."""

    enrollment: Enrollment
    step: str | None
    """None: it completes."""
    passed: tuple[str, ...]
    next_at: datetime | None
    prepare_at: datetime | None
    withdraws: bool
    """The step's unsent message is cancelled."""
    keeps_task: bool
    """The step's open task stays, under the step's new name."""


def runners(tx: Tx, sequence: str) -> list[Runner]:
    """Every unfinished enrollment of a sequence, by id."""
    at_step = and_(
        outbox.c.enrollment_id == enrollments.c.id,
        outbox.c.step == enrollments.c.step,
        ~outbox.c.is_cancelled,
    )
    query = (
        select(enrollments, outbox.c.state.label("message_state"), outbox.c.due_at.label("message_due_at"))
        .outerjoin(outbox, at_step)
        .where(enrollments.c.sequence == sequence, stands_in(enrollments, RUNNING))
        .order_by(enrollments.c.id)
    )
    with_task = set(tx.execute(_open_tasks(sequence)).scalars())
    return [
        Runner(
            enrollment=enrollment_of(row),
            message_state=OutboxState(row["message_state"]) if row["message_state"] else None,
            message_due_at=row["message_due_at"],
            has_task=row["id"] in with_task,
        )
        for row in tx.execute(query).mappings()
    ]


def _open_tasks(sequence: str) -> Any:
    return (
        select(tasks.c.enrollment_id)
        .join(enrollments, enrollments.c.id == tasks.c.enrollment_id)
        .where(
            enrollments.c.sequence == sequence,
            stands_in(enrollments, RUNNING),
            tasks.c.step == enrollments.c.step,
            tasks.c.done_at.is_(None),
            tasks.c.cancelled_at.is_(None),
        )
    )


def versions_of(tx: Tx, sequence: str) -> list[str]:
    """The hashes of all its pinned versions, oldest first."""
    query = (
        select(sequence_versions.c.hash)
        .where(sequence_versions.c.sequence == sequence)
        .order_by(sequence_versions.c.created_at, sequence_versions.c.hash)
    )
    return list(tx.execute(query).scalars())


def go_over(tx: Tx, moving: Sequence[Moving], version_hash: str, now: datetime, *, by: str) -> None:
    """Pin these enrollments to a version; the transaction must have seen them as they are.

    Unsent messages that no longer fit are cancelled, and tasks of steps that are gone.
    """
    for batch in chunks(moving):
        outbox_rows.cancel_unsent(
            tx, [one.enrollment.id for one in batch if one.withdraws], "the sequence was edited"
        )
        _end_tasks(tx, [one.enrollment.id for one in batch if not one.keeps_task], now)
        kept = [one for one in batch if one.keeps_task and one.step != one.enrollment.step]
        _rename_tasks(tx, kept)
        _pin(tx, [one for one in batch if one.step is not None], version_hash)
        _complete(tx, [one for one in batch if one.step is None], version_hash, now)
        record_many(tx, now, (_event(one, version_hash, by) for one in batch))


def decide(tx: Tx, sequence: str, version_hash: str, now: datetime, *, only_new: bool, by: str) -> None:
    """Record what a lead decided about an edited sequence."""
    data = {"sequence": sequence, "version": version_hash, "only_new": only_new, "by": by}
    record(tx, now, Event(kind=APPLIED, data=data))


def decided_for_new(tx: Tx) -> dict[str, str]:
    """By sequence the version that a lead said is for new enrollments only, if that was said last."""
    of_nobody = events.c.contact_id.is_(None)  # few are, and they are found by an index
    query = select(events.c.data).where(of_nobody, events.c.kind == APPLIED).order_by(events.c.id)
    last = {data["sequence"]: data for data in tx.execute(query).scalars()}
    return {name: data["version"] for name, data in last.items() if data["only_new"]}


def _pin(tx: Tx, moving: Collection[Moving], version_hash: str) -> None:
    if not moving:
        return
    statement = (
        update(enrollments)
        .where(enrollments.c.id == bindparam("of_id"))
        .values(
            version_hash=version_hash,
            step=bindparam("new_step"),
            passed=bindparam("new_passed"),
            next_at=bindparam("new_next_at"),
            prepare_at=bindparam("new_prepare_at"),
        )
    )
    rows = [
        {
            "of_id": one.enrollment.id,
            "new_step": one.step,
            "new_passed": list(one.passed),
            "new_next_at": one.next_at,
            "new_prepare_at": one.prepare_at,
        }
        for one in moving
    ]
    tx.execute(statement, rows)


def _complete(tx: Tx, moving: Collection[Moving], version_hash: str, now: datetime) -> None:
    ids = [one.enrollment.id for one in moving]
    values = finished_values(FinishReason.COMPLETED, now) | {"version_hash": version_hash}
    tx.execute(update(enrollments).where(enrollments.c.id.in_(ids)).values(**values))
    ended = (
        Event(
            kind="finished",
            contact_id=one.enrollment.contact_id,
            enrollment_id=one.enrollment.id,
            mailbox=one.enrollment.mailbox,
            data={"reason": FinishReason.COMPLETED.value},
        )
        for one in moving
    )
    record_many(tx, now, ended)


def _end_tasks(tx: Tx, ids: Collection[int], now: datetime) -> None:
    is_open = (tasks.c.step.is_not(None), tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None))
    tx.execute(update(tasks).where(tasks.c.enrollment_id.in_(ids), *is_open).values(cancelled_at=now))


def _rename_tasks(tx: Tx, moving: Iterable[Moving]) -> None:
    rows = [{"of_id": one.enrollment.id, "old": one.enrollment.step, "new": one.step} for one in moving]
    if rows:
        statement = (
            update(tasks)
            .where(
                tasks.c.enrollment_id == bindparam("of_id"),
                tasks.c.step == bindparam("old"),
                tasks.c.done_at.is_(None),
                tasks.c.cancelled_at.is_(None),
            )
            .values(step=bindparam("new"))
        )
        tx.execute(statement, rows)


def _event(one: Moving, version_hash: str, by: str) -> Event:
    data: dict[str, Any] = {"from": one.enrollment.version_hash[:12], "to": version_hash[:12], "by": by}
    if one.step != one.enrollment.step:
        data |= {"was": one.enrollment.step, "step": one.step}
    return Event(
        kind="version_changed",
        contact_id=one.enrollment.contact_id,
        enrollment_id=one.enrollment.id,
        mailbox=one.enrollment.mailbox,
        data=data,
    )
