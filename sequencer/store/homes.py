"""Where contacts are: each country and state once."""

from sqlalchemy import select

from sequencer.store.engine import Tx
from sequencer.store.schema import contacts


def homes(tx: Tx) -> list[tuple[str, str]]:
    """Country (ISO alpha-2, or "") and state of the contacts, each pair once."""
    query = select(contacts.c.country, contacts.c.state).distinct()
    return sorted((row.country or "", row.state or "") for row in tx.execute(query))
