"""Lists of messages by what a person asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store.by_state import stands_in
from sequencer.store.engine import Tx
from sequencer.store.outbox import WITH_CONTENT, row_of
from sequencer.store.schema import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which messages a list shows; what is not said does not matter."""

    ids: Sequence[int] | None = None
    states: Sequence[OutboxState] = ()
    contact_id: int | None = None
    sequence: str | None = None
    due_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on `outbox`."""
        wanted: list[ColumnElement[bool]] = []
        if self.ids is not None:
            wanted.append(outbox.c.id.in_(list(self.ids)))
        if self.states:
            is_about_few = self.ids is not None or self.contact_id is not None
            in_state = outbox.c.state.in_(list(self.states))
            wanted.append(in_state if is_about_few else stands_in(outbox, self.states))
        if self.contact_id is not None:
            wanted.append(outbox.c.contact_id == self.contact_id)
        if self.sequence is not None:
            wanted.append(outbox.c.sequence == self.sequence)
        if self.due_before is not None:
            wanted.append(outbox.c.due_at <= self.due_before)
        return wanted


def listed(tx: Tx, which: Filter, limit: int | None = None) -> list[OutboxRow]:
    """These messages, next to leave first."""
    query = WITH_CONTENT.where(*which.conditions()).order_by(outbox.c.due_at, outbox.c.id).limit(limit)
    return [row_of(row) for row in tx.execute(query).mappings()]


def count(tx: Tx, which: Filter) -> int:
    """How many these are."""
    return int(tx.execute(select(func.count()).select_from(outbox).where(*which.conditions())).scalar_one())
