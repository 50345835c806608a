"""Tasks for the rep: calls, invitations, and what an answer asks a person to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.schema import contacts, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row of `tasks`, with the contact's address."""

    id: int
    contact_id: int
    address: str
    enrollment_id: int | None
    step: str | None
    """The step it is; None for a task that an answer made."""
    rep: str
    title: str
    due_at: datetime
    done_at: datetime | None
    cancelled_at: datetime | None = None


def add(
    tx: Tx,
    *,
    contact_id: int,
    enrollment_id: int | None,
    step: str | None,
    rep: str,
    title: str,
    due_at: datetime,
    now: datetime,
) -> int:
    """Insert a task; returns its id."""
    values: dict[str, Any] = {"contact_id": contact_id, "enrollment_id": enrollment_id, "step": step}
    values |= {"rep": rep, "title": title, "due_at": due_at, "created_at": now}
    task_id = int(tx.execute(insert(tasks).values(**values).returning(tasks.c.id)).scalar_one())
    record(tx, now, Event(kind="task_added", contact_id=contact_id, enrollment_id=enrollment_id))
    return task_id


def listed(
    tx: Tx,
    *,
    rep: str | None = None,
    contact_id: int | None = None,
    due_before: datetime | None = None,
    with_done: bool = False,
    limit: int | None = None,
) -> list[Task]:
    """Tasks by due date."""
    query = (
        select(tasks, contacts.c.address)
        .join(contacts, contacts.c.id == tasks.c.contact_id)
        .where(tasks.c.cancelled_at.is_(None))
        .order_by(tasks.c.due_at, tasks.c.id)
        .limit(limit)
    )
    if rep is not None:
        query = query.where(tasks.c.rep == rep)
    if contact_id is not None:
        query = query.where(tasks.c.contact_id == contact_id)
    if due_before is not None:
        query = query.where(tasks.c.due_at < due_before)
    if not with_done:
        query = query.where(tasks.c.done_at.is_(None))
    return [_task(row) for row in tx.execute(query).mappings()]


def by_ids(tx: Tx, ids: Sequence[int]) -> list[Task]:
    """These tasks, in order of id; cancelled ones too."""
    query = (
        select(tasks, contacts.c.address)
        .join(contacts, contacts.c.id == tasks.c.contact_id)
        .where(tasks.c.id.in_(list(ids)))
        .order_by(tasks.c.id)
    )
    return [_task(row) for row in tx.execute(query).mappings()]


def done(tx: Tx, task: Task, now: datetime) -> bool:
    """Mark an open task done."""
    changed = tx.execute(
        update(tasks)
        .where(tasks.c.id == task.id, tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None))
        .values(done_at=now)
    )
    if changed.rowcount:
        event = Event(kind="task_done", contact_id=task.contact_id, enrollment_id=task.enrollment_id)
        record(tx, now, event)
    return bool(changed.rowcount)


def exists_for_step(tx: Tx, enrollment_id: int, step: str) -> bool:
    """Whether the step's task was made already; one that was cancelled may be made again."""
    query = select(func.count()).where(
        tasks.c.enrollment_id == enrollment_id, tasks.c.step == step, tasks.c.cancelled_at.is_(None)
    )
    return bool(tx.execute(query).scalar())


def cancel_open_of_enrollment(tx: Tx, enrollment_id: int, now: datetime) -> int:
    """A finished enrollment asks nothing more of the rep."""
    changed = tx.execute(
        update(tasks)
        .where(
            tasks.c.enrollment_id == enrollment_id,
            tasks.c.step.is_not(None),
            tasks.c.done_at.is_(None),
            tasks.c.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    return int(changed.rowcount)


def _task(row: Any) -> Task:
    return Task(**{name: row[name] for name in Task.__slots__})
