"""What a list adds to what is known of a contact: blanks are filled, nothing is erased."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sequencer.core.address_check import CheckedAddress
from sequencer.core.candidate import TEXT_FIELDS, Candidate, with_tags
from sequencer.core.contact import Contact, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWide:
    """What the user says of a whole list; a row's own words come first."""

    owner: str | None = None
    source: str = ""
    tags: tuple[str, ...] = ()
    overwrites: bool = False
    """A value of the list replaces the one that is there; a blank still erases nothing."""


def new_contact(said: Candidate, wide: ListWide) -> Contact:
    """The contact a row makes; its `id` is 0 until the database gives it one."""
    if said.checked is None:
        raise ValueError("a new contact needs an address")
    checked = said.checked
    blank = Contact(id=0, address=checked.address, address_key=checked.address_key)
    filled = merged(_with_address(blank, checked), said, replace(wide, overwrites=True))
    return replace(filled, owner=said.owner or wide.owner)


def merged(contact: Contact, said: Candidate, wide: ListWide) -> Contact:
    """The contact with what the row says; the address is not touched here."""

    def chosen(present: str, given: str) -> str:
        return given if given and (wide.overwrites or not present) else present

    given: Mapping[str, str] = {"source": wide.source, **said.texts}
    texts = {name: chosen(getattr(contact, name), given.get(name, "")) for name in TEXT_FIELDS}
    is_key = contact.is_key_account
    if said.is_key_account is not None:
        is_key = said.is_key_account if wide.overwrites else is_key or said.is_key_account
    return replace(
        contact,
        **texts,  # type: ignore[arg-type]
        external_id=contact.external_id or said.external_id,
        stage=_stage(contact.stage, said.stage, overwrites=wide.overwrites),
        owner=contact.owner or said.owner or wide.owner,
        tags=with_tags(contact.tags, (*said.tags, *wide.tags)),
        extra=_extra(contact.extra, said.extra, overwrites=wide.overwrites),
        is_key_account=is_key,
    )


def readdressed(contact: Contact, checked: CheckedAddress) -> Contact:
    """The contact at another address."""
    return _with_address(contact, checked)


def is_somebody_else(contact: Contact, said: Candidate) -> bool:
    """Whether a row with this contact's id, but another address, seems to speak of another person.

    Lists often carry row numbers as ids: when name and company (those that both give) all differ and the
    domain too, taking the row for a new address would turn one buyer into another.
    """
    if said.checked is None or said.checked.domain == contact.domain:
        return False
    pairs = [(getattr(contact, name), said.texts.get(name, "")) for name in ("name", "company")]
    both = [(present, given) for present, given in pairs if present and given]
    return bool(both) and all(present.casefold() != given.casefold() for present, given in both)


def _with_address(contact: Contact, checked: CheckedAddress) -> Contact:
    return replace(
        contact,
        address=checked.address,
        address_key=checked.address_key,
        domain=checked.domain,
        is_role=checked.is_role,
        is_free_mail=checked.is_free_mail,
        mail_check="",
        mail_checked_at=None,
    )


def _stage(present: Stage, given: Stage | None, *, overwrites: bool) -> Stage:
    # Opportunity is where everybody starts: it says as little as a blank.
    return given if given and (overwrites or present is Stage.OPPORTUNITY) else present


def _extra(present: Mapping[str, str], given: Mapping[str, str], *, overwrites: bool) -> dict[str, str]:
    fresh = {name: text for name, text in given.items() if text and (overwrites or not present.get(name))}
    return {**present, **fresh}
