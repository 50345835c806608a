"""What speaks against enrolling a contact: earlier rounds, other active sequences, recent answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import enrollments, events, inbox

ANSWERED_BY_HAND = "answered_by_hand"
"""The event of an answer that no mailbox saw (a call, a fair, another address), told by a person."""


def rounds_so_far(tx: Tx, contact_ids: Iterable[int], sequence: str) -> dict[int, int]:
    """The highest round of this sequence each contact has been through."""
    found: dict[int, int] = {}
    for ids in chunks(contact_ids):
        query = (
            select(enrollments.c.contact_id, func.max(enrollments.c.round))
            .where(enrollments.c.contact_id.in_(ids), enrollments.c.sequence == sequence)
            .group_by(enrollments.c.contact_id)
        )
        found |= {row[0]: int(row[1]) for row in tx.execute(query)}
    return found


def unfinished_sequences(tx: Tx, contact_ids: Iterable[int]) -> dict[int, str]:
    """The sequence each contact is active or held in, if any."""
    found: dict[int, str] = {}
    for ids in chunks(contact_ids):
        query = select(enrollments.c.contact_id, enrollments.c.sequence).where(
            enrollments.c.contact_id.in_(ids), enrollments.c.state != "finished"
        )
        found |= {row.contact_id: row.sequence for row in tx.execute(query)}
    return found


def last_answers(tx: Tx, contact_ids: Iterable[int], since: datetime) -> dict[int, datetime]:
    """When each contact last answered as a person (replies only, not auto-replies), if after `since`."""
    found: dict[int, datetime] = {}
    for ids in chunks(contact_ids):
        read = (
            select(inbox.c.contact_id, func.max(inbox.c.received_at))
            .where(inbox.c.contact_id.in_(ids), inbox.c.kind == "reply", inbox.c.received_at >= since)
            .group_by(inbox.c.contact_id)
        )
        told = (
            select(events.c.contact_id, func.max(events.c.at))
            .where(events.c.contact_id.in_(ids), events.c.kind == ANSWERED_BY_HAND, events.c.at >= since)
            .group_by(events.c.contact_id)
        )
        for query in (read, told):
            for contact_id, at in tx.execute(query):
                found[contact_id] = max(at, found.get(contact_id, at))
    return found
