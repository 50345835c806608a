"""Addresses: the key they are compared by, patterns of them, and what their domain gives away."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from sequencer.core.ascii_domain import ascii_domain
from sequencer.core.free_mail import FREE_MAIL_DOMAINS

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_ASCII_DOMAIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NOT_IN_LOCAL = re.compile(r'[\s\x00-\x20\x7f-\x9f<>(),:;@\[\]\\"\ud800-\udfff]')


@lru_cache(maxsize=8192)
def address_key(address: str) -> str:
    """The form of an address that is compared everywhere: uniqueness, suppression, matching.

    The domain in IDNA ASCII (UTS 46, RFC 5891), everything lower case, local part in NFC; at Gmail the
    dots and everything from a plus on are dropped and googlemail.com is gmail.com, because Google
    delivers them all to one person (support.google.com/mail/answer/7436150). Applying it twice changes
    nothing. ValueError when the text cannot be an address.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError(f"{address!r} is not an address: it needs a name, one @ and a domain")
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    if _NOT_IN_LOCAL.search(local):
        raise ValueError(f"{address!r} is not an address: what stands before the @ cannot")
    domain = domain_key(domain)
    if domain in _GMAIL:
        local, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
        if not local:
            raise ValueError(f"{address!r} is not an address: Gmail ignores all of what stands before the @")
    return f"{local}@{domain}"


def key_or_none(text: str) -> str | None:
    """The `address_key` of a word that may be an address."""
    try:
        return address_key(text)
    except ValueError:
        return None


def domain_key(domain: str) -> str:
    """A domain in IDNA ASCII, lower case, without a trailing dot; ValueError when it cannot be one."""
    lowered = domain.lower().removesuffix(".")
    if _ASCII_DOMAIN.fullmatch(lowered):
        return lowered
    try:
        encoded = ascii_domain(domain).lower().removesuffix(".")
    except ValueError:
        raise ValueError(f"{domain!r} is not a domain") from None
    if not _ASCII_DOMAIN.fullmatch(encoded):
        raise ValueError(f"{domain!r} is not a domain")
    return encoded


@lru_cache(maxsize=8192)
def normal_pattern(pattern: str) -> str:
    """A pattern as it is stored and compared: an address_key, or its like with `*` for any characters.

    `*@competitor.com` covers everyone there, `*@*.competitor.com` everyone at its subdomains.
    ValueError says what is wrong, for people.
    """
    text = pattern.strip()
    local, _, domain = text.rpartition("@")
    if not local or not domain or "@" in local:
        raise ValueError(
            f"{pattern!r} is neither an address nor a pattern; everybody at a domain is *@competitor.com"
        )
    if "*" not in text:
        return address_key(text)
    domain = ".".join(_label(label, pattern) for label in domain.split("."))
    local = "*".join(_folded(part) for part in local.split("*"))
    if domain in _GMAIL:
        domain = "gmail.com"
        if "+" in local:
            raise ValueError(f"{pattern!r}: Gmail ignores what follows a plus; leave it out of the pattern")
        local = local.replace(".", "")
    return f"{re.sub(r'[*]+', '*', local)}@{re.sub(r'[*]+', '*', domain)}"


def _label(label: str, pattern: str) -> str:
    """One dot-separated part of a pattern's domain."""
    if "*" not in label:
        return domain_key(label)
    if not re.fullmatch(r"[a-z0-9_*-]+", label.lower()):
        raise ValueError(f"{pattern!r}: a * cannot stand inside {label!r}, only beside plain letters")
    return label.lower()


def _folded(part: str) -> str:
    # Through address_key, so that a pattern's letters are folded exactly as an address's are.
    return address_key(f"x{part}@a.example").partition("@")[0][1:]


@lru_cache(maxsize=8192)
def like_pattern(pattern: str) -> str | None:
    r"""The pattern for SQL `LIKE … ESCAPE '\'`; None when it is a plain address. ValueError on nonsense."""
    normal = normal_pattern(pattern)
    if "*" not in normal:
        return None
    return re.sub(r"([%_\\])", r"\\\1", normal).replace("*", "%")


def matches_pattern(key: str, pattern: str) -> bool:
    """Whether the address with this address_key is covered, exactly as the database's LIKE says."""
    return _regex(pattern).fullmatch(key) is not None


@lru_cache(maxsize=8192)
def _regex(pattern: str) -> re.Pattern[str]:
    parts = normal_pattern(pattern).split("*")
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


def is_free_mail(domain: str) -> bool:
    """Whether anyone can get an address at this domain, so that it says nothing of a company."""
    try:
        key = domain_key(domain)
    except ValueError:
        return False
    # vip.163.com, eu.mail.example: a host under a free-mail domain is one too.
    return key in FREE_MAIL_DOMAINS or _company_domain(key) in FREE_MAIL_DOMAINS


def registrable_domain(address: str) -> str:
    """The registrable domain of an address (or of a bare domain) by the Public Suffix List, IDNA, lower case.

    A name that is itself a public suffix, or has no dot, stands for itself. ValueError on nonsense.
    """
    return _company_domain(domain_key(address.rpartition("@")[2]))


def company_domain(address: str) -> str:
    """The registrable domain of an address's company; empty for free mail, and for what is no domain."""
    try:
        domain = registrable_domain(address)
    except ValueError:
        return ""
    return "" if is_free_mail(domain) else domain


@lru_cache(maxsize=8192)
def _company_domain(key: str) -> str:
    return str(_public_suffixes().privatesuffix(key) or key)


@cache
def _public_suffixes() -> Any:
    # 35 ms: only commands that look at domains pay it.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
