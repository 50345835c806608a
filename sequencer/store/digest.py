"""What a digest counts, by rep: a day's messages and answers, and what waits."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from sequencer.core.enrollment import EnrollmentState, HoldReason
from sequencer.core.inbound import VerdictKind
from sequencer.core.outbox import OutboxState
from sequencer.store.by_state import stands_in
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.mailboxes import writing_mailboxes
from sequencer.store.schema import contacts, enrollments, inbox, outbox, tasks

_ANSWERED_IN = timedelta(days=1)


def sent(tx: Tx, since: datetime, until: datetime) -> dict[str, int]:
    """Messages sent in `[since, until)`."""
    # Nobody asks for a time of sending alone; a server's answer is not waited for this long.
    near = (outbox.c.mailbox.in_(select(writing_mailboxes())), outbox.c.sending_at >= since - _ANSWERED_IN)
    return _messages(tx, OutboxState.SENT, outbox.c.sent_at, since, until, *near)


def refused(tx: Tx, since: datetime, until: datetime) -> dict[str, int]:
    """Messages that a server refused for good in `[since, until)`."""
    return _messages(tx, OutboxState.REFUSED, outbox.c.claimed_at, since, until)


def came_back(tx: Tx, kind: VerdictKind, since: datetime, until: datetime) -> dict[str, int]:
    """Incoming messages of a kind read in `[since, until)` that concern a contact."""
    rep = _rep_of_answer()
    query = (
        select(rep, func.count())
        .select_from(_answers())
        .where(inbox.c.kind == kind, inbox.c.read_at >= since, inbox.c.read_at < until)
        .group_by(rep)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def answered(tx: Tx, since: datetime, until: datetime) -> list[tuple[str | None, int]]:
    """(rep, contact) of every person who answered in `[since, until)`, each once, in order."""
    rep = _rep_of_answer()
    query = (
        select(rep, inbox.c.contact_id)
        .select_from(_answers())
        .where(inbox.c.kind == VerdictKind.REPLY, inbox.c.read_at >= since, inbox.c.read_at < until)
        .order_by(inbox.c.id)
    )
    return list(dict.fromkeys((row[0], int(row[1])) for row in tx.execute(query)))


def waiting_holds(tx: Tx) -> dict[str, int]:
    """Enrollments that wait for a person who did not pause them."""
    query = (
        select(enrollments.c.rep, func.count())
        .where(
            is_any_of(enrollments.c.state, EnrollmentState.HELD),
            enrollments.c.held_until.is_(None),
            enrollments.c.hold_reason != HoldReason.PAUSED,
        )
        .group_by(enrollments.c.rep)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def open_tasks(tx: Tx, reps: Collection[str], until: datetime) -> dict[str, int]:
    """Open tasks of these reps due before `until`."""
    query = (
        select(tasks.c.rep, func.count())
        .where(
            tasks.c.rep.in_(list(reps)),
            tasks.c.done_at.is_(None),
            tasks.c.cancelled_at.is_(None),
            tasks.c.due_at < until,
        )
        .group_by(tasks.c.rep)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def _messages(
    tx: Tx,
    state: OutboxState,
    at: ColumnElement[datetime],
    since: datetime,
    until: datetime,
    *near: ColumnElement[bool],
) -> dict[str, int]:
    query = (
        select(outbox.c.rep, func.count())
        .where(*near, stands_in(outbox, [state]), at >= since, at < until)
        .group_by(outbox.c.rep)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def _rep_of_answer() -> ColumnElement[str]:
    return func.coalesce(enrollments.c.rep, contacts.c.owner).label("rep")


def _answers() -> Any:
    joined = inbox.join(contacts, contacts.c.id == inbox.c.contact_id)
    return joined.outerjoin(enrollments, enrollments.c.id == inbox.c.enrollment_id)
