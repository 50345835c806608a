"""What a simulation asks of its copy of the database, and does to it: never of a workspace's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select, update

from sequencer.core.outbox import OutboxState
from sequencer.store.by_state import stands_in
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.schema import enrollments, events, folder_cursors, inbox, mailboxes, outbox, tasks

_IS_OPEN = and_(tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None), tasks.c.step.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a person: a message to be approved, or a step's task."""

    id: int
    mailbox: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMessage:
    """A message that is ready and due."""

    id: int
    address_key: str
    version_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Enrollments that finished."""

    by_reason: dict[str, int]
    last_at: datetime | None


def make_ready(tx: Tx) -> None:
    """The copy reads other mailboxes than the workspace: those of a simulation, which begin empty."""
    tx.execute(delete(folder_cursors))
    tx.execute(update(mailboxes).values(read_at=None, read_failed_at=None, read_failure=None))


def last_event_at(tx: Tx) -> datetime | None:
    """When anything last happened in the workspace."""
    found: datetime | None = tx.execute(
        select(events.c.at).order_by(events.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def to_approve(tx: Tx) -> list[Waiting]:
    """Messages that wait for a person's approval."""
    awaits = stands_in(outbox, (OutboxState.AWAITING_APPROVAL,))
    query = select(outbox.c.id, outbox.c.mailbox, outbox.c.due_at).where(awaits).order_by(outbox.c.id)
    return [Waiting(id=row.id, mailbox=row.mailbox, due_at=row.due_at) for row in tx.execute(query)]


def tasks_due(tx: Tx, now: datetime) -> list[Waiting]:
    """The open tasks of steps whose time has come."""
    query = (
        select(tasks.c.id, enrollments.c.mailbox, tasks.c.due_at)
        .join(enrollments, enrollments.c.id == tasks.c.enrollment_id)
        .where(_IS_OPEN, tasks.c.due_at <= now)
        .order_by(tasks.c.due_at, tasks.c.id)
    )
    return [Waiting(id=row.id, mailbox=row.mailbox, due_at=row.due_at) for row in tx.execute(query)]


def next_task_at(tx: Tx) -> datetime | None:
    """When the first of the open tasks of steps is due."""
    found: datetime | None = tx.execute(select(func.min(tasks.c.due_at)).where(_IS_OPEN)).scalar()
    return found


def due_messages(tx: Tx, mailbox: str, now: datetime) -> list[DueMessage]:
    """What is due in a mailbox and not put off, but for what a server deferred; in order of preparing."""
    query = (
        select(outbox.c.id, outbox.c.address_key, outbox.c.version_hash)
        .where(
            outbox.c.mailbox == mailbox,
            is_any_of(outbox.c.state, OutboxState.READY),
            outbox.c.due_at <= now,
            or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= now),
        )
        .order_by(outbox.c.id)
    )
    rows = tx.execute(query)
    return [DueMessage(id=row.id, address_key=row.address_key, version_hash=row.version_hash) for row in rows]


def put_off(tx: Tx, waits: Mapping[int, tuple[str, datetime]]) -> None:
    """Note why these messages wait, and until when: outbox id → reason, instant."""
    statement = (
        update(outbox)
        .where(outbox.c.id == bindparam("row_id"), is_any_of(outbox.c.state, OutboxState.READY))
        .values(reason=bindparam("why"), retry_at=bindparam("until", type_=outbox.c.retry_at.type))
    )
    rows = [{"row_id": row_id, "why": why, "until": until} for row_id, (why, until) in waits.items()]
    tx.execute(statement, rows)


def read_since(tx: Tx, since: datetime) -> Sequence[tuple[datetime, str]]:
    """When mail that concerns a contact came in, and what it was read as, in order."""
    query = (
        select(inbox.c.received_at, inbox.c.kind)
        .where(inbox.c.received_at >= since, inbox.c.contact_id.is_not(None))
        .order_by(inbox.c.received_at, inbox.c.id)
    )
    return [(row.received_at, row.kind) for row in tx.execute(query)]


def finished_since(tx: Tx, since: datetime) -> Ends:
    """How many enrollments finished for each reason, and when the last of them did."""
    reason, ended_at = enrollments.c.finish_reason, enrollments.c.finished_at
    query = select(reason, func.count(), func.max(ended_at, type_=ended_at.type))
    rows = tx.execute(query.where(ended_at >= since).group_by(reason).order_by(literal_column("1"))).all()
    return Ends(
        by_reason={row[0]: int(row[1]) for row in rows}, last_at=max((r[2] for r in rows), default=None)
    )
