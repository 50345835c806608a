"""When a mailbox's enrollments have something to do: a step that comes near, a hold that ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, select

from sequencer.core.enrollment import Enrollment, EnrollmentState
from sequencer.store.columns import is_any_of
from sequencer.store.engine import Tx
from sequencer.store.enrollments import enrollment_of
from sequencer.store.prepared import Question, instant, param
from sequencer.store.schema import enrollments

E = EnrollmentState


def _come(at: Column[datetime], state: E) -> Question:
    """A mailbox's enrollments in this state whose instant has come, longest waiting first."""
    return Question(
        lambda _: (
            select(enrollments)
            .where(
                enrollments.c.mailbox == param("mailbox", enrollments.c.mailbox),
                is_any_of(enrollments.c.state, state),
                at <= instant("now"),
            )
            .order_by(at, enrollments.c.id)
            .limit(param("limit", enrollments.c.id))
        )
    )


_TO_PREPARE = _come(enrollments.c.prepare_at, E.ACTIVE)
_HOLDS_ENDING = _come(enrollments.c.held_until, E.HELD)


def to_prepare(tx: Tx, mailbox: str, now: datetime, limit: int = 200) -> list[Enrollment]:
    """Active enrollments of a mailbox whose next step is near, longest waiting first."""
    rows = _TO_PREPARE.rows(tx, (), {"mailbox": mailbox, "now": now, "limit": limit})
    return [enrollment_of(row) for row in rows]


def next_wake_at(tx: Tx, mailbox: str, after: datetime) -> datetime | None:
    """When, after this instant, the mailbox next has something to prepare or a hold to end."""
    [row] = _NEXT_WAKE.rows(tx, (), {"mailbox": mailbox, "after": after})
    return min((at for at in row.values() if at is not None), default=None)


def _next_wake(_: object) -> Select[Any]:
    def first(at: Column[datetime], state: E) -> ColumnElement[Any]:
        mine = enrollments.c.mailbox == param("mailbox", enrollments.c.mailbox)
        query = select(func.min(at, type_=at.type)).where(mine, is_any_of(enrollments.c.state, state))
        return query.where(at > instant("after")).scalar_subquery().label(at.name)

    wakes: list[ColumnElement[Any]] = [first(enrollments.c.prepare_at, E.ACTIVE)]
    return select(*wakes, first(enrollments.c.held_until, E.HELD))


_NEXT_WAKE = Question(_next_wake)


def holds_ending(tx: Tx, mailbox: str, now: datetime, limit: int = 200) -> list[Enrollment]:
    """Held enrollments of a mailbox whose date has come."""
    rows = _HOLDS_ENDING.rows(tx, (), {"mailbox": mailbox, "now": now, "limit": limit})
    return [enrollment_of(row) for row in rows]
