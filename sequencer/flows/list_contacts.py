"""List contacts: all, or those of an owner, with a tag, of whom a condition is true."""

from itertools import islice

from sequencer.core.condition import parse_condition
from sequencer.core.contact import Contact
from sequencer.errors import InputError
from sequencer.store.contacts import all_contacts
from sequencer.store.engine import Store


def list_contacts(
    store: Store,
    *,
    where: str | None = None,
    tag: str | None = None,
    owner: str | None = None,
    limit: int | None = None,
) -> list[Contact]:
    """The contacts asked for, in order of their numbers; InputError when `where` is no condition."""
    try:
        condition = parse_condition(where) if where is not None else None
    except ValueError as error:
        raise InputError(f"--where: {error}") from None
    with store.read() as tx:
        wanted = (
            contact
            for contact in all_contacts(tx, owner=owner)
            if (tag is None or tag in contact.tags) and (condition is None or condition.holds(contact))
        )
        return list(islice(wanted, limit))
