"""Edit one contact by hand: fields, tags, owner, stage, address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sequencer.core.address_check import check_address
from sequencer.core.candidate import TEXT_FIELDS, CountryCode, known_flag, with_tags
from sequencer.core.contact import Contact, Stage
from sequencer.core.contact_merge import readdressed
from sequencer.core.countries import near_country
from sequencer.core.erasure import WAS_ERASED
from sequencer.core.extra_name import extra_name
from sequencer.core.language_names import language_tag
from sequencer.core.near_words import mend_for_typo
from sequencer.core.one_line import one_line
from sequencer.core.zones import iana_zone
from sequencer.errors import InputError
from sequencer.flows.change_address import change_address
from sequencer.flows.find_contact import the_contact
from sequencer.flows.note_contact import write_entry
from sequencer.flows.was_erased import erased_keys
from sequencer.store.contacts import contact_at, contacts_with_external_ids, update_contacts
from sequencer.store.engine import Store, Tx
from sequencer.store.events import Event, record

_SETTABLE = (*TEXT_FIELDS, "id", "is_key_account")
_OPTIONS = {
    "address": "--address",
    "email": "--address",
    "owner": "--owner",
    "stage": "--stage",
    "tags": "--tag",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person wants changed; None and empty leave things as they are."""

    sets: Mapping[str, str] = field(default_factory=dict)
    """Field (or `extra.<name>`) → new text; an empty text erases."""
    tags: tuple[str, ...] = ()
    untags: tuple[str, ...] = ()
    owner: str | None = None
    """A rep's name; "" gives the contact to nobody."""
    stage: Stage | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who changed it, and why, if they said so."""

    by: str = ""
    reason: str = ""
    zone: str = "UTC"
    """In which the note's entry is dated."""


def edit_contact(
    store: Store,
    name: str,
    edit: Edit,
    *,
    reps: frozenset[str],
    country_code: CountryCode,
    now: datetime,
    key: bytes | None = None,
    said: Said | None = None,
) -> tuple[Contact, Contact]:
    """Change the contact that `name` names and return it as it was and as it is.

    A new stage or owner is an event; the reason, being a person's words, goes into the contact's note.

    InputError when there is no such contact, field, rep or zone, or the address or id is another's; and for
    a contact, or (with the workspace's `key`) an address, that was erased on request.
    """
    if edit.owner and edit.owner not in reps:
        raise InputError(f"there is no rep {edit.owner!r}", hint=f"the reps are: {', '.join(sorted(reps))}")
    with store.write() as tx:
        before = the_contact(tx, name)
        if before.is_erased:
            raise InputError(f"contact #{before.id} {WAS_ERASED}: there is nothing to edit")
        after = _readdressed(tx, _edited(before, edit, country_code), edit.address, key)
        if after == before:
            return before, after
        _check_id(tx, before, after)
        if after.address_key != before.address_key:
            change_address(tx, before, after, now)
        update_contacts(tx, [after], now)
        after = _recorded(tx, before, after, said or Said(), now)
    return before, after


def _recorded(tx: Tx, before: Contact, after: Contact, said: Said, now: datetime) -> Contact:
    """A new stage and a new owner as events, and the reason in the note."""
    moves = {
        "stage": (before.stage.value, after.stage.value),
        "owner": (before.owner or "", after.owner or ""),
    }
    words = []
    for what, (old, new) in moves.items():
        if old != new:
            words.append(f"{what} {new or 'nobody'}")
            data = {"from": old, "to": new, "by": said.by}
            record(tx, now, Event(kind=f"{what}_set", contact_id=after.id, data=data))
    if not said.reason.strip():
        return after
    text = f"{', '.join(words)}: {said.reason}" if words else said.reason
    return write_entry(tx, after.id, text, said.by, now, said.zone) or after


def _edited(contact: Contact, edit: Edit, country_code: CountryCode) -> Contact:
    for name, text in edit.sets.items():
        contact = _set(contact, name, one_line(text)[0], country_code)
    tags = [one_line(tag)[0] for tag in edit.tags]
    kept = (tag for tag in with_tags(contact.tags, [tag for tag in tags if tag]) if tag not in edit.untags)
    return replace(
        contact,
        tags=tuple(kept),
        owner=contact.owner if edit.owner is None else edit.owner or None,
        stage=edit.stage or contact.stage,
    )


def _set(contact: Contact, name: str, text: str, country_code: CountryCode) -> Contact:
    if name.startswith("extra."):
        return _set_extra(contact, extra_name(name.removeprefix("extra.")), text)
    if name not in _SETTABLE:
        raise _unknown(name)
    try:
        match name:
            case "id":
                return replace(contact, external_id=text or None)
            case "is_key_account":
                return replace(contact, is_key_account=known_flag(text or "no"))
            case "zone" if text:
                text = iana_zone(text)
            case "country" if text:
                near = near_country(text)
                meant = f"; did you mean {near}?" if near else ""
                text = _known(country_code(text), f"there is no country {text!r}{meant}")
            case "language" if text:
                text = _known(language_tag(text), f"there is no language {text!r}; write a tag such as es")
    except ValueError as error:
        raise InputError(f"--set {name}: {error}") from None
    return replace(contact, **{name: text})  # type: ignore[arg-type]


def _set_extra(contact: Contact, name: str, text: str) -> Contact:
    if not name:
        raise InputError("--set extra.: name the field, such as extra.product")
    others = {key: value for key, value in contact.extra.items() if key != name}
    return replace(contact, extra=others | {name: text} if text else others)


def _known(value: str, message: str) -> str:
    if not value:
        raise ValueError(message)
    return value


def _unknown(name: str) -> InputError:
    if name in _OPTIONS:
        return InputError(f"--set does not change {name}", hint=f"use {_OPTIONS[name]}")
    hint = mend_for_typo(name, _SETTABLE, otherwise=f"a field of your own is extra.{name}")
    return InputError(f"a contact has no field {name!r}", hint=hint)


def _readdressed(tx: Tx, contact: Contact, address: str | None, key: bytes | None) -> Contact:
    if address is None:
        return contact
    try:
        checked = check_address(address)
    except ValueError as error:
        raise InputError(f"--address: {error}") from None
    if key and erased_keys(tx, key, [checked.address_key]):
        raise InputError(
            f"{checked.address} {WAS_ERASED}",
            hint="only if they asked for mail again: `sequencer suppressions remove` the address first",
        )
    other = contact_at(tx, checked.address_key)
    if other is not None and other.id != contact.id:
        raise InputError(f"{checked.address} is already the address of contact {other.public_id}")
    return readdressed(contact, checked)


def _check_id(tx: Tx, before: Contact, after: Contact) -> None:
    if after.external_id and after.external_id != before.external_id:
        other = contacts_with_external_ids(tx, [after.external_id]).get(after.external_id)
        if other is not None:
            raise InputError(f"id {after.external_id!r} is already that of {other.address}")
