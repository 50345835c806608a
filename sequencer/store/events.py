"""The append-only record behind every number: ids, codes and hashes, never a buyer's words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from sequencer.store.engine import MarkTx, Tx
from sequencer.store.prepared import Prepared, param
from sequencer.store.schema import events

_COLUMNS = ("at", "kind", "contact_id", "enrollment_id", "outbox_id", "mailbox", "data")
_APPEND = Prepared(lambda: insert(events).values({name: param(name, events.c[name]) for name in _COLUMNS}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, at one instant."""

    kind: str
    contact_id: int | None = None
    enrollment_id: int | None = None
    outbox_id: int | None = None
    mailbox: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    """Set by the store when read back."""


def record(tx: Tx | MarkTx, now: datetime, *happened: Event) -> None:
    """Append events that happened at `now`."""
    for event in happened:
        _APPEND.run(tx, _values(event, now))


def record_many(tx: Tx, now: datetime, happened: Iterable[Event]) -> None:
    """Append any number of events in one statement."""
    _APPEND.run_many(tx, (_values(event, now) for event in happened))


def _values(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "kind": event.kind,
        "contact_id": event.contact_id,
        "enrollment_id": event.enrollment_id,
        "outbox_id": event.outbox_id,
        "mailbox": event.mailbox,
        "data": event.data,
    }


def events_of_contact(tx: Tx, contact_id: int) -> list[Event]:
    """Everything that happened with one contact, oldest first."""
    query = select(events).where(events.c.contact_id == contact_id).order_by(events.c.id)
    return [
        Event(
            kind=row.kind,
            contact_id=row.contact_id,
            enrollment_id=row.enrollment_id,
            outbox_id=row.outbox_id,
            mailbox=row.mailbox,
            data=row.data,
            at=row.at,
        )
        for row in tx.execute(query)
    ]
