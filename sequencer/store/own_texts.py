"""What our messages to an address said: what a copy with an unknown id is compared with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sequencer.store.engine import Tx, chunks
from sequencer.store.schema import contents, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """One message that was handed over, or may have been."""

    outbox_id: int | None
    """None: it is a rep's answer from the command line."""
    reply_id: int | None = None
    address_key: str
    subject: str | None
    text: str
    html: str
    sending_at: datetime
    has_wire_id: bool
    """A copy with another id was seen before."""


def own_texts(tx: Tx, address_keys: Collection[str]) -> dict[str, list[OwnText]]:
    """By address key, the newest first."""
    found: dict[str, list[OwnText]] = {}
    columns = [outbox.c.address_key, contents.c.text, contents.c.html, outbox.c.sending_at]
    for keys in chunks(address_keys):
        query = (
            select(
                outbox.c.id.label("outbox_id"),
                outbox.c.sent_subject.label("subject"),
                outbox.c.wire_id.is_not(None).label("has_wire_id"),
                *columns,
            )
            .join(contents)
            .where(outbox.c.address_key.in_(keys), outbox.c.sending_at.is_not(None))
            .where(outbox.c.message_id.is_not(None))
            .order_by(outbox.c.sending_at.desc(), outbox.c.id.desc())
        )
        for row in tx.execute(query).mappings():
            one = OwnText(**{name: row[name] for name in OwnText.__slots__ if name != "reply_id"})
            found.setdefault(one.address_key, []).append(one)
    return found
