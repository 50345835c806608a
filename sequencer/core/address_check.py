"""The check of an address as a list or a person gives it, and what stands before its @."""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, EmailSyntaxError, validate_email

from sequencer.core.address import address_key, is_free_mail, registrable_domain

_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_BRACKETED = re.compile(r"[^<>]*<([^<>]*)>\s*")
_QUOTES = "'\"“”‘’"
_PLAIN_FORMS = str.maketrans(
    {"＠": "@", "＜": "<", "＞": ">", "．": ".", "。": ".", "｡": ".", "－": "-", "＿": "_", "\u3000": " "}
)

_ROLE_WORDS = """
    abuse accounting accounts admin administration administrator anfrage backoffice billing booking buero
    buyer buyers buying careers commercial comercial compras contact contacto contact-us contato customer
    customercare customers customerservice customersupport einkauf enquiries enquiry export exports feedback
    finance hello help helpdesk hola hostmaster hr import imports info infos informacion information inquiries
    inquiry international invoice invoices it jobs kontakt legal logistics mail mailbox marketing media
    newsletter no-reply noreply office oficina operations order orders planning postmaster press procurement
    projects purchase purchases purchasing quality quotation quotations quote quotes receipts reception
    recruitment reservations rfq root sale sales secretary security sekretariat service services shipping
    sourcing supply supplychain support team tech trade trading vendas ventas vertrieb web webmaster welcome
    zakaz zakupki
"""
_ROLES = frozenset(_ROLE_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAddress:
    """An address that can be written to, as far as its form tells."""

    address: str
    """As it was written, with a readable (IDNA-decoded, lower-case) domain."""
    address_key: str
    domain: str
    """Registrable domain, IDNA, lower case."""
    is_role: bool
    is_free_mail: bool
    note: str = ""
    """What was mended on the way, for people; empty when nothing was."""


def check_address(text: str) -> CheckedAddress:
    """Check one address as a list or a person gives it; no DNS.

    `mailto:`, angle brackets, invisible characters, full-width signs and stray punctuation around the
    address are mended and noted. The names `.example` and `.test` (RFC 2606) are accepted on purpose: they
    can never be anybody's, and rehearsals, examples and demonstrations live there; `.invalid`,
    `.localhost`, `.local`, `.onion` and `.arpa` are refused. ValueError says what is wrong, for people.
    """
    plain, mended = _mended(text)
    if not plain:
        raise ValueError("there is no address")
    if plain.count("@") > 1:
        raise ValueError(f"{plain!r} has more than one @")
    try:
        # test_environment is the validator's switch for `.test`; without DNS it has no other effect.
        found = validate_email(plain, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError) as error:
        raise ValueError(f"{plain!r}: {_reason(error)}") from None
    if len(found.local_part.encode()) > 64:
        raise ValueError(f"{plain!r}: the part before the @ is longer than 64 bytes")
    return CheckedAddress(
        address=found.normalized,
        address_key=address_key(found.normalized),
        domain=registrable_domain(found.normalized),
        is_role=is_role(found.normalized),
        is_free_mail=is_free_mail(found.domain),
        note=f"{', '.join(mended)} mended" if mended else "",
    )


def _mended(text: str) -> tuple[str, list[str]]:
    """The text without what people and programs leave around addresses, and what that was."""
    mended = []

    def mend(before: str, after: str, what: str) -> str:
        if after != before:
            mended.append(what)
        return after

    plain = text.strip()
    plain = mend(plain, _INVISIBLE.sub("", plain), "invisible characters")
    plain = mend(plain, plain.translate(_PLAIN_FORMS).strip(), "full-width characters")
    if match := _BRACKETED.fullmatch(plain):
        plain = mend(plain, match[1].strip(), "angle brackets")
    if plain.lower().startswith("mailto:"):
        plain = mend(plain, plain[7:].partition("?")[0].strip(), "mailto:")
    return mend(plain, _without_punctuation(plain), "stray punctuation"), mended


def _without_punctuation(text: str) -> str:
    text = text.strip(" ,;:，；：")
    # Quotes only in pairs: one alone opens a quoted local part, which is refused by its own name.
    if len(text) > 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        text = text[1:-1].strip()
    return text.rstrip(".").strip()


def _reason(error: Exception) -> str:
    if isinstance(error, EmailSyntaxError):
        return str(error)[:1].lower() + str(error)[1:].rstrip(".")
    return "its domain cannot be written in ASCII (IDNA)"


def is_role(address: str) -> bool:
    """Whether the address names a role (`info@`, `export2@`, `sales.de@`), not a person."""
    local = address.rpartition("@")[0].lower()
    if local in _ROLES:
        return True
    words = [word for word in re.split(r"[._+\-\d]+", local) if word]
    if not words or words[0] not in _ROLES:
        return False
    # The rest may be a country, a department or another role; a longer word may be a person's name.
    return all(word in _ROLES or len(word) <= 3 for word in words[1:])
