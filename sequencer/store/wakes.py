"""When a mailbox's enrollments have something to do: a step that comes near, a hold that ends."""

from datetime import datetime

from sqlalchemy import func, select

from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.enrollments import enrollment_of
from sequencer.store.prepared import Question, instant, param
from sequencer.store.schema import enrollments

E = EnrollmentState


def to_prepare(tx: Tx, mailbox: str, now: datetime, limit: int = 200) -> list[Enrollment]:
    """Active enrollments of a mailbox whose next step is near, longest waiting first."""
    rows = _TO_PREPARE.rows(tx, (), {"mailbox": mailbox, "now": now, "limit": limit})
    return [enrollment_of(row) for row in rows]


_TO_PREPARE = Question(
    lambda _: (
        select(enrollments)
        .where(
            enrollments.c.mailbox == param("mailbox", enrollments.c.mailbox),
            is_any_of(enrollments.c.state, E.ACTIVE),
            enrollments.c.prepare_at <= instant("now"),
        )
        .order_by(enrollments.c.prepare_at, enrollments.c.id)
        .limit(param("limit", enrollments.c.id))
    )
)


def next_wake_at(tx: Tx, mailbox: str, after: datetime) -> datetime | None:
    """When, after this instant, the mailbox next has something to prepare or a hold to end."""
    prepare = select(func.min(enrollments.c.prepare_at)).where(
        enrollments.c.mailbox == mailbox,
        is_any_of(enrollments.c.state, E.ACTIVE),
        enrollments.c.prepare_at > after,
    )
    held = select(func.min(enrollments.c.held_until)).where(
        enrollments.c.mailbox == mailbox,
        is_any_of(enrollments.c.state, E.HELD),
        enrollments.c.held_until > after,
    )
    found = [at for at in (tx.execute(prepare).scalar(), tx.execute(held).scalar()) if at is not None]
    return min(found, default=None)


def holds_ending(tx: Tx, mailbox: str, now: datetime, limit: int = 200) -> list[Enrollment]:
    """Held enrollments of a mailbox whose date has come."""
    query = (
        select(enrollments)
        .where(
            enrollments.c.mailbox == mailbox,
            is_any_of(enrollments.c.state, E.HELD),
            enrollments.c.held_until <= now,
        )
        .order_by(enrollments.c.held_until, enrollments.c.id)
        .limit(limit)
    )
    return [enrollment_of(row) for row in tx.execute(query).mappings()]
