"""What a plan counts as sent before it begins: messages that left or may have, with whom they went to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from sequencer.core.outbox import SPENT
from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import contacts, mailboxes, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentMessage:
    """A message that counts against caps."""

    mailbox: str
    at: datetime
    contact_id: int
    domain: str
    """The contact's registrable domain."""
    is_first: bool
    """Nobody had written to the contact before."""


def spent_since(tx: Tx, since: datetime) -> list[SpentMessage]:
    """Of whatever mailbox, oldest first: what left after `since`, is leaving, or may have left."""
    earlier = outbox.alias("earlier")
    was_written_to = exists(
        select(earlier.c.id).where(
            earlier.c.contact_id == outbox.c.contact_id,
            earlier.c.state.in_(sorted(SPENT)),
            or_(
                earlier.c.sending_at < outbox.c.sending_at,
                and_(earlier.c.sending_at == outbox.c.sending_at, earlier.c.id < outbox.c.id),
            ),
        )
    )
    query = (
        select(outbox.c.mailbox, outbox.c.sending_at, outbox.c.contact_id, contacts.c.domain)
        .add_columns((~was_written_to).label("is_first"))
        # By way of the mailboxes, for the index begins with them.
        .select_from(mailboxes)
        .join(outbox, outbox.c.mailbox == mailboxes.c.name)
        .join(contacts, contacts.c.id == outbox.c.contact_id)
        .where(
            outbox.c.sending_at.is_not(None),
            outbox.c.sending_at > since,
            outbox.c.state.in_(sorted(SPENT)),
        )
        .order_by(outbox.c.sending_at, outbox.c.id)
    )
    return [
        SpentMessage(
            mailbox=row.mailbox,
            at=row.sending_at,
            contact_id=row.contact_id,
            domain=row.domain or "",
            is_first=bool(row.is_first),
        )
        for row in tx.execute(query)
    ]


def last_sending(tx: Tx) -> dict[str, datetime]:
    """By mailbox: when content last left it, whatever came of it."""
    at = (
        select(func.max(outbox.c.sending_at))
        .where(outbox.c.mailbox == mailboxes.c.name, outbox.c.sending_at.is_not(None))
        .scalar_subquery()
    )
    rows = tx.execute(select(mailboxes.c.name, at.label("at")))
    return {row.name: row.at for row in rows if row.at is not None}


def first_spent(tx: Tx, names: Collection[str]) -> dict[str, datetime]:
    """By mailbox: its first message that left or may have; those without one are missing."""
    at = (
        select(outbox.c.sending_at)
        .where(
            outbox.c.mailbox == mailboxes.c.name,
            outbox.c.sending_at.is_not(None),
            outbox.c.state.in_(sorted(SPENT)),
        )
        .order_by(outbox.c.sending_at)
        .limit(1)
        .scalar_subquery()
    )
    found: dict[str, datetime] = {}
    for chunk in chunks(names):
        query = select(mailboxes.c.name, at.label("at")).where(mailboxes.c.name.in_(chunk))
        found |= {row.name: row.at for row in tx.execute(query) if row.at is not None}
    return found
