"""Find the contacts that a person names: by the user's own id, by address, or by number."""

from collections.abc import Sequence

from sequencer.core.address import key_or_none
from sequencer.core.contact import Contact
from sequencer.errors import InputError
from sequencer.store.contacts import contacts_at, contacts_of, contacts_with_external_ids
from sequencer.store.engine import Tx


def find_contacts(tx: Tx, names: Sequence[str]) -> dict[str, Contact]:
    """By name as given: who has this own id, else this (current or former) address, else this number.

    `#12` is always the number, for those whose own ids are numbers too. Three questions, however many names.
    """
    plain = {name: name.strip() for name in names}
    keys = {name: key_or_none(text) for name, text in plain.items()}
    numbers = {name: _number(text.removeprefix("#")) for name, text in plain.items()}
    own = contacts_with_external_ids(tx, {text for text in plain.values() if not text.startswith("#")})
    at = contacts_at(tx, {key for key in keys.values() if key})
    numbered = contacts_of(tx, {number for number in numbers.values() if number is not None})
    found: dict[str, Contact] = {}
    for name, text in plain.items():
        contact = own.get(text) or at.get(keys[name] or "") or numbered.get(numbers[name] or 0)
        if contact is not None:
            found[name] = contact
    return found


def find_contact(tx: Tx, name: str) -> Contact | None:
    """The contact that is named, as `find_contacts` finds them."""
    return find_contacts(tx, [name]).get(name)


def the_contact(tx: Tx, name: str) -> Contact:
    """The contact that is named; InputError when there is none."""
    contact = find_contact(tx, name)
    if contact is None:
        raise InputError(
            f"there is no contact {name!r}",
            hint="name an id or an address; `sequencer contacts list` shows them",
        )
    return contact


def _number(text: str) -> int | None:
    # SQLite's integers end at 2**63.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
