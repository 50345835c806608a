"""What templates may print: the contact, the rep, the sender, and how an empty value behaves."""

from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from jinja2 import StrictUndefined, Undefined

from sequencer.config import Rep, Sender
from sequencer.core.contact import Contact

CONTACT_FIELDS: tuple[str, ...] = (
    "id",
    "address",
    "name",
    "first_name",
    "last_name",
    "title",
    "company",
    "website",
    "phone",
    "country",
    "state",
    "city",
    "zone",
    "language",
    "stage",
    "owner",
    "source",
    "note",
    "tags",
    "extra",
    "domain",
    "is_key_account",
    "is_role",
    "is_free_mail",
)
REP_FIELDS: tuple[str, ...] = ("name", "full_name", "email", "team", "title", "phone", "signature")
SENDER_FIELDS: tuple[str, ...] = ("company", "postal_address", "website")

NAMES: Mapping[str, tuple[str, ...] | None] = {
    "contact": CONTACT_FIELDS,
    "rep": REP_FIELDS,
    "sender": SENDER_FIELDS,
    "sequence": None,
    "step": None,
}
"""Every name a template may use, with its fields; None is plain text without fields."""


class Lines(str):
    """Text from config.toml that may have line breaks (the signature); contact values may not."""

    __slots__ = ()


class Imprint(str):
    """The sender's postal address: the paragraph that holds it is a mail's small print."""

    __slots__ = ()


class Empty(Undefined):
    """A field without a value: false, equal to "", replaced by `or` and `default`, and never printed."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Empty) or other == ""

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash("")

    def __str__(self) -> str:
        self._fail_with_undefined_error()


class Fields:
    """A group of values under one name; its attributes are the values and nothing else."""

    __slots__ = ("_is_open", "_name", "_values")

    def __init__(self, name: str, values: Mapping[str, Any], *, is_open: bool = False) -> None:
        self._name = name
        self._values = values
        self._is_open = is_open

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __getitem__(self, key: str) -> Any:
        full = f"{self._name}.{key}"
        if key not in self._values and not self._is_open:
            return StrictUndefined(f"{self._name} has no field {key!r}", name=full)
        value = self._values.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return Empty(f"{full} is empty", name=full)
        return value


def template_values(contact: Contact, rep: Rep, sender: Sender, sequence: str, step: str) -> dict[str, Any]:
    """The names a template sees. A rep without a signature signs with the full name."""
    of_contact = dict(zip(_PLAIN_FIELDS, _plain_values(contact), strict=True))
    of_contact["id"] = contact.public_id
    of_contact["extra"] = Fields("contact.extra", contact.extra, is_open=True)
    return {
        "contact": Fields("contact", of_contact),
        "rep": _rep_fields(rep),
        "sender": _sender_fields(sender),
        "sequence": sequence,
        "step": step,
    }


_PLAIN_FIELDS = tuple(field for field in CONTACT_FIELDS if field not in ("id", "extra"))
_plain_values = attrgetter(*_PLAIN_FIELDS)


@lru_cache(maxsize=256)
def _rep_fields(rep: Rep) -> Fields:
    values = {field: getattr(rep, field) for field in REP_FIELDS}
    return Fields("rep", {**values, "signature": signature_of(rep)})


@lru_cache(maxsize=16)
def _sender_fields(sender: Sender) -> Fields:
    values = {field: getattr(sender, field) for field in SENDER_FIELDS}
    return Fields("sender", {**values, "postal_address": Imprint(sender.postal_address)})


def signature_of(rep: Rep) -> Lines:
    """The rep's signature without blank ends, else the rep's name."""
    lines = [line.rstrip() for line in rep.signature.strip().splitlines()]
    return Lines("\n".join(lines) or rep.full_name)
