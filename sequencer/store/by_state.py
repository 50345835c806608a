"""Rows by state, asked so that small indexes answer: of all there ever was, nearly everything is over."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Table, select, union_all

from sequencer.core.enrollment import EnrollmentState
from sequencer.core.outbox import OutboxState
from sequencer.store.columns import is_any_of
from sequencer.store.schema import enrollments, outbox

RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.HELD)
"""The states of an enrollment that is not over."""
ASIDE = (OutboxState.AWAITING_APPROVAL, OutboxState.UNSURE, OutboxState.REFUSED, OutboxState.CANCELLED)
"""Messages that wait for a person, and those that came to nothing."""
_INDEXED: dict[Table, tuple[tuple[StrEnum, ...], ...]] = {
    enrollments: tuple((state,) for state in RUNNING),
    outbox: (
        (OutboxState.READY, OutboxState.DEFERRED),
        (OutboxState.CLAIMED, OutboxState.SENDING),
        ASIDE,
    ),
}
"""The states that partial indexes hold, each index's together and in its order."""


def stands_in(table: Table, states: Collection[StrEnum]) -> ColumnElement[bool]:
    """Whether a row of `table` (enrollments or outbox) is in one of `states`.

    Not for a question that names contacts or rows besides: those are few, and found by their own index.
    """
    groups = [group for group in _INDEXED[table] if not set(states).isdisjoint(group)]
    if not groups or set(states).difference(*groups):
        return table.c.state.in_(sorted(states))  # what is over is asked for too: all is looked through
    parts = [_ids(table, group, states) for group in groups]
    return table.c.id.in_(union_all(*parts) if len(parts) > 1 else parts[0])


def _ids(table: Table, group: tuple[StrEnum, ...], states: Collection[StrEnum]) -> Select[tuple[int]]:
    found = select(table.c.id).where(is_any_of(table.c.state, *group))
    wanted = [state for state in group if state in states]
    return found if len(wanted) == len(group) else found.where(table.c.state.in_(wanted))
