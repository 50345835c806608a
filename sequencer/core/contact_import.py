"""What becomes of each row of a list: added, updated, unchanged, skipped or rejected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sequencer.core.address_check import CheckedAddress
from sequencer.core.candidate import Candidate, Unusable
from sequencer.core.contact import Contact
from sequencer.core.contact_list import ListRow
from sequencer.core.contact_merge import ListWide, is_somebody_else, merged, new_contact, readdressed
from sequencer.core.erasure import WAS_ERASED


class Outcome(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row's outcome, and the contact to be written for it."""

    row: ListRow
    address: str
    """The address this is about, as written or as known; a row with several has a decision for each."""
    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()
    before: Contact | None = None
    """The contact that was matched."""
    after: Contact | None = None
    """The contact to be added (its id is 0) or updated."""
    former: tuple[CheckedAddress, ...] = ()
    """Addresses the row says they had before."""

    @property
    def is_address_change(self) -> bool:
        """The contact gets another address: the old one is kept as former, unsent messages are cancelled."""
        return bool(self.before and self.after and self.before.address_key != self.after.address_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The contacts that a batch of rows may be about."""

    by_external_id: Mapping[str, Contact]
    by_key: Mapping[str, Contact]
    """By current or former address_key."""
    erased: frozenset[str] = frozenset()
    """The address_keys of people whose data was erased on request."""


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    external_id: str | None
    key: str | None


@dataclass(slots=True)
class Seen:
    """What earlier rows of the same list were about; rejected rows do not count."""

    ids: dict[str, _Place] = field(default_factory=dict)
    keys: dict[str, _Place] = field(default_factory=dict)
    contacts: dict[int, _Place] = field(default_factory=dict)

    def add(self, said: Candidate, contact: Contact | None, after: Contact | None) -> None:
        """Remember a row by every id and address that names the same person."""
        key = said.checked.address_key if said.checked else None
        people = [one for one in (contact, after) if one is not None]
        names = [said.external_id, *(one.external_id for one in people)]
        place = _Place(said.row.line, next((name for name in names if name), None), key)
        for name in names:
            if name:
                self.ids.setdefault(name, place)
        for one in (key, *(one.address_key for one in people)):
            if one:
                self.keys.setdefault(one, place)
        if contact is not None:
            self.contacts.setdefault(contact.id, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who imports, and what holds for the whole list."""

    wide: ListWide
    acting: str
    """The rep who imports."""
    reps: frozenset[str]
    """Everybody who may own a contact."""


class _Ends(Exception):
    """The row ends here with this outcome."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


def decide(said: Candidate | Unusable, known: Known, seen: Seen, rules: Rules) -> Decision:
    """The outcome of one row, given the contacts it may be about and the rows before it.

    A row is about the contact with its id, else with its current or former address.
    """
    if isinstance(said, Unusable):
        return Decision(row=said.row, address=said.address, outcome=Outcome.REJECTED, reason=said.reason)
    address = said.checked.address if said.checked else ""
    contact = None
    try:
        _check_erased(said, known)
        _check_owner(said, rules)
        _check_seen(said, seen)
        contact = _match(said, known)
        decision = _written(said, contact, known, seen, rules)
    except _Ends as end:
        if end.outcome is not Outcome.REJECTED:
            seen.add(said, contact, None)
        shown = address or (contact.address if contact else "")
        return Decision(
            row=said.row,
            address=shown,
            outcome=end.outcome,
            reason=end.reason,
            notes=said.notes,
            before=contact,
        )
    seen.add(said, contact, decision.after)
    return decision


def _check_erased(said: Candidate, known: Known) -> None:
    if known.erased & set(said.address_keys):
        raise _Ends(Outcome.SKIPPED, WAS_ERASED)


def _check_owner(said: Candidate, rules: Rules) -> None:
    if said.owner is not None and said.owner not in rules.reps:
        known = ", ".join(sorted(rules.reps))
        raise _Ends(Outcome.REJECTED, f"there is no rep {said.owner!r}; the reps are {known}")


def _check_seen(said: Candidate, seen: Seen) -> None:
    """A row that repeats an earlier one is skipped; one that contradicts it is rejected."""
    key = said.checked.address_key if said.checked else None
    there = seen.ids.get(said.external_id) if said.external_id else None
    if there is not None:
        is_other = key is not None and there.key is not None and key != there.key
        if is_other and seen.keys.get(key or "") is not there:
            raise _Ends(
                Outcome.REJECTED, f"id {said.external_id} is on line {there.line} with another address"
            )
        raise _Ends(Outcome.SKIPPED, f"same as line {there.line}")
    there = seen.keys.get(key) if key else None
    if there is not None:
        if said.external_id and there.external_id and said.external_id != there.external_id:
            raise _Ends(Outcome.REJECTED, f"the address is on line {there.line} with id {there.external_id}")
        raise _Ends(Outcome.SKIPPED, f"same as line {there.line}")


def _match(said: Candidate, known: Known) -> Contact | None:
    by_id = known.by_external_id.get(said.external_id) if said.external_id else None
    by_key = known.by_key.get(said.checked.address_key) if said.checked else None
    if by_key is not None:
        other_id = said.external_id and by_key.external_id and said.external_id != by_key.external_id
        if other_id or (by_id is not None and by_id.id != by_key.id):
            raise _Ends(Outcome.REJECTED, f"the address is already that of contact {by_key.public_id}")
    return by_id or by_key


def _written(said: Candidate, contact: Contact | None, known: Known, seen: Seen, rules: Rules) -> Decision:
    if contact is None:
        if said.checked is None:
            raise _Ends(Outcome.REJECTED, f"there is no contact with id {said.external_id}, and no address")
        new = new_contact(said, rules.wide)
        return Decision(
            row=said.row,
            address=new.address,
            outcome=Outcome.ADDED,
            notes=said.notes,
            after=new,
            former=said.former,
        )
    if (there := seen.contacts.get(contact.id)) is not None:
        raise _Ends(Outcome.SKIPPED, f"same as line {there.line}")
    claimant = said.owner or rules.wide.owner or rules.acting
    if contact.owner and contact.owner != claimant:
        raise _Ends(Outcome.SKIPPED, f"owned by {contact.owner}")
    after, notes = _moved(said, contact, merged(contact, said, rules.wide), known, rules)
    is_same = after == contact
    return Decision(
        row=said.row,
        address=after.address,
        outcome=Outcome.UNCHANGED if is_same else Outcome.UPDATED,
        notes=(*said.notes, *notes),
        before=contact,
        after=None if is_same else after,
        former=said.former,
    )


def _moved(
    said: Candidate, contact: Contact, after: Contact, known: Known, rules: Rules
) -> tuple[Contact, tuple[str, ...]]:
    """The contact at the row's address: a new one is taken over, a former or respelt one with --overwrite."""
    if said.checked is None or said.checked.address == contact.address:
        return after, ()
    key = said.checked.address_key
    if key == contact.address_key:
        return (readdressed(after, said.checked) if rules.wide.overwrites else after), ()
    if key in known.by_key and not rules.wide.overwrites:
        return after, (f"{said.checked.address} is a former address; {contact.address} stays",)
    if is_somebody_else(contact, said) and not rules.wide.overwrites:
        who = f"{contact.name or contact.company} <{contact.address}>"
        reason = (
            f"id {said.external_id} is {who}, somebody else it seems; --overwrite if it is the same person"
        )
        raise _Ends(Outcome.REJECTED, reason)
    return readdressed(after, said.checked), (f"the address was {contact.address}",)
