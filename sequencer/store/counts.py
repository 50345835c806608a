"""Counts for `status`: how much is in which state, and what each mailbox has to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Table, and_, case, func, select

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.outbox import SPENT, OutboxState
from sequencer.store.by_state import RUNNING, stands_in
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.mailboxes import writing_mailboxes
from sequencer.store.schema import enrollments, inbox, outbox, tasks

S, E = OutboxState, EnrollmentState


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTasks:
    """Tasks not done yet."""

    count: int
    overdue: int
    """Of these, due before now."""


def enrollments_by_state(tx: Tx) -> dict[str, int]:
    """How many enrollments are in each state."""
    return _by_state(tx, enrollments, RUNNING, E.FINISHED)


def holds_by_reason(tx: Tx) -> dict[str, int]:
    """How many enrollments are held for each reason."""
    query = (
        select(enrollments.c.hold_reason, func.count())
        .where(is_any_of(enrollments.c.state, E.HELD))
        .group_by(enrollments.c.hold_reason)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def finishes_by_reason(tx: Tx) -> dict[str, int]:
    """How many enrollments finished for each reason."""
    query = (
        select(enrollments.c.finish_reason, func.count())
        .where(enrollments.c.state == "finished")
        .group_by(enrollments.c.finish_reason)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def inbox_by_kind(tx: Tx) -> dict[str, int]:
    """How many incoming messages that concern a contact were of each kind."""
    query = select(inbox.c.kind, func.count()).where(inbox.c.contact_id.is_not(None)).group_by(inbox.c.kind)
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def outbox_by_state(tx: Tx) -> dict[str, int]:
    """How many messages are in each state."""
    return _by_state(tx, outbox, [state for state in S if state is not S.SENT], S.SENT)


def _by_state(tx: Tx, table: Table, few: Sequence[StrEnum], most: StrEnum) -> dict[str, int]:
    """Rows by state; those in `most` are what is left of all."""
    state = table.c.state
    query = select(state, func.count()).where(stands_in(table, few)).group_by(state)
    found = {row[0]: int(row[1]) for row in tx.execute(query)}
    every = int(tx.execute(select(func.count()).select_from(table)).scalar_one())
    left = every - sum(found.values())
    return found | ({most.value: left} if left else {})


def spent_since(tx: Tx, since: datetime) -> dict[str, int]:
    """How many messages each mailbox handed over (or may have) after `since`, as its cap counts them."""
    each = writing_mailboxes()
    # Not a join: with statistics SQLite takes mailboxes for so few that it makes an index of all messages.
    of_one = (
        select(func.count())
        .where(
            outbox.c.mailbox == each.c.mailbox,
            outbox.c.sending_at.is_not(None),
            outbox.c.sending_at > since,
            outbox.c.state.in_(sorted(SPENT)),
        )
        .correlate(each)
        .scalar_subquery()
    )
    return {row[0]: int(row[1]) for row in tx.execute(select(each.c.mailbox, of_one)) if row[1]}


def next_due(tx: Tx) -> dict[str, datetime]:
    """When each mailbox's next message comes due (which may be past)."""
    is_later = and_(outbox.c.retry_at.is_not(None), outbox.c.retry_at > outbox.c.due_at)
    at = case((is_later, outbox.c.retry_at), else_=outbox.c.due_at)
    query = (
        select(outbox.c.mailbox, func.min(at))
        .where(is_any_of(outbox.c.state, S.READY, S.DEFERRED))
        .group_by(outbox.c.mailbox)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def open_tasks(tx: Tx, now: datetime) -> OpenTasks:
    """Tasks of all reps that wait to be done."""
    overdue = func.sum(case((tasks.c.due_at < now, 1), else_=0))
    query = select(func.count(), overdue).where(tasks.c.done_at.is_(None), tasks.c.cancelled_at.is_(None))
    count, late = tx.execute(query).one()
    return OpenTasks(count=int(count), overdue=int(late or 0))
