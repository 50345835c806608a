"""Everything the tables hold about one contact, row by row, for the person who asks to see it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Table, or_, select

from sequencer.store.engine import Tx
from sequencer.store.schema import (
    contacts,
    contents,
    corrections,
    enrollments,
    events,
    former_addresses,
    inbox,
    marks,
    notices,
    outbox,
    replies,
    suppressions,
    tasks,
)

_MACHINERY = frozenset(
    {
        *("data_hash", "version_hash", "attempt_id", "attempt", "tries", "boot_id", "claimed_at"),
        *("gate_read_at", "cap_count", "cap_limit", "wire_id", "rendered_at", "fingerprint", "uid"),
        *("uid_validity", "like_pattern", "prepare_at", "anchor_at", "copy_due_at", "batch_boot"),
        *("window", "window_until", "caps"),
    }
)
"""Columns that only say how the program does its work; whatever else a table gets is shown."""

_ABOUT: dict[str, Table] = {
    "former_addresses": former_addresses,
    "enrollments": enrollments,
    "messages": outbox,
    "tasks": tasks,
    "marks": marks,
    "corrections": corrections,
    "notices": notices,
    "events": events,
}


def rows_about(
    tx: Tx, contact_id: int, patterns: Collection[str], answers: Collection[int]
) -> dict[str, Any]:
    """`contact`, and lists of rows by what they are; `patterns` and `answers` are those that are theirs."""
    [contact] = _rows(tx, contacts, contacts.c.id == contact_id)
    found: dict[str, Any] = {"contact": contact}
    for name, table in _ABOUT.items():
        found[name] = _rows(tx, table, table.c.contact_id == contact_id)
    found["answers"] = _rows(tx, inbox, inbox.c.id.in_(list(answers)))
    to_them = or_(replies.c.contact_id == contact_id, replies.c.inbox_id.in_(list(answers)))
    found["replies"] = _rows(tx, replies, to_them)
    covers = or_(suppressions.c.contact_id == contact_id, suppressions.c.pattern.in_(list(patterns)))
    found["suppressions"] = _rows(tx, suppressions, covers)
    return found


def _rows(tx: Tx, table: Table, which: Any) -> list[dict[str, Any]]:
    twice = ("own_text", "html") if table is replies else ()  # `text` says it too
    shown = [column for column in table.columns if column.name not in (*_MACHINERY, *twice)]
    query = select(*shown, contents.c.text).join(contents) if table is outbox else select(*shown)
    order = list(table.primary_key.columns)
    return [dict(row) for row in tx.execute(query.where(which).order_by(*order)).mappings()]
