"""Copies of sent messages in Sent: which are awaited, what was tried, and what a provider was seen to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import distinct, func, select, update

from sequencer.core.outbox import OutboxRow, OutboxState
from sequencer.store.engine import Tx
from sequencer.store.events import Event, record
from sequencer.store.schema import contacts, events, mailboxes, outbox

SAVING, SAVED, SEEN, MISSED, GIVEN_UP = (
    *("copy_saving", "copy_saved", "copy_seen", "copy_missed", "copy_given_up"),
)
"""Events: an intent, its end; the provider's own copy, the lack of one; the end of trying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is known of one mailbox's Sent folder."""

    files_sent: bool | None = None
    """Whether the provider files what it sends; None: not known yet."""
    sent_folder: str | None = None
    """The folder a copy was last saved or seen in."""
    read_at: datetime | None = None
    """Start of the last reading that completed."""
    read_failed_at: datetime | None = None
    """First failure since then."""


def habit(tx: Tx, mailbox: str) -> Habit:
    """What is known of this mailbox; nothing before its first start."""
    columns = [mailboxes.c[name] for name in Habit.__slots__]
    row = tx.execute(select(*columns).where(mailboxes.c.name == mailbox)).mappings().first()
    return Habit(**row) if row is not None else Habit()


def note_habit(tx: Tx, mailbox: str, **known: Any) -> None:
    """Remember `files_sent` or `sent_folder` of a known mailbox."""
    tx.execute(update(mailboxes).where(mailboxes.c.name == mailbox).values(**known))


def expect(tx: Tx, row_id: int, due_at: datetime | None) -> None:
    """The copy of a sent message is looked after at `due_at`; None: nothing is to be done any more."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.state == OutboxState.SENT)
        .values(copy_due_at=due_at)
    )


def due(tx: Tx, mailbox: str, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Row id and time of the copies to look after by now, the oldest first.

    Nothing of a person who was erased is written anywhere again.
    """
    query = (
        select(outbox.c.id, outbox.c.copy_due_at)
        .join(contacts, contacts.c.id == outbox.c.contact_id)
        .where(outbox.c.mailbox == mailbox, outbox.c.copy_due_at <= now, contacts.c.erased_at.is_(None))
        .order_by(outbox.c.copy_due_at, outbox.c.id)
        .limit(limit)
    )
    return [(row.id, row.copy_due_at) for row in tx.execute(query)]


def next_due_at(tx: Tx, mailbox: str, after: datetime) -> datetime | None:
    """When the next copy of the mailbox is looked after, after this instant."""
    found: datetime | None = tx.execute(
        select(func.min(outbox.c.copy_due_at)).where(
            outbox.c.mailbox == mailbox, outbox.c.copy_due_at > after
        )
    ).scalar()
    return found


def postpone(tx: Tx, mailbox: str, now: datetime, until: datetime) -> None:
    """What is due by now waits: the server takes no copies at present."""
    tx.execute(
        update(outbox)
        .where(outbox.c.mailbox == mailbox, outbox.c.copy_due_at <= now)
        .values(copy_due_at=until)
    )


def tell(tx: Tx, row: OutboxRow, kind: str, now: datetime) -> None:
    """Record what happened to the copy of a message."""
    event = Event(
        kind=kind,
        contact_id=row.contact_id,
        enrollment_id=row.enrollment_id,
        outbox_id=row.id,
        mailbox=row.mailbox,
    )
    record(tx, now, event)


def times_told(tx: Tx, row_id: int, kind: str) -> int:
    """How often something happened to the copy of one message."""
    query = select(func.count()).where(events.c.outbox_id == row_id, events.c.kind == kind)
    return int(tx.execute(query).scalar_one())


def observed(tx: Tx, mailbox: str, kind: str) -> int:
    """With how many messages of a mailbox this was seen."""
    query = (
        select(func.count(distinct(events.c.outbox_id)))
        .join(outbox, outbox.c.id == events.c.outbox_id)
        .where(outbox.c.mailbox == mailbox, outbox.c.sending_at.is_not(None), events.c.kind == kind)
    )
    return int(tx.execute(query).scalar_one())


def awaited(tx: Tx, mailbox: str, row_ids: Collection[int]) -> set[int]:
    """Which of these messages of the mailbox have a copy that somebody waits for, or may yet."""
    query = select(outbox.c.id).where(
        outbox.c.id.in_(list(row_ids)),
        outbox.c.mailbox == mailbox,
        outbox.c.copy_due_at.is_not(None) | outbox.c.state.in_([OutboxState.SENDING, OutboxState.UNSURE]),
    )
    return {row.id for row in tx.execute(query)}


def saved_since(tx: Tx, mailbox: str, message_ids: Collection[str], since: datetime) -> set[int]:
    """Which messages of the mailbox, by minted id, had a copy saved by us at or after `since`."""
    query = (
        select(outbox.c.id)
        .join(events, events.c.outbox_id == outbox.c.id)
        .where(
            outbox.c.message_id.in_(list(message_ids)),
            outbox.c.mailbox == mailbox,
            events.c.kind == SAVED,
            events.c.at >= since,
        )
    )
    return {row.id for row in tx.execute(query)}
