"""What left for one contact, oldest first: the other half of a conversation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sequencer.store.engine import Tx
from sequencer.store.schema import contents, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A message that left, or may have."""

    outbox_id: int
    address: str
    mailbox: str
    sequence: str
    step: str
    message_id: str
    wire_id: str | None
    subject: str | None
    text: str
    sending_at: datetime


def sent_to_contact(tx: Tx, contact_id: int) -> list[SentMail]:
    """Everything of which content left for them, oldest first."""
    same = ("address", "mailbox", "sequence", "step", "message_id", "wire_id", "sending_at")
    query = (
        select(
            *(outbox.c[name] for name in same),
            outbox.c.id.label("outbox_id"),
            outbox.c.sent_subject.label("subject"),
            contents.c.text,
        )
        .join(contents, contents.c.outbox_id == outbox.c.id)
        .where(
            outbox.c.contact_id == contact_id,
            outbox.c.sending_at.is_not(None),
            outbox.c.message_id.is_not(None),
        )
        .order_by(outbox.c.sending_at, outbox.c.id)
    )
    return [
        SentMail(**{name: row[name] for name in SentMail.__slots__}) for row in tx.execute(query).mappings()
    ]
