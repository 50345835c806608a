"""What a plan counts as sent before it begins: messages that left or may have, with whom they went to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from sequencer.core.outbox import SPENT
from sequencer.store.cap_counts import is_first
from sequencer.store.engine import Tx
from sequencer.store.schema import mailboxes, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentMessage:
    """A message that counts against caps."""

    mailbox: str
    at: datetime
    contact_id: int
    company: str | None
    """Registrable domain; None for free mail."""
    is_first: bool
    """Nobody had written to the contact before."""


def spent_since(tx: Tx, since: datetime) -> list[SpentMessage]:
    """Of whatever mailbox, oldest first: what left after `since`, is leaving, or may have left."""
    query = (
        select(outbox.c.mailbox, outbox.c.sending_at.label("at"), outbox.c.contact_id, outbox.c.company)
        .add_columns(is_first().label("is_first"))
        .where(
            outbox.c.mailbox.in_(select(mailboxes.c.name)),  # the index begins with them
            outbox.c.sending_at.is_not(None),
            outbox.c.sending_at > since,
            outbox.c.state.in_(sorted(SPENT)),
        )
        .order_by(outbox.c.sending_at, outbox.c.id)
    )
    return [
        SpentMessage(
            mailbox=row.mailbox,
            at=row.at,
            contact_id=row.contact_id,
            company=row.company,
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
