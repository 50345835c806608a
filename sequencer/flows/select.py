"""Select: which contacts a command means, by condition, list, name, or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sequencer.config import Rep
from sequencer.core.condition import parse_condition
from sequencer.core.contact import Contact
from sequencer.errors import InputError
from sequencer.files.text_file import read_text
from sequencer.flows.engine import Engine
from sequencer.flows.enroll import Refused
from sequencer.flows.find_contact import find_contacts
from sequencer.store import contacts
from sequencer.store.engine import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """The contacts meant, and what was named and isn't one."""

    found: tuple[Contact, ...]
    unknown: tuple[Refused, ...] = ()


def select_contacts(
    engine: Engine,
    acting: Rep,
    *,
    where: str | None = None,
    file: Path | None = None,
    names: Sequence[str] = (),
) -> Selected:
    """Contacts by `where`, by `file` (an address a line), by `names`, or all the acting rep may write to.

    InputError for a condition or file that can't be read, and for a file that names nobody.
    """
    with engine.store.read() as tx:
        if file is not None:
            names = _lines(file)
        if names:
            return _named(tx, names)
        everyone = contacts.all_contacts(tx)
        if where is None:
            return Selected(found=tuple(c for c in everyone if c.owner in (None, acting.name)))
        try:
            condition = parse_condition(where)
        except ValueError as error:
            raise InputError(f"--where: {error}") from None
        return Selected(found=tuple(contact for contact in everyone if condition.holds(contact)))


def _lines(file: Path) -> list[str]:
    lines = [line.strip() for line in read_text(file, str(file)).splitlines()]
    if not any(lines):
        # Nobody is not everybody: without names the whole list would be meant.
        raise InputError("the file names nobody", where=str(file), hint="write one address or id a line")
    return [line for line in lines if line]


def _named(tx: Tx, names: Sequence[str]) -> Selected:
    found = find_contacts(tx, list(dict.fromkeys(names)))
    people = {contact.id: contact for contact in found.values()}
    unknown = [name for name in dict.fromkeys(names) if name not in found]
    return Selected(
        found=tuple(people.values()),
        unknown=tuple(Refused(address=name, reason="is not a contact: import it first") for name in unknown),
    )
