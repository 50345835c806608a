"""An SPF record read as RFC 7208 has it: its terms, or what is wrong with it."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

MARK = "v=spf1"
LOOKUP_LIMIT = 10
VOID_LIMIT = 2
"""RFC 7208 4.6.4: terms that ask DNS, and answers that there is nothing."""

_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE)
_MECHANISM = re.compile(r"([+?~-]?)([a-z0-9]+)(?::([^/]*))?((?:/\d+)?(?://\d+)?)", re.IGNORECASE)
_TAKES_DOMAIN = {"include": True, "exists": True, "a": False, "mx": False, "ptr": False}
"""Mechanism → whether it must name a domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTerm:
    """One mechanism, or one of the modifiers `redirect` and `exp`."""

    name: str
    value: str = ""
    """The domain it names (lower case), empty for the record's own."""
    qualifier: str = "+"

    @property
    def has_macro(self) -> bool:
        """Whether the domain is known only when a mail comes."""
        return "%" in self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """The terms that count: none after `all`, no `redirect` beside it."""

    terms: tuple[SpfTerm, ...]
    ending: str
    """`-all`, `~all`, `?all`, `+all`, or empty."""
    redirect: str = ""


def spf_texts(values: Iterable[str]) -> list[str]:
    """Those of a domain's TXT records that are SPF records."""
    return [text for text in values if text.lower() == MARK or text.lower().startswith(f"{MARK} ")]


def parse_spf(text: str) -> SpfRecord:
    """Read one record; ValueError says which term is none, for people."""
    mechanisms: list[SpfTerm] = []
    modifiers: dict[str, str] = {}
    for word in text.split()[1:]:
        modifier = _MODIFIER.fullmatch(word)
        if modifier is None:
            mechanisms.append(_mechanism(word))
            continue
        name, value = modifier[1].lower(), modifier[2].lower().rstrip(".")
        if name in ("redirect", "exp") and (name in modifiers or not value):
            raise ValueError(f"{name}= stands twice or names nothing")
        modifiers[name] = value
    at = next((index for index, term in enumerate(mechanisms) if term.name == "all"), None)
    if at is None:
        return SpfRecord(terms=tuple(mechanisms), ending="", redirect=modifiers.get("redirect", ""))
    return SpfRecord(terms=tuple(mechanisms[:at]), ending=f"{mechanisms[at].qualifier}all")


def _mechanism(word: str) -> SpfTerm:
    qualifier, name, rest = _split(word)
    if name in ("ip4", "ip6"):
        _check_network(word, name, rest)
        return SpfTerm(name=name, value=rest, qualifier=qualifier)
    found = _MECHANISM.fullmatch(word)
    if found is None or name not in {*_TAKES_DOMAIN, "all"}:
        raise ValueError(f"{word!r} is no term of SPF")
    value = (found[3] or "").lower().rstrip(".")
    if name == "all" and (value or found[4]):
        raise ValueError(f"{word!r}: nothing stands behind all")
    if _TAKES_DOMAIN.get(name) and not value:
        raise ValueError(f"{word!r} names no domain")
    return SpfTerm(name=name, value=value, qualifier=qualifier)


def _split(word: str) -> tuple[str, str, str]:
    qualifier = word[0] if word[0] in "+?~-" else "+"
    name, _, rest = word.removeprefix(qualifier).partition(":")
    return qualifier, name.partition("/")[0].lower(), rest


def _check_network(word: str, name: str, network: str) -> None:
    try:
        is_right = ipaddress.ip_network(network, strict=False).version == int(name[2])
    except ValueError:
        is_right = False
    if not is_right:
        raise ValueError(f"{word!r} holds no IPv{name[2]} address")
