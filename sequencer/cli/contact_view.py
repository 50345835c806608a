"""A contact as JSON and as labelled values."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from sequencer.core.contact import Contact
from sequencer.core.contact_note import BETWEEN
from sequencer.core.domain_mail import MailCheck
from sequencer.core.suppression import Suppression
from sequencer.core.zones import Place
from sequencer.store.contacts import FormerAddress

_HIDDEN = ("address_key",)
_SAID = {
    MailCheck.OK: "ok: the domain takes mail",
    MailCheck.NO_MAIL: "no_mail: the domain takes no mail",
    MailCheck.NOT_CHECKED: "not_checked: DNS did not answer",
}


def contact_json(
    contact: Contact,
    *,
    former: Sequence[FormerAddress] | None = None,
    suppression: Suppression | None = None,
    place: Place | None = None,
) -> dict[str, Any]:
    """The contact's fields; with former addresses, suppression and the zone in use when asked for."""
    document = {field.name: getattr(contact, field.name) for field in fields(contact)}
    document = {name: value for name, value in document.items() if name not in _HIDDEN}
    document |= {"tags": list(contact.tags), "extra": dict(contact.extra), "stage": contact.stage.value}
    if former is None:
        return document
    if place is not None:
        document |= {"zone_in_use": place.zone, "zone_from": place.how, "is_zone_guessed": place.is_guessed}
    return document | {
        "former_addresses": [{"address": one.address, "until_at": one.until_at} for one in former],
        "suppression": suppression_json(suppression) if suppression else None,
    }


def suppression_json(suppression: Suppression) -> dict[str, Any]:
    """A suppression's fields."""
    return {
        "pattern": suppression.pattern,
        "reason": suppression.reason,
        "source": suppression.source,
        "covers_contact": suppression.contact_id,
        "created_at": suppression.created_at,
    }


def contact_fields(
    contact: Contact, former: Sequence[FormerAddress], suppression: Suppression | None, place: Place
) -> Iterator[tuple[str, str]]:
    """What is known of a contact, each with its label; empty fields are left out."""
    zone = f"{place.zone} ({place.grounds})" if place.grounds else place.zone
    known = contact_json(contact) | {"tags": ", ".join(contact.tags), "zone": zone}
    number, own_id = f"#{known.pop('id')}", known.pop("external_id")
    yield "id", f"{own_id} ({number})" if own_id else number
    extra = known.pop("extra")
    check, checked_at = known.pop("mail_check"), known.pop("mail_checked_at")
    flags = [name for name in ("is_key_account", "is_role", "is_free_mail") if known.pop(name)]
    entries = str(known.pop("note")).split(BETWEEN)
    yield from ((name, str(value)) for name, value in known.items() if value)
    yield from (("note", entry) for entry in entries if entry)
    yield from ((f"extra.{name}", value) for name, value in extra.items())
    if flags:
        yield "flags", ", ".join(flag.removeprefix("is_").replace("_", " ") for flag in flags)
    if check:
        yield "mail check", f"{_SAID[check]} (asked {checked_at:%Y-%m-%d})"
    for one in former:
        yield "formerly", f"{one.address} (until {one.until_at:%Y-%m-%d})"
    if suppression:
        yield "suppressed", f"{suppression.reason}, by {suppression.shown_pattern}: nothing will be sent"
