"""What the program itself noted of a contact: what DNS said of the address, and whether it was erased."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sequencer.store.engine import Tx
from sequencer.store.schema import contacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one contact."""

    mail_check: str | None = None
    """What DNS said of the address's domain; None: it was never asked."""
    mail_checked_at: datetime | None = None
    erased_at: datetime | None = None


def marks_of(tx: Tx, contact_id: int) -> Marks:
    """The marks of a contact; of one that is not there, none."""
    query = select(*(contacts.c[name] for name in Marks.__slots__)).where(contacts.c.id == contact_id)
    row = tx.execute(query).mappings().first()
    return Marks(**row) if row else Marks()
