"""Give a contact another address: the old one stays known, and nothing prepared for it leaves."""

from datetime import datetime

from sequencer.core.contact import Contact
from sequencer.store.contacts import keep_former_address
from sequencer.store.engine import Tx


def change_address(tx: Tx, before: Contact, after: Contact, now: datetime) -> None:
    """Keep the address of `before` as former and cancel what is unsent; the caller writes `after` itself.

    One transaction with that write, so that no message can be claimed for an address no longer theirs.
    """
    from sequencer.store.outbox import cancel_unsent_of_contact

    keep_former_address(tx, before, after, now)
    cancel_unsent_of_contact(tx, before.id, "address changed", now)
