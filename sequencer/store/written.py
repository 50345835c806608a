"""Whom we wrote to, and by which ids: what an answer is matched against."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import enrollments, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One of our messages that left, or may have."""

    outbox_id: int
    enrollment_id: int
    contact_id: int
    address_key: str
    message_id: str
    wire_id: str | None
    subject: str | None
    sending_at: datetime | None


def by_message_ids(tx: Tx, message_ids: Collection[str]) -> dict[str, Written]:
    """Our messages by minted or wire id (with angle brackets), keyed by the id asked for."""
    found: dict[str, Written] = {}
    for ids in chunks(message_ids):
        query = _written().where(or_(outbox.c.message_id.in_(ids), outbox.c.wire_id.in_(ids)))
        for written in _read(tx, query):
            for message_id in (written.message_id, written.wire_id):
                if message_id is not None and message_id in ids:
                    found[message_id] = written
    return found


def last_by_address(tx: Tx, address_keys: Collection[str]) -> dict[str, Written]:
    """The last message handed over to each of these addresses."""
    found: dict[str, Written] = {}
    for keys in chunks(address_keys):
        query = _written().where(outbox.c.address_key.in_(keys), outbox.c.sending_at.is_not(None))
        found |= {w.address_key: w for w in _read(tx, query.order_by(outbox.c.sending_at, outbox.c.id))}
    return found


def last_by_contact(tx: Tx, contact_ids: Collection[int]) -> dict[int, Written]:
    """The last message handed over to each of these contacts."""
    found: dict[int, Written] = {}
    for ids in chunks(contact_ids):
        query = _written().where(outbox.c.contact_id.in_(ids), outbox.c.sending_at.is_not(None))
        found |= {w.contact_id: w for w in _read(tx, query.order_by(outbox.c.sending_at, outbox.c.id))}
    return found


def last_by_enrollment(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, Written]:
    """The last message handed over in each of these enrollments (found by an unsubscribe token)."""
    found: dict[int, Written] = {}
    for ids in chunks(enrollment_ids):
        query = _written().where(outbox.c.enrollment_id.in_(ids), outbox.c.sending_at.is_not(None))
        found |= {w.enrollment_id: w for w in _read(tx, query.order_by(outbox.c.sending_at, outbox.c.id))}
    return found


def minted_ids(tx: Tx) -> set[str]:
    """Every Message-ID that was minted, angle brackets included."""
    query = select(outbox.c.message_id).where(outbox.c.message_id.is_not(None))
    return {row.message_id for row in tx.execute(query)}


def contacts_of_enrollments(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, int]:
    """Enrollment → contact."""
    found: dict[int, int] = {}
    for ids in chunks(enrollment_ids):
        query = select(enrollments.c.id, enrollments.c.contact_id).where(enrollments.c.id.in_(ids))
        found |= {row.id: row.contact_id for row in tx.execute(query)}
    return found


def _written() -> Select[Any]:
    return select(
        outbox.c.id.label("outbox_id"),
        outbox.c.enrollment_id,
        outbox.c.contact_id,
        outbox.c.address_key,
        outbox.c.message_id,
        outbox.c.wire_id,
        outbox.c.sent_subject.label("subject"),
        outbox.c.sending_at,
    ).where(outbox.c.message_id.is_not(None))


def _read(tx: Tx, query: Select[Any]) -> list[Written]:
    return [
        Written(**{name: row[name] for name in Written.__slots__}) for row in tx.execute(query).mappings()
    ]
